"""What the library's losses and samplers lack: a mask for records that touch, the order of all
pairs of a batch, batches by length."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from torch import Tensor
from torch.nn.functional import cross_entropy, pad, softplus

SCALE = 20.0
ORDER = 16.0
"""What the order of pairs weighs beside the finding of texts."""
TEXTS = 4
"""How many texts a row may have before a batch has fewer rows."""
ENCODED = 24
"""So many texts are encoded side by side."""
POOL = 16
"""Batches that are sorted by length together."""


class MaskedRankingLoss(MultipleNegativesRankingLoss):
    """In-batch negatives both ways, without those that touch the anchor's own record.

    A label is the number of a row's record; `touching[a, b]` says that b is no negative of a. The
    negative written for a row stays one: it was meant.
    """

    def __init__(self, model: SentenceTransformer, touching: Tensor, scale: float = SCALE) -> None:
        super().__init__(model, scale=scale)
        self.touching = touching

    def compute_loss_from_embeddings(self, embeddings: list[Tensor], labels: Tensor) -> Tensor:
        anchors, positives, *negatives = embeddings
        numbers = labels.to(self.touching.device)
        own = torch.eye(len(numbers), dtype=torch.bool, device=labels.device)
        masked = self.touching[numbers][:, numbers].to(labels.device) & ~own

        def scores(candidates: Tensor) -> Tensor:
            compared = self.similarity_fct(anchors, candidates).float() * self.scale
            return compared.masked_fill(masked, -torch.inf)

        found = scores(positives)
        forward = torch.cat([found, *map(scores, negatives)], dim=1)
        wanted = torch.arange(len(numbers), device=labels.device)
        return (cross_entropy(forward, wanted) + cross_entropy(found.T, wanted)) / 2


class LadderLoss(torch.nn.Module):
    """Ladders whole: each text is encoded once, and stands in all the pairs that it is part of.

    Questions and what says the same find their text among the texts of the batch and all that was
    written to mislead (cross-entropy, as MaskedRankingLoss). And of any two pairs, that of the
    higher grade is the more alike: once over all pairs of the batch, once within each ladder.
    `columns` name the step of each text in a row; labels and `touching` are those of
    MaskedRankingLoss.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        touching: Tensor,
        columns: Sequence[str],
        scale: float = SCALE,
    ) -> None:
        super().__init__()
        self.model, self.touching, self.scale = model, touching, scale
        steps = [column.partition("_")[0] for column in columns]
        self.anchors = [at for at, step in enumerate(steps) if step in ("same", "queries")]
        self.misleading = [at for at, step in enumerate(steps) if step in ("related", "other")]
        graded = [
            (one, other, grade)
            for one, other in combinations(range(len(steps)), 2)
            if (grade := _GRADES.get((steps[one], steps[other]))) is not None
        ]
        self.first, self.second, grades = map(list, zip(*graded, strict=True))
        self.grades = torch.tensor(grades, dtype=torch.float32)

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        texts = _encoded(self.model, list(sentence_features))
        return self.compute_loss_from_embeddings(texts, labels)

    def compute_loss_from_embeddings(self, embeddings: list[Tensor], labels: Tensor) -> Tensor:
        texts = torch.stack(embeddings, dim=1)
        numbers = labels.to(self.touching.device)
        touches = self.touching[numbers][:, numbers].to(labels.device)
        return self._ranking(texts, touches) + ORDER * self._order(texts, touches)

    def _ranking(self, texts: Tensor, touches: Tensor) -> Tensor:
        """`texts` is rows × columns × dimension; `touches` rows × rows."""
        rows = len(texts)
        own = torch.eye(rows, dtype=torch.bool, device=texts.device)
        masked = touches & ~own
        anchors = texts[:, self.anchors].flatten(0, 1)
        masked_anchors = masked.repeat_interleave(len(self.anchors), dim=0)
        found = (anchors @ texts[:, 0].T * self.scale).masked_fill(masked_anchors, -torch.inf)
        misleading = texts[:, self.misleading].flatten(0, 1)
        masked_misleading = masked_anchors.repeat_interleave(len(self.misleading), dim=1)
        misled = (anchors @ misleading.T * self.scale).masked_fill(masked_misleading, -torch.inf)
        wanted = torch.arange(rows, device=texts.device).repeat_interleave(len(self.anchors))
        forward = cross_entropy(torch.cat([found, misled], dim=1), wanted)
        back = found.T.reshape(rows, rows, len(self.anchors)).transpose(1, 2).flatten(0, 1)
        places = torch.arange(rows, device=texts.device)
        return (forward + cross_entropy(back, places.repeat_interleave(len(self.anchors)))) / 2

    def _order(self, texts: Tensor, touches: Tensor) -> Tensor:
        alike = (texts[:, self.first] * texts[:, self.second]).sum(dim=-1) * self.scale
        grades = self.grades.to(alike.device)
        apart = torch.triu(~touches, diagonal=1)
        strange = (texts[:, 0] @ texts[:, 0].T * self.scale)[apart]
        every = torch.cat([alike.flatten(), strange])
        of_every = torch.cat([grades.repeat(len(texts)), 0 * strange])
        return (disorder(alike, grades) + disorder(every, of_every)) / 2


