"""A model on a server: what is asked, what is believed, and what is said when it fails."""

import email.utils
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from search import remote_encoder
from search.encoder import open_encoder
from search.errors import ModelUnavailable
from search.model_options import ModelOptions
from search.remote_encoder import Patience
from tests.search.embedding_server import EmbeddingServer, Fault, embedding_server

KEY = "sk-geheim-9001"
TEXTS = ["群众满意度", "公路养护里程", "满意", "", "引进企业数量"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingServer]:
    monkeypatch.setattr(remote_encoder, "ASKING", Patience(0.5, (0.01,), 0.3))
    monkeypatch.setattr(remote_encoder, "BUILDING", Patience(0.5, (0.01, 0.02, 0.04), 0.3))
    with embedding_server() as told:
        yield told


def opened(server: EmbeddingServer, **options: Any) -> remote_encoder.RemoteEncoder:
    encoder = open_encoder(f"{server.url}#test-model", ModelOptions(**options))
    assert isinstance(encoder, remote_encoder.RemoteEncoder)
    return encoder


def test_vectors_are_unit_rows_in_the_order_of_the_texts(server: EmbeddingServer) -> None:
    encoder = opened(server, batch=2)
    seen: list[tuple[int, int, str]] = []
    vectors = encoder.encode_passages(TEXTS, lambda *told: seen.append(told))
    assert vectors.shape == (5, 16) and vectors.dtype == np.float32
    wanted = np.array([server.vector(text or " ") for text in TEXTS])
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert np.allclose(vectors, wanted, atol=1e-6)
    assert [(done, total) for done, total, _ in seen] == [(2, 5), (4, 5), (5, 5)]
    assert encoder.encode_passages([]).shape == (0, 16)


def test_the_protocol_is_spoken(server: EmbeddingServer) -> None:
    encoder = opened(server, batch=2, query_prompt="问：", passage_prompt="答: ")
    server.asked.clear()
    encoder.encode_passages(["甲", "乙", "丙"])
    encoder.encode_queries(["丁"])
    assert set(server.paths) == {"/v1/embeddings"}
    assert [asked["input"] for asked in server.asked] == [
        ["答: 甲", "答: 乙"],
        ["答: 丙"],
        ["问：丁"],
    ]
    assert {asked["model"] for asked in server.asked} == {"test-model"}
    assert {asked["encoding_format"] for asked in server.asked} == {"float"}
    assert "Authorization" not in server.headers[-1]


def test_the_id_says_what_vectors_depend_on(server: EmbeddingServer) -> None:
    place = server.url.removeprefix("http://")
    assert opened(server).id == f"test-model@{place}+16"
    assert opened(server, query_prompt="问：", batch=3, key=KEY).id == opened(server).id
    assert opened(server, passage_prompt="答：").id != opened(server).id
    server.dimension = 8
    assert opened(server).id == f"test-model@{place}+8"


PASSING = [
    # what one request gets before the server answers rightly
    Fault(429, {"Retry-After": "0"}),
    Fault(429, {"Retry-After": "bald"}),  # neither seconds nor a date
    Fault(500),
    Fault(503, {"Retry-After": "Wed, 25 Nov 2020 08:00:00 GMT"}),  # a date that has passed
    Fault(502, body=b"<html>Bad gateway</html>"),
    Fault(408),
    Fault(body=b"<html>"),  # a proxy's page under status 200
    Fault(body=b'{"data": []}', missing=5),  # the connection breaks
    Fault(before=0.7),  # slower than our patience
    Fault(body=b" " * 100, trickle=0.02),  # every byte in time, the whole not
]


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_pass_is_tried_again(server: EmbeddingServer, fault: Fault) -> None:
    encoder = opened(server)
    server.faults = [fault]
    assert encoder.encode_passages(["满意"]).shape == (1, 16)
    server.faults = [fault] * 4
    with pytest.raises(ModelUnavailable, match=r"没有给出向量.*请检查服务是否在运行"):
        encoder.encode_passages(["满意"])
    assert server.faults == []


