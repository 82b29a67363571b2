"""The benches that judge search: their figures, and that nothing they ask is learned."""

import doctest
import importlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bench import retrieval
from bench.agreement import Column
from bench.baselines import bigrams, bm25, characters, fused
from bench.corpus import Corpus, searching
from bench.meaning import (
    NATURAL,
    Pair,
    Scenario,
    grade_figures,
    precisions,
    read_pairs,
    read_scenarios,
)
from search.analyze import key
from search.documents import SearchDocument
from search.evaluate import Case, evaluate

TAUGHT = Path(__file__).parents[1] / "training" / "data"


@pytest.mark.parametrize(
    "module",
    ["bench.agreement", "bench.baselines", "bench.meaning", "bench.measure", "search.interval"],
)
def test_what_the_docstrings_show_is_true(module: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(module))
    assert tried
    assert not failed


def texts_of(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield key(value)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_of(part)


def test_nothing_that_judges_is_taught() -> None:
    """No record of the training data holds both sides of a pair or asks a question that judges.
    A failure is mended on either side, by taking the record or the line that judges away."""
    records: dict[str, set[str]] = defaultdict(set)
    for path in TAUGHT.glob("*.jsonl"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            for text in texts_of(json.loads(line)):
                records[text].add(f"{path.name}:{number}")
    assert len(records) > 1000, "the training data was not found"
    judging = [*read_pairs(), *read_pairs(NATURAL)]
    taught = [one for one in judging if records[key(one.first)] & records[key(one.second)]]
    assert taught == []
    asked = [one.query for one in read_scenarios()]
    asked += [case.query for case in retrieval.all_cases() if case.split == "judge"]
    assert [query for query in asked if records[key(query)]] == []


def test_the_judging_lines_are_whole() -> None:
    pairs, scenarios = read_pairs(), read_scenarios()
    assert {pair.grade for pair in pairs} == {0, 1, 2, 3}
    assert len({frozenset((pair.first, pair.second)) for pair in pairs}) == len(pairs)
    for one in scenarios:
        assert one.right and one.wrong, one.query
        assert set(one.right).isdisjoint(one.wrong), one.query
    asked = [(case.query, case.type) for case in retrieval.all_cases()]
    assert len(set(asked)) == len(asked), "a frozen run knows a question by its text and type"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.9, 0.8, 0.1, 0.0], 1.0),  # both right ones first
        ([0.9, 0.1, 0.8, 0.0], 0.5),
        ([0.0, 0.1, 0.8, 0.9], 0.0),
        ([0.5, 0.5, 0.5, 0.5], 0.5),  # a score that says nothing is worth what chance is
        ([0.9, 0.5, 0.5, 0.5], 0.5 + 0.5 / 3),  # one place for three equal ones
    ],
)
def test_precision_shares_places_among_equal_scores(
    scores: Sequence[float], expected: float
) -> None:
    def answers(texts: Sequence[tuple[str, str]]) -> Column:
        assert len(texts) == len(scores)
        return np.asarray(scores)

    scenario = Scenario("问", ("甲", "乙"), ("丙", "丁"))
    assert precisions([scenario], answers) == [pytest.approx(expected)]


def test_grades_are_agreed_with_kind_by_kind() -> None:
    near = [Pair("a", "b", 3, "说法")] * 6
    far = [Pair("a", "b", 1, "方向")] * 6 + [Pair("a", "b", 0, "别题")] * 2
    scores = np.asarray([0.9] * 6 + [0.95] * 6 + [0.1] * 2)
    found = grade_figures([*near, *far], scores)
    assert found["AUC"].startswith("0.250 [")
    assert found["AUC 方向 ≤ 1 (6)"] == "0.000 [0.000, 0.000]"
    assert not any("别题" in name for name in found), "two pairs say nothing"


def corpus(*names: str) -> Corpus:
    documents = [SearchDocument(name, "indicator", name, "", "", name) for name in names]
    members = {names[0]: ("一", "二")}
    return Corpus("indicator", documents, members, np.zeros((len(names), 2), np.float32))


def test_bm25_finds_by_its_pieces() -> None:
    found = corpus("群众满意度", "满城绿意度量", "道路里程")
    assert list(bm25(found, characters)("满意度"))[:2] in ([0, 1], [1, 0])
    assert list(bm25(found, bigrams)("满意度")) == [0, 1]
    assert list(bm25(found, bigrams)("没有")) == []
    assert list(bm25(found, bigrams)("")) == []


def test_a_baseline_is_measured_as_our_ranking_is() -> None:
    """Any member of a wording that is found is an answer."""
    search = searching([corpus("群众满意度", "道路里程")], lambda one: fused(bm25(one, bigrams)))
    found = evaluate([Case("满意度", ("二",)), Case("道路", ("道路里程",))], search)
    assert (found.ndcg, found.mrr) == (1.0, 1.0)