class OrderLoss(torch.nn.Module):
    """Of any two pairs of texts of the batch, that of the higher grade is the more alike. Labels
    are grades."""

    def __init__(self, model: SentenceTransformer, scale: float = SCALE) -> None:
        super().__init__()
        self.model, self.scale = model, scale

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        first, second = _encoded(self.model, list(sentence_features))
        return ORDER * disorder((first * second).sum(dim=-1) * self.scale, labels)


def disorder(alike: Tensor, grades: Tensor) -> Tensor:
    """How far pairs are from the order of their grades, or too near to another (RankNet): the mean
    of softplus over the differences of all two pairs, any two grades counting alike.

    `alike` has the scores of the pairs in its last dimension, `grades` one for each of these. A sum
    in the place of the mean (CoSENT takes the logarithm of one) is decided by the few worst pairs,
    whose grades are the least certain.
    """
    steps = [alike[..., grades == grade] for grade in torch.unique(grades)]
    lost = [
        softplus(lower[..., :, None] - higher[..., None, :]).mean()
        for lower, higher in combinations(steps, 2)
    ]
    return torch.stack(lost).mean() if lost else 0 * alike.sum()


def _encoded(model: SentenceTransformer, columns: Sequence[dict[str, Tensor]]) -> list[Tensor]:
    """The vectors of each column's texts. All columns are encoded together, texts of like length
    side by side, so that little of it is padding."""
    widest = max(column["input_ids"].shape[1] for column in columns)
    tokens, mask = (
        torch.cat([pad(column[name], (0, widest - column[name].shape[1])) for column in columns])
        for name in ("input_ids", "attention_mask")
    )
    lengths = mask.sum(dim=1)
    order = lengths.argsort(stable=True)
    vectors = [
        model({"input_ids": tokens[some, :width], "attention_mask": mask[some, :width]})
        for some in torch.split(order, ENCODED)
        for width in (int(lengths[some].max()),)
    ]
    found = torch.cat([one["sentence_embedding"] for one in vectors])[order.argsort()]
    return list(found.chunk(len(columns)))


_GRADES = {
    ("text", "same"): 3,
    ("same", "same"): 3,
    ("text", "comparable"): 2,
    ("same", "comparable"): 2,
    ("text", "related"): 1,
    ("same", "related"): 1,
    ("text", "other"): 0,
    ("same", "other"): 0,
}
"""How near two texts of a ladder are; what else is between them nobody has said."""


class LengthBatchSampler(DefaultBatchSampler):
    """Batches of texts of like length, in random order: a CPU computes no padding.

    Rows are shuffled, sorted by length within a pool of some batches, and cut. A batch of rows with
    many texts has fewer of them, so that it is about as much work.
    """

    def __init__(self, dataset: Dataset, **options: Any) -> None:
        super().__init__(dataset, **options)
        texts = [name for name, kind in dataset.features.items() if kind.dtype == "string"]
        columns = [map(len, dataset[name]) for name in texts]
        self.lengths = [sum(row) for row in zip(*columns, strict=True)]
        self.batch_size = max(1, min(self.batch_size, self.batch_size * TEXTS // len(texts)))

    def __iter__(self) -> Iterator[list[int]]:
        chance = torch.Generator().manual_seed(self.seed + self.epoch)
        order = torch.randperm(len(self.lengths), generator=chance).tolist()
        pool = self.batch_size * POOL
        batches = [
            chosen[at : at + self.batch_size]
            for start in range(0, len(order), pool)
            for chosen in (sorted(order[start : start + pool], key=self.lengths.__getitem__),)
            for at in range(0, len(chosen), self.batch_size)
        ]
        if self.drop_last:
            batches = [batch for batch in batches if len(batch) == self.batch_size]
        for place in torch.randperm(len(batches), generator=chance).tolist():
            yield batches[place]

    def __len__(self) -> int:
        whole, rest = divmod(len(self.lengths), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)