def test_waits_grow_and_follow_retry_after(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = opened(server)
    waits: list[float] = []
    own = threading.get_ident()

    def sleep(seconds: float) -> None:
        # Threads of other tests may still be waiting for something.
        if threading.get_ident() == own:
            waits.append(seconds)

    monkeypatch.setattr(time, "sleep", sleep)
    soon = email.utils.formatdate(time.time() + 100, usegmt=True)
    monkeypatch.setattr(remote_encoder, "BUILDING", Patience(5, (1, 2, 4, 8), 120))
    server.faults = [
        *(Fault(500), Fault(429, {"Retry-After": "7"})),
        *(Fault(429, {"Retry-After": soon}), Fault(500)),
    ]
    encoder.encode_passages(["满意"])
    slept = [wait for wait in waits if wait]
    assert slept[:2] + slept[3:] == [1, 7, 8] and 90 < slept[2] <= 100


def test_a_server_that_asks_for_too_long_a_wait_is_given_up(server: EmbeddingServer) -> None:
    encoder = opened(server)
    server.faults = [Fault(429, {"Retry-After": "3600"})]
    with pytest.raises(ModelUnavailable, match="要求 3600 秒后再试；服务忙"):
        encoder.encode_queries(["满意"])


LASTING = [
    # what one request gets, what is said
    (Fault(404, body="没有这个模型".encode()), "不接受请求（HTTP 404）：没有这个模型"),
    (Fault(400), "不接受请求"),
    (Fault(413, body=b"too many tokens"), "JIPU_MODEL_BATCH"),
    (Fault(302, {"Location": "http://127.0.0.1:9/"}), "转到了别的地址"),
    (Fault(body=b"[]"), "读不懂"),
    (Fault(body='{"error": {"message": "模型忙"}}'.encode()), "报错：.*模型忙"),
    (Fault(body=b'{"data": [{"index": 0}]}'), "读不懂"),
    (Fault(body=b'{"data": [{"index": 0, "embedding": "AACAPw=="}]}'), "读不懂"),
    (Fault(body=b'{"data": [{"index": 0, "embedding": [[1]]}]}'), "长短不一"),
    (Fault(body=b'{"data": [{"index": 0, "embedding": []}]}'), "长短不一"),
    (Fault(body=b'{"data": [{"index": 1, "embedding": [1]}]}'), "应给出 1 个向量"),
    (Fault(body=b'{"data": []}'), "应给出 1 个向量，却给出 0 个"),
]


@pytest.mark.parametrize(("fault", "said"), LASTING)
def test_what_will_not_pass_is_said_at_once(
    server: EmbeddingServer, fault: Fault, said: str
) -> None:
    encoder = opened(server)
    server.faults = [fault, Fault(500)]
    with pytest.raises(ModelUnavailable, match=said) as raised:
        encoder.encode_passages(["满意"])
    assert server.url in str(raised.value)
    assert len(server.faults) == 1


def spoiled(number: float) -> Callable[[dict[str, Any]], object]:
    return lambda answer: {
        "data": [{**entry, "embedding": [number] * 16} for entry in answer["data"]]
    }


SPOILED: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda answer: {"data": answer["data"][1:]}, "应给出 2 个向量，却给出 1 个"),
    (lambda answer: {"data": [*answer["data"], *answer["data"]][:3]}, ""),  # said twice, the same
    (spoiled(0), "零向量"),
    (spoiled(float("nan")), "无穷大"),
    (spoiled(1e308), "无穷大"),
]


@pytest.mark.parametrize(("change", "said"), SPOILED)
def test_a_wrong_answer_is_not_believed(
    server: EmbeddingServer, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    encoder = opened(server)
    server.changed = change
    if not said:
        assert encoder.encode_passages(["甲", "乙"]).shape == (2, 16)
        return
    with pytest.raises(ModelUnavailable, match=said):
        encoder.encode_passages(["甲", "乙"])


def test_another_dimension_is_not_mixed_in(server: EmbeddingServer) -> None:
    encoder = opened(server)
    server.dimension = 8
    with pytest.raises(ModelUnavailable, match="原为 16 维，现在给出 8 维"):
        encoder.encode_passages(["满意"])


def test_the_key_is_sent_and_never_shown(
    server: EmbeddingServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.key = KEY
    assert opened(server, key=KEY).encode_queries(["满意"]).shape == (1, 16)
    shown = [repr(ModelOptions(key=KEY))]
    for key, said in ((KEY + "x", "密钥不被接受"), ("", "密钥没有设置")):
        with pytest.raises(ModelUnavailable, match=said) as raised:
            opened(server, key=key)
        shown.append(str(raised.value))
    server.faults = [Fault(400, body=f"bad {KEY}".encode())]
    with pytest.raises(ModelUnavailable) as raised:
        opened(server, key=KEY)
    with pytest.raises(ModelUnavailable, match="JIPU_MODEL_KEY") as unfit:
        opened(server, key=f"{KEY}\nX-Other: 1")
    shown += [str(raised.value), str(unfit.value), caplog.text]
    assert KEY not in "".join(shown)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/v1",  # no model
        "http://127.0.0.1:9/v1#",
        "http://user:geheim@127.0.0.1:9/v1#m",
        "http://127.0.0.1:9/v1?key=geheim#m",
        "http://127.0.0.1:9/v1 geheim#m",
        "http://主机/v1#m",
        "http://#m",
        "http://[zz]/v1#m",
        "http://127.0.0.1:99999/v1#m",
    ],
)
def test_an_address_that_cannot_be_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ModelUnavailable, match="应写作") as raised:
        open_encoder(address)
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("sk-Ab/Cd+Ef==", r'{"error": "bad key sk-Ab\/Cd\u002bEf=="}'),
        ('sk-a/b+c"d', r'{"error": "bad key sk-a/b+c\"d"}'),
        ("sk-a\\b", r'{"error": "bad key sk-a\\b"}'),
    ],
)
def test_a_key_that_a_server_escapes_is_not_shown(
    server: EmbeddingServer, key: str, body: str
) -> None:
    server.key = key
    encoder = opened(server, key=key)
    server.faults = [Fault(400, body=body.encode())]
    with pytest.raises(ModelUnavailable, match=r"bad key \*\*\*"):
        encoder.encode_queries(["满意"])


def test_a_server_without_encryption_is_told_from_one_that_is_away(server: EmbeddingServer) -> None:
    with pytest.raises(ModelUnavailable, match=r"加密连接没有建立.*地址写 http://"):
        open_encoder(f"{server.url}#m".replace("http://", "https://"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:{}/v1#m", "http://[::1]:{}#m"])
def test_a_server_that_is_away_is_said(server: EmbeddingServer, address: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailable, match="连接失败"):
        open_encoder(address.format(port))


def test_a_proxy_of_the_environment_is_asked(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
    open_encoder("http://models.example.org/v1#m")
    assert server.paths == ["http://models.example.org/v1/embeddings"]


def test_this_very_machine_is_asked_without_a_proxy(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    for host in ("127.0.0.1", "localhost"):
        open_encoder(f"{server.url.replace('127.0.0.1', host)}#m")
    assert server.paths == ["/v1/embeddings"] * 2
