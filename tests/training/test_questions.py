"""Questions on made documents: every one is about an indicator that is read as it is written."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.opening import open_store
from ingest.pipeline import IngestOptions, ingest_paths
from search.evaluate import read_cases
from training.data import BadLine
from training.questions import CASES, Asked, for_the_encoder, main, read_questions, written


def read_as_written(place: Path, asked: Sequence[Asked]) -> list[str]:
    """Names of indicators that are read otherwise than they were written."""
    documents = place / "documents"
    documents.mkdir()
    cases = written(documents, asked)
    answers = {
        (question, answer): one.indicators[answer]["name"]
        for one in asked
        for question, known in one.questions
        for answer in known
    }
    with open_store(f"sqlite:///{place}/graph.db") as store:
        ingest_paths([documents], store, IngestOptions(workers=1))
        counts = store.counts()
        assert counts["Project"] == len(asked)
        assert counts["Indicator"] == sum(len(one.indicators) for one in asked)
        read = store.get({id for case in cases for id in case.relevant})
    return [
        answers[case.query, int(id.rpartition("#")[2]) - 1]
        for case in cases
        for id in case.relevant
        if read[id].properties["name"] != answers[case.query, int(id.rpartition("#")[2]) - 1]
    ]


def test_documents_are_read_as_they_are_written(tmp_path: Path) -> None:
    asked = read_questions()
    assert read_as_written(tmp_path, asked) == []
    assert sum(len(one.questions) for one in asked) > 1000


def line(**changes: object) -> str:
    told: dict[str, object] = {
        "county": "青禾县",
        "department": "青禾县水利局",
        "project": "农村饮水维修养护经费",
        "purpose": "用于维修养护",
        "goal": "保障饮水",
        "indicators": [
            {"level2": "数量指标", "name": "维修处数", "description": "", "value": "≥35处"}
        ],
        "questions": [{"query": "水管子修了几处", "answers": [0]}],
    }
    return json.dumps({**told, **changes}, ensure_ascii=False)


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        line(questions=[{"query": "问", "answers": [1]}]),
        line(questions=[{"query": "问", "answers": []}]),
        line(questions=[{"query": "问"}]),
        line(indicators=3),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / "questions_x.jsonl").write_text(f"{line()}\n{broken}\n", encoding="utf-8")
    with pytest.raises(BadLine, match=r"questions_x\.jsonl 第 2 行"):
        read_questions(tmp_path)


def test_a_folder_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["training.questions", str(tmp_path)])
    assert main() == 0
    cases = list(read_cases((tmp_path / CASES).read_text(encoding="utf-8").splitlines()))
    asked = read_questions()
    for_the_ranking = [one for one in asked if not for_the_encoder(one)]
    assert len(asked) / 3 < len(for_the_ranking) < len(asked) * 2 / 3
    assert len(cases) == sum(len(one.questions) for one in for_the_ranking)
    assert len(list((tmp_path / "documents").iterdir())) > 20
