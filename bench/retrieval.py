"""Retrieval over the seed documents, beside what simpler and other systems find, in one run.

python -m bench.retrieval [--base MODEL] [--freeze] [-v]     JIPU_MODEL names the encoder to judge

The questions of retrieval_cases*.jsonl are written for this bench, in other words than the
documents'; the ids are those of the seeds. A hit of equal wordings answers for all its members.
Weights may be fitted to the split "learn", never to the others. Differences are paired: the same
questions on both sides. retrieval_frozen.jsonl keeps a run, and every run says what moved since.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench.baselines import bigrams, bm25, characters, dense, fused
from bench.corpus import Search, read_corpus, searching
from bench.measure import between, footer, seeds, table
from bench.other_systems import SYSTEMS, installed
from graph.opening import open_store
from graph.store import Writer
from ingest.pipeline import IngestOptions, ingest_paths
from search.encoder import open_encoder
from search.engine import open_engine
from search.evaluate import Case, Evaluation, evaluate, read_cases
from search.frozen import changes, frozen_lines, read_frozen
from search.index import FIELDS
from search.interval import mean_interval
from search.query import Hit, SearchQuery
from search.rank import usual_weights

HERE = Path(__file__).parent
FROZEN = HERE / "retrieval_frozen.jsonl"
FIRST_SPLIT = "old"
"""Of questions that name none."""
FULL = "full ranking"
MEASURES = ("ndcg", "recall", "mrr")


@dataclass(frozen=True, slots=True)
class Run:
    """One ranking's answers; `seconds` for a question."""

    found: Evaluation
    seconds: float


def all_cases() -> list[Case]:
    """Those of every file, each in a split."""
    files = sorted(HERE.glob("retrieval_cases*.jsonl"))
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [replace(case, split=case.split or FIRST_SPLIT) for case in read_cases(lines)]


def ours(store: Writer, place: Path, model: str, without: Sequence[str] = ()) -> Search:
    """Our engine, with the weights of some features at 0."""
    usual = usual_weights()
    kept = {name: 0.0 if name in without else value for name, value in usual.features.items()}
    engine = open_engine(store, place, model, replace(usual, features=kept))
    engine.search(SearchQuery("预热"))

    def search(text: str, type: str, limit: int) -> Sequence[Hit]:
        return engine.search(SearchQuery(text, type=type, limit=limit)).hits

    return search


def variants() -> Mapping[str, tuple[str, ...]]:
    """Features that are left out, by the name of the ranking without them."""
    features = tuple(usual_weights().features)
    lexical = (
        *(f"lexical_{field}" for field in FIELDS),
        "project_words",
        "exact_name",
        "thesaurus",
    )
    return {
        FULL: (),
        "without words": lexical,
        **{f"without {name}": (name,) for name in features},
        "dense alone": tuple(name for name in features if name != "dense"),
    }


def searches(
    store: Writer, place: Path, model: str, base: str, types: Sequence[str], stack: ExitStack
) -> dict[str, Search]:
    """All rankings by name, ours first. Servers live as long as `stack`."""
    made = {
        name: ours(store, place / "index", model, without) for name, without in variants().items()
    }
    encoder = open_encoder(model)
    corpora = [read_corpus(store, type, encoder) for type in types]
    made["cosine"] = searching(corpora, lambda corpus: dense(corpus, encoder))
    made["BM25, characters"] = searching(corpora, lambda corpus: bm25(corpus, characters))
    made["BM25, bigrams"] = searching(corpora, lambda corpus: bm25(corpus, bigrams))
    made["RRF of cosine and BM25"] = searching(
        corpora, lambda corpus: fused(dense(corpus, encoder), bm25(corpus, characters))
    )
    for package, opened in SYSTEMS.items():
        if installed(package):
            made[package] = searching(corpora, stack.enter_context(opened(encoder)))
        else:
            sys.stdout.write(f"{package}: not installed\n")
    if base != model:
        made["base model, full ranking"] = ours(store, place / "base", base)
        published = open_encoder(base)
        others = [read_corpus(store, type, published) for type in types]
        made["base model, cosine"] = searching(others, lambda corpus: dense(corpus, published))
    else:
        sys.stdout.write("base model: the one that is judged\n")
    return made


def measured(search: Search, cases: Sequence[Case]) -> Run:
    began = time.perf_counter()
    found = evaluate(cases, search)
    return Run(found, (time.perf_counter() - began) / len(cases))


def row(name: str, run: Run, found: Evaluation, full: Evaluation) -> list[str]:
    """Each figure with its interval, and how far nDCG is from that of the full ranking."""
    figures = (between(getattr(found, measure), found.interval(measure)) for measure in MEASURES)
    apart = [a - b for a, b in zip(found.values("ndcg"), full.values("ndcg"), strict=True)]
    difference = between(found.ndcg - full.ndcg, mean_interval(apart), "+.3f")
    return [name, *figures, difference if found is not full else "", f"{run.seconds * 1000:.1f}"]


def show(runs: Mapping[str, Run]) -> None:
    """A table for each split."""
    head = ["nDCG@10", "recall@10", "MRR@10", "nDCG − full", "ms a question"]
    parts = {name: run.found.splits() for name, run in runs.items()}
    for split, full in parts[FULL].items():
        rows = [row(name, run, parts[name][split], full) for name, run in runs.items()]
        table([f"{split}, {full.cases} questions", *head], rows)
        sys.stdout.write("\n")


def show_moved(found: Evaluation, verbose: bool) -> None:
    """What moved against the frozen run, and with `verbose` what is not found at all."""
    if FROZEN.is_file():
        moved = changes(found, read_frozen(FROZEN.read_text(encoding="utf-8").splitlines()))
        for word, some in (("gained", moved.gained), ("lost", moved.lost)):
            sys.stdout.write(f"{word} against the frozen run: {len(some)}\n")
            for one in some:
                sys.stdout.write(f"  {one.before:.3f} → {one.after:.3f}  {one.case.query}\n")
        sys.stdout.write(f"new questions: {moved.new}, no longer asked: {moved.gone}\n")
    for score in found.lost if verbose else ():
        sys.stdout.write(f"not found: {score.case.query}\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.retrieval", description=__doc__)
    parser.add_argument("--base", default="", metavar="MODEL", help="published model, by a folder")
    parser.add_argument("--freeze", action="store_true", help="keep this run")
    parser.add_argument("-v", "--verbose", action="store_true", help="questions without an answer")
    given = parser.parse_args()
    folder = seeds()
    if folder is None:
        sys.stderr.write("retrieval: JIPU_SEEDS is not set, nothing to measure\n")
        return 0
    cases = all_cases()
    model = os.environ.get("JIPU_MODEL", "")
    types = list(dict.fromkeys(case.type for case in cases))
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        store = stack.enter_context(open_store(f"sqlite:///{home}/graph.db"))
        ingest_paths([folder], store, IngestOptions())
        asked = searches(store, Path(home), model, given.base, types, stack)
        runs = {name: measured(search, cases) for name, search in asked.items()}
    show(runs)
    found = runs[FULL].found
    show_moved(found, given.verbose)
    if given.freeze:
        FROZEN.write_text("".join(frozen_lines(found)), encoding="utf-8")
    footer("bench.retrieval", "95 % bootstrap intervals")
    return 0


if __name__ == "__main__":
    sys.exit(main())
