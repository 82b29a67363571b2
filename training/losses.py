"""What the library's losses and samplers lack: a mask for records that touch, batches by length."""

from collections.abc import Iterator
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from torch import Tensor
from torch.nn.functional import cross_entropy

SCALE = 20.0
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


class LengthBatchSampler(DefaultBatchSampler):
    """Batches of texts of like length, in random order: a CPU computes no padding.

    Rows are shuffled, sorted by length within a pool of some batches, and cut.
    """

    def __init__(self, dataset: Dataset, **options: Any) -> None:
        super().__init__(dataset, **options)
        texts = [name for name, kind in dataset.features.items() if kind.dtype == "string"]
        columns = [map(len, dataset[name]) for name in texts]
        self.lengths = [sum(row) for row in zip(*columns, strict=True)]

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
