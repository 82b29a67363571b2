"""Recommended indicators on the command line and over HTTP."""

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from graph.store import Writer
from tests.api.conftest import Jipu
from tests.api.graphs import ROAD, ROW
from tests.api.test_http import client_of, problem

TEXT = "修建乡村道路，硬化路面，方便群众出行"


def test_the_command_line_shows_projects_indicators_and_proof(filled: Writer, jipu: Jipu) -> None:
    ran = jipu("recommend", TEXT)
    assert ran.status == 0
    assert "乡村道路建设（青禾县，青禾县交通运输局，2024，相似度" in ran.out
    assert "服务对象满意度指标" in ran.out
    assert "群众满意度（2 个县，2 条）" in ran.out
    assert "常见目标：≥95%（2 条中 2 条）" in ran.out
    assert "理由：相近项目在用：青禾县乡村道路建设" in ran.out
    assert ROW in ran.out
    assert "qinghe.txt" in ran.out


def test_http_and_command_line_give_the_same(
    filled: Writer, settings: Settings, jipu: Jipu
) -> None:
    printed = jipu("recommend", TEXT, "--json").json
    assert printed["projects"][0]["id"] == ROAD
    [category] = printed["categories"]
    assert category["level2"] == "服务对象满意度指标"
    [indicator] = category["indicators"]
    assert (indicator["count"], indicator["county_count"]) == (2, 2)
    assert indicator["examples"][0]["evidence"][0]["file"] == "qinghe.txt"
    with client_of(settings) as client:
        answered = client.post("/api/recommend", json={"text": TEXT}).json()
        # The server may still be bringing the index in step.
        assert {**answered, "degraded": ""} == printed
        narrowed = {"text": TEXT, "level2": ["时效"], "limit": 1}
        body = client.post("/api/recommend", json=narrowed).json()
        assert body["categories"] == []
        assert "服务对象满意度指标" in body["hint"]
    assert jipu("recommend", TEXT, "--level2", "时效", "--limit", "1", "--json").json == {
        **body,
        "degraded": "",
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": ""}, "invalid_query"),
        ({"text": "路" * 1001}, "invalid_query"),
        ({"text": TEXT, "limit": 0}, "invalid_request"),
        ({"text": TEXT, "limit": 101}, "invalid_request"),
        ({"text": TEXT, "level2": "时效"}, "invalid_request"),
        ({"text": TEXT, "county": ["青禾县"]}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_what_cannot_be_answered_is_told(
    settings: Settings, body: dict[str, object], code: str
) -> None:
    client: TestClient
    with client_of(settings) as client:
        problem(client.post("/api/recommend", json=body), 422, code)


def test_usage_errors(jipu: Jipu) -> None:
    assert jipu("recommend").status == 2
    assert jipu("recommend", TEXT, "--limit", "0").status == 2
    ran = jipu("recommend", " ")
    assert ran.status == 2
    assert "项目描述" in ran.err


def test_an_empty_store_says_how_to_ingest(jipu: Jipu) -> None:
    ran = jipu("recommend", TEXT)
    assert ran.status == 0
    assert "没有与这段描述相近的" in ran.out
    assert "jipu ingest" in ran.err
