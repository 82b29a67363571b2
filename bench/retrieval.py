"""Retrieval over the seed documents: nDCG@10, Recall@10, MRR@10, and what each feature is worth.

The questions of retrieval_cases.jsonl are written for this bench, in other words than the
documents'; the ids are those of the seeds. A hit of equal wordings answers for all its members.
JIPU_MODEL names another encoder, as for the service.
"""

import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.measure import footer, seeds, table
from graph.opening import open_store
from ingest.pipeline import IngestOptions, ingest_paths
from search.engine import Engine, open_engine
from search.evaluate import Case, Evaluation, evaluate, read_cases
from search.index import FIELDS
from search.query import Hit, SearchQuery
from search.rank import Weights, usual_weights

CASES = Path(__file__).parent / "retrieval_cases.jsonl"
LEXICAL = tuple(f"lexical_{field}" for field in FIELDS)
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "all features": (),
    "without lexical": (*LEXICAL, "exact_name", "thesaurus"),
    "without around": ("lexical_around",),
    "without dense": ("dense",),
    "without level2": ("level2",),
    "without thesaurus": ("thesaurus",),
    "dense alone": (*LEXICAL, "exact_name", "thesaurus", "level2", "popularity"),
}


def lessened(without: Sequence[str]) -> Weights:
    """The usual weights with some features at 0."""
    usual = usual_weights()
    kept = {name: 0.0 if name in without else value for name, value in usual.features.items()}
    return replace(usual, features=kept)


def measure(engine: Engine, cases: Sequence[Case]) -> Evaluation:
    def search(text: str, type: str, limit: int) -> Sequence[Hit]:
        return engine.search(SearchQuery(text, type=type, limit=limit)).hits

    return evaluate(cases, search)


def main() -> int:
    folder = seeds()
    if folder is None:
        sys.stderr.write("retrieval: JIPU_SEEDS is not set, nothing to measure\n")
        return 0
    cases = read_cases(CASES.read_text(encoding="utf-8").splitlines())
    model = os.environ.get("JIPU_MODEL")
    rows = []
    with (
        tempfile.TemporaryDirectory() as place,
        open_store(f"sqlite:///{place}/graph.db") as store,
    ):
        ingest_paths([folder], store, IngestOptions())
        for name, without in VARIANTS.items():
            engine = open_engine(store, Path(place) / "index", model, lessened(without))
            engine.search(SearchQuery("预热"))
            began = time.perf_counter()
            found = measure(engine, cases)
            milliseconds = (time.perf_counter() - began) / len(cases) * 1000
            figures = (found.ndcg, found.recall, found.mrr)
            rows.append([name, *(f"{value:.3f}" for value in figures), f"{milliseconds:.1f}"])
            if name == "all features":
                lost = found.lost
    table(["features", "nDCG@10", "recall@10", "MRR@10", "ms a question"], rows)
    for score in lost:
        sys.stdout.write(f"lost: {score.case.query}\n")
    footer("bench.retrieval")
    return 0


if __name__ == "__main__":
    sys.exit(main())
