"""The same answers over HTTP, and one shape for every error."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.errors import MEANINGS
from api.problems import MEDIA_TYPE
from api.settings import Settings
from graph.errors import JipuError
from graph.store import Writer
from tests.api.conftest import Jipu
from tests.api.graphs import NUMBER, POLICY, QINGHE, ROAD, ROW, UPSTREAM

ROOT = Path(__file__).parents[2]
KEY = {"X-API-Key": "打开"}
HALVES = [
    # JSON can name half a character.
    ("/api/cite", r'{"text": "\ud83d"}'),
    ("/api/parse-value", r'{"values": ["95\ud83d"]}'),
    ("/api/embed", r'{"texts": ["\ud83d 培训"]}'),
]


def client_of(settings: Settings, caller: str = "127.0.0.1") -> TestClient:
    return TestClient(
        create_app(settings),
        base_url="http://127.0.0.1:8000",
        client=(caller, 50000),
        raise_server_exceptions=False,
        follow_redirects=False,
        headers={"X-API-Key": ""},
    )


@pytest.fixture
def client(filled: Writer, settings: Settings) -> Iterator[TestClient]:
    with client_of(settings) as opened:
        yield opened


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The one shape that every error has."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    body: dict[str, Any] = response.json()
    assert {"type", "title", "title_en", "status", "detail", "code"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["title_en"].isascii()
    assert not body["detail"].isascii()
    return body


def enc(id: str) -> str:
    return quote(id, safe="")


def test_a_node(client: TestClient) -> None:
    body = client.get(f"/api/nodes/{enc(ROW)}").json()
    assert body["id"] == ROW
    assert body["documents"] == [QINGHE]
    assert body["evidence"][0]["file"] == "qinghe.txt"


@pytest.mark.parametrize("path", ["indicators", "projects"])
@pytest.mark.parametrize("full", [True, False])
def test_a_node_of_a_kind_with_or_without_prefix(client: TestClient, path: str, full: bool) -> None:
    id = ROW if path == "indicators" else ROAD
    asked = id if full else id.partition(":")[2]
    assert client.get(f"/api/{path}/{enc(asked)}").json()["id"] == id


def test_a_project_is_no_indicator(client: TestClient) -> None:
    problem(client.get(f"/api/indicators/{enc(ROAD)}"), 404, "not_found")


SPELLINGS = [NUMBER, "云财建【2024】9001号", "云财建 [2024] 9001 号", "云财建（2024）9001"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_any_spelling_leads_to_the_canonical_address(client: TestClient, spelling: str) -> None:
    response = client.get(f"/api/policies/{enc(spelling)}?limit=5")
    assert response.status_code == 307
    assert response.headers["location"] == f"/api/policies/{enc(POLICY)}?limit=5"
    assert client.get(response.headers["location"]).json()["properties"]["number"] == NUMBER


@pytest.mark.parametrize("spelling", [*SPELLINGS, POLICY])
def test_trace_takes_any_spelling(client: TestClient, spelling: str) -> None:
    body = client.get(f"/api/policies/{enc(spelling)}/trace").json()
    assert body["policy"]["id"] == POLICY
    assert body["totals"]["budget"] == 1250.5


def test_trace_of_an_unknown_number_is_empty(client: TestClient) -> None:
    body = client.get(f"/api/policies/{enc('云财建〔2024〕9002号')}/trace").json()
    assert body["projects"] == []
    assert body["totals"]["budget"] == 0
    assert NUMBER in body["did_you_mean"]


def test_an_unknown_policy_has_near_spellings(client: TestClient) -> None:
    response = client.get(f"/api/policies/{enc('云财建〔2024〕9002号')}")
    assert NUMBER in problem(response, 404, "not_found")["did_you_mean"]


def test_chain(client: TestClient) -> None:
    body = client.get(f"/api/policies/{enc(POLICY)}/chain").json()
    assert UPSTREAM in json.dumps(body, ensure_ascii=False)


def test_neighbourhood_and_path(client: TestClient) -> None:
    around = client.get(f"/api/nodes/{enc(ROW)}/neighbourhood").json()
    assert {ROAD, POLICY} <= {node["id"] for node in around["nodes"]}
    small = client.get(f"/api/nodes/{enc(ROW)}/neighbourhood?limit=2").json()
    assert small["truncated"]
    found = client.get("/api/path", params={"from": ROAD, "to": UPSTREAM}).json()
    assert {ROAD, ROW, POLICY, UPSTREAM} == {node["id"] for node in found["nodes"]}
    problem(client.get("/api/path", params={"from": ROAD, "to": "没有"}), 404, "not_found")


def test_lists_go_page_by_page(client: TestClient) -> None:
    first = client.get("/api/regions?limit=2").json()
    assert (first["total"], len(first["items"])) == (3, 2)
    second = client.get("/api/regions", params={"limit": 2, "cursor": first["next"]}).json()
    assert second["next"] is None
    names = [item["title"] for item in first["items"] + second["items"]]
    assert names == ["云州市", "青禾县", "云岭县"]
    departments = client.get("/api/departments").json()["items"]
    assert [item["within_title"] for item in departments] == ["青禾县", "云岭县"]
    assert [item["count"] for item in departments] == [1, 1]
    problem(client.get("/api/regions?cursor=乱写"), 422, "invalid_request")


def test_search_collapses_equal_wordings(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "群众满意度"}).json()
    assert body["query"] == "群众满意度"
    assert body["hits"][0]["count"] == 2
    narrowed = client.get("/api/search", params={"q": "群众满意度", "county": "青禾县"}).json()
    assert narrowed["hits"][0]["members"] == [ROW]
    problem(client.get("/api/search"), 422, "invalid_request")
    problem(client.get("/api/search?q=a&limit=1000"), 422, "invalid_request")
    problem(client.get("/api/search?q=a&cursor=xyz"), 422, "invalid_query")


def test_search_can_be_told_what_not_to_understand(client: TestClient) -> None:
    asked = {"q": "青禾县 满意度90以上"}
    understood = client.get("/api/search", params=asked).json()["understood"]
    assert (understood["counties"], understood["targets"]) == (["青禾县"], ["≥90"])
    plain = client.get("/api/search", params=asked | {"literal": "true"}).json()["understood"]
    assert (plain["counties"], plain["targets"], plain["text"]) == ([], [], asked["q"])
    partly = client.get("/api/search", params=asked | {"without_understanding": "targets"}).json()
    assert partly["understood"]["text"] == "满意度90以上"
    problem(client.get("/api/search?q=a&without_understanding=x"), 422, "invalid_request")


def test_broken_json_is_told_as_such(client: TestClient) -> None:
    broken = client.post(
        "/api/cite", content='{"text": ', headers={"content-type": "application/json"}
    )
    assert "不是合法的 JSON" in problem(broken, 422, "invalid_request")["detail"]
    body = problem(client.post("/api/cite", json={"txt": "甲"}), 422, "invalid_request")
    assert body["errors"] == ["body/text", "body/txt"]


def test_similar_and_wordings(client: TestClient) -> None:
    body = client.get(f"/api/indicators/{enc(ROW)}/similar").json()
    assert [group["county"] for group in body["groups"]] == ["云岭县"]
    problem(client.get("/api/indicators/没有/similar"), 404, "not_found")
    [wording] = client.get("/api/wordings", params={"q": "群众满意度"}).json()["wordings"]
    assert wording["count"] == 2


def test_texts(client: TestClient) -> None:
    [citation] = client.post("/api/cite", json={"text": f"依据{NUMBER}"}).json()["citations"]
    assert (citation["number"], citation["status"]) == (NUMBER, "stub")
    [value] = client.post("/api/parse-value", json={"values": ["≥95%"]}).json()["values"]
    assert (value["operator"], value["numbers"]) == (">=", ["95"])
    embedded = client.post("/api/embed", json={"texts": ["群众满意度", ""]}).json()
    assert [len(vector) for vector in embedded["vectors"]] == [embedded["dimension"]] * 2
    assert client.post("/api/embed", json={"texts": []}).json()["vectors"] == []
    for path, body in HALVES:
        halved = client.post(path, content=body, headers={"content-type": "application/json"})
        assert problem(halved, 422, "invalid_request")["errors"]


def test_too_many_texts(filled: Writer, settings: Settings) -> None:
    with client_of(replace(settings, max_texts=2)) as client:
        for path, name in (("embed", "texts"), ("parse-value", "values")):
            response = client.post(f"/api/{path}", json={name: ["a"] * 3})
            assert "JIPU_MAX_TEXTS" in problem(response, 422, "invalid_request")["detail"]


def test_export_is_what_the_command_line_prints(client: TestClient, jipu: Jipu) -> None:
    assert client.get("/api/export").text == jipu("export").out
    part = client.get("/api/export", params={"county": "青禾县", "label": "Project"})
    assert part.text == jipu("export", "--county", "青禾县", "--label", "Project").out
    problem(client.get("/api/export?label=县"), 422, "invalid_request")
    problem(client.get("/api/export?format=xml"), 422, "invalid_request")


def test_command_line_and_http_print_the_same(client: TestClient, jipu: Jipu) -> None:
    """What the wire models let pass over HTTP is what --json prints, and nothing else."""
    pairs = [
        (f"/api/nodes/{enc(ROW)}", ("show", ROW)),
        (f"/api/policies/{enc(POLICY)}/trace", ("trace", NUMBER)),
        ("/api/stats", ("stats",)),
        ("/api/search?q=群众满意度", ("search", "群众满意度")),
        (f"/api/indicators/{enc(ROW)}/similar", ("similar", ROW)),
        ("/api/wordings?q=群众满意度", ("wording", "群众满意度")),
    ]
    # Once the index is there, nothing changes between the two any more.
    client.get("/api/search", params={"q": "x"})
    for address, arguments in pairs:
        assert client.get(address).json() == jipu(*arguments, "--json").json, address


def test_health_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"
    client.get(f"/api/nodes/{enc(ROW)}")
    client.request("乱".encode().hex(), "/nowhere")
    text = client.get("/metrics").text
    assert 'route="/api/nodes/{id:path}",status="200"} 1' in text
    assert 'jipu_graph_elements{name="Document"} 2' in text


def test_the_documentation_needs_no_network(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/docs"
    page = client.get("/docs").text
    assert "src=" not in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page
    assert all(f'id="problem-{code}"' in page for code in MEANINGS)


def routes(client: TestClient) -> list[tuple[str, str]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def test_every_route_and_error_is_documented(client: TestClient) -> None:
    text = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    rows = {tuple(line.split(" | ")[:2]) for line in text.splitlines() if line.startswith("| ")}
    hidden = [("GET", "/"), ("GET", "/docs"), ("GET", "/openapi.json")]
    described = {(f"| {method}", f"`{path}`") for method, path in routes(client) + hidden}
    assert described == {row for row in rows if row[0][2:] in ("GET", "POST", "DELETE")}
    for code, meaning in MEANINGS.items():
        assert f"| `{code}` | {meaning.http} | {meaning.title} |" in text


def test_documented_defaults_and_caps_are_the_code_s(client: TestClient) -> None:
    text = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    rows = {line.split(" | ")[1]: line for line in text.splitlines() if line.startswith("| ")}
    paths = client.get("/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    row = rows[f"`{path}`"]
                    assert f"`{parameter['name']}`" in row or "同上" in row, (path, parameter)
                    default = parameter["schema"].get("default")
                    if isinstance(default, int) and "同上" not in row:
                        shown = json.dumps(default)
                        assert f"`{parameter['name']}`（默认 `{shown}`" in row, (path, parameter)
                    if type(default) is int and "同上" not in row:
                        assert f"最多 {parameter['schema']['maximum']}" in row


def test_every_error_has_one_shape(client: TestClient) -> None:
    problem(client.get("/没有"), 404, "no_route")
    problem(client.get("/api/没有"), 404, "no_route")
    for method, path in routes(client):
        address = path.replace("{id}", "没有这个")
        problem(client.patch(address), 405, "method_not_allowed")
        if "limit" in str(client.app.openapi_schema["paths"][path]):  # type: ignore[attr-defined]
            problem(client.get(f"{address}?limit=多"), 422, "invalid_request")
        if "{id}" in path and not path.endswith("/trace"):
            problem(client.request(method, address), 404, "not_found")
    for path in ("/api/cite", "/api/parse-value", "/api/embed", "/api/documents"):
        problem(client.post(path, content=b"{"), 422, "invalid_request")


def test_a_broken_store_has_the_same_shape(client: TestClient, filled: Writer) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    # Once the index is there, nobody else uses the store.
    client.get("/api/search", params={"q": "x"})
    app.state.services.store.close()
    answered = {"/healthz", "/api/parse-value", "/api/embed", "/api/jobs/{id}"}
    answered |= {"/api/jobs/{id}/events", "/api/documents", "/api/export"}
    for method, path in routes(client):
        if path in answered:
            continue
        address = path.replace("{id}", "x")
        asked = client.request(
            method, address, params={"q": "x", "from": "x", "to": "y"}, json={"text": NUMBER}
        )
        problem(asked, 500, "store")


def test_a_bug_says_nothing_of_the_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = client.app
    assert isinstance(app, FastAPI)

    def broken(seconds: float) -> int:
        raise ZeroDivisionError("neo4j://user:geheim@host")

    monkeypatch.setattr(app.state.services.store, "probe", broken)
    body = problem(client.get("/readyz"), 500, "internal")
    assert "geheim" not in json.dumps(body)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("code", MEANINGS)
def test_every_code_becomes_its_status(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    error = JipuError("出错了")
    error.code = code  # type: ignore[misc]

    def broken(seconds: float) -> int:
        raise error

    monkeypatch.setattr(app.state.services.store, "probe", broken)
    problem(client.get("/readyz"), MEANINGS[code].http, code)


def test_every_error_that_the_api_may_meet_has_a_meaning() -> None:
    def below(kind: type[JipuError]) -> Iterator[type[JipuError]]:
        yield kind
        for sub in kind.__subclasses__():
            yield from below(sub)

    rooms = {"graph", "ingest", "search", "api"}
    found = {kind.code for kind in below(JipuError) if kind.__module__.partition(".")[0] in rooms}
    assert found <= set(MEANINGS)


TEXT = """第一部分
部门整体绩效目标
一、总体绩效目标
做好工作。
"""


def done(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while True:
        state: dict[str, Any] = client.get(f"/api/jobs/{job['id']}").json()
        if state["status"] in ("done", "failed"):
            return state
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_upload_and_delete(client: TestClient, settings: Settings) -> None:
    files = [("files", ("../青禾县.txt", TEXT.encode())), ("files", ("坏.txt", b"\x00\x01"))]
    response = client.post("/api/documents", files=files)
    assert response.status_code == 202
    assert response.headers["location"] == f"/api/jobs/{response.json()['id']}"
    job = done(client, response.json())
    assert job["status"] == "done"
    assert [file["file"] for file in job["files"]] == ["青禾县.txt", "坏.txt"]
    assert job["files"][1]["status"] == "failed"
    assert str(settings.data) not in json.dumps(job)
    document = job["files"][0]["document"]
    assert client.get(f"/api/nodes/{enc(document)}").status_code == 200
    assert client.delete(f"/api/documents/{enc(document)}").json() == {"deleted": document}
    problem(client.delete(f"/api/documents/{enc(document)}"), 404, "not_found")


def test_the_event_stream_ends_with_the_job(client: TestClient) -> None:
    job = client.post("/api/documents", files=[("files", ("a.txt", TEXT.encode()))]).json()
    text = client.get(f"/api/jobs/{job['id']}/events").text
    events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert events[-1]["status"] == "done"
    versions = [event["version"] for event in events]
    assert versions == sorted(set(versions))
    again = client.get(
        f"/api/jobs/{job['id']}/events", headers={"Last-Event-ID": str(versions[-1])}
    )
    assert again.text == ""
    problem(client.get("/api/jobs/没有/events"), 404, "not_found")


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_uploads_are_bounded(settings: Settings, declared: bool) -> None:
    with client_of(replace(settings, max_upload_bytes=1000, max_body_bytes=1000)) as client:
        body = b"x" * 100_000
        content = body if declared else iter([body[:50_000], body[50_000:]])
        kind = {"content-type": "multipart/form-data; boundary=x"}
        response = client.post("/api/documents", content=content, headers=kind)
        assert "JIPU_MAX_UPLOAD_BYTES" in problem(response, 413, "upload_too_large")["detail"]
        content = body if declared else iter([body])
        response = client.post("/api/cite", content=content)
        assert "JIPU_MAX_BODY_BYTES" in problem(response, 413, "upload_too_large")["detail"]


def test_writing_needs_the_key_once_there_is_one(filled: Writer, settings: Settings) -> None:
    with client_of(replace(settings, api_keys=("打开".encode().hex(),))) as client:
        key = {"Authorization": f"Bearer {'打开'.encode().hex()}"}
        address = f"/api/documents/{enc(QINGHE)}"
        refused = client.delete(address)
        problem(refused, 401, "unauthorized")
        assert refused.headers["www-authenticate"] == "Bearer"
        problem(client.post("/api/documents", files=[("files", ("a", b"a"))]), 401, "unauthorized")
        problem(client.delete(address, headers={"X-API-Key": "no"}), 401, "unauthorized")
        assert client.get("/api/stats").status_code == 200
        assert client.delete(address, headers=key).status_code == 200


def test_from_elsewhere_reading_needs_a_key(filled: Writer, settings: Settings) -> None:
    settings = replace(settings, api_keys=("secret",))
    with client_of(settings, caller="192.0.2.7") as client:
        for _method, path in routes(client):
            if path not in ("/healthz", "/readyz"):
                method = _method
                asked = client.request(method, path.replace("{id}", "x"))
                problem(asked, 401, "unauthorized")
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/stats", headers={"X-API-Key": "secret"}).status_code == 200


def test_without_a_key_another_site_s_page_cannot_write(client: TestClient) -> None:
    headers = {"Origin": "https://evil.example"}
    address = f"/api/documents/{enc(QINGHE)}"
    problem(client.delete(address, headers=headers), 403, "forbidden")
    problem(client.delete(address, headers={"Host": "evil.example"}), 403, "forbidden")
