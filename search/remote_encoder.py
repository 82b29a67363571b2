"""An encoder on a server that speaks the embeddings protocol of OpenAI: vLLM, TEI, Ollama …

It is named by the address of the API and the model, as in http://127.0.0.1:8080/v1#bge-m3.
"""

import email.utils
import http.client
import ipaddress
import json
import logging
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.errors import reason
from search.errors import ModelUnavailable
from search.model_options import ModelOptions
from search.progress import Progress

# matches http://127.0.0.1:8080/v1#bge-m3; not http://user:secret@host/v1#m, nor http://host/v1
_ADDRESS = re.compile(
    r"(https?://(?P<host>[\w.-]+|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?(?:/[\w./~%+-]*)?)#(?P<model>\S+)",
    re.ASCII | re.IGNORECASE,
)
# matches \u002b, which some write for +
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_PROBE = "长度"
_MOST_BYTES = 256 * 1024 * 1024
_PIECE = 64 * 1024
_SAID = 200
"""Characters of a server's own words that a message repeats."""
_PASSING = frozenset({408, 425, 429})
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """`seconds` for one answer, and for how long to wait before each further try; a server that
    asks for more than `longest` is given up at once."""

    seconds: float
    waits: tuple[float, ...]
    longest: float


ASKING = Patience(10, (0.5,), 2)
"""Somebody waits for the answer to a question."""
BUILDING = Patience(120, (1, 2, 4, 8, 16, 32), 120)


_LOOK = "请检查服务是否在运行、地址是否写对"
_BUSY = "服务忙、额度用完或出了错，请过一会儿再试；一直这样时请检查服务是否在运行"


class _Passing(Exception):
    """A failure that may pass; `wait` is how many seconds the server asks for, `advice` what to do
    where it does not."""

    def __init__(self, said: str, wait: float = 0.0, advice: str = _LOOK) -> None:
        super().__init__(said)
        self.wait, self.advice = wait, advice


class RemoteEncoder:
    """Asks once at construction: only the server knows the dimension.

    The dimension is part of the id, and an answer of another one raises ModelUnavailable: its
    vectors do not compare with those there are. The key goes to this address alone and into no
    message. Nobody measured what the cosines of its model mean: it has no calibration.
    """

    calibration = None
    intents = None

    def __init__(self, address: str, options: ModelOptions) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None or int(found["port"] or 1) not in range(1, 1 << 16):
            # What was given is not repeated: it may hold a password.
            raise ModelUnavailable(
                "向量服务的地址应写作 http(s)://主机[:端口]/v1#模型名，不带用户名、密码和问号；"
                "服务要密钥时写进 JIPU_MODEL_KEY"
            )
        self._base, self._model = found[1].rstrip("/"), found["model"]
        self._options = options
        if not (options.key.isascii() and options.key.isprintable()):
            raise ModelUnavailable("JIPU_MODEL_KEY 里有密钥不该有的字符；请重新填写")
        self._place = f"向量服务 {self._base}（模型 {self._model}）"
        self._opener = _opener(found["host"].strip("[]"))
        self.dimension = 0
        self.dimension = int(self._answer([_PROBE], ASKING).shape[1])
        where = self._base.partition("://")[2]
        self.id = f"{self._model}@{where}+{self.dimension}{options.mark}"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension)."""
        return self._encode(texts, self._options.query_prompt, ASKING, None)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension)."""
        return self._encode(texts, self._options.passage_prompt, BUILDING, progress)

    def _encode(
        self, texts: Sequence[str], prompt: str, patience: Patience, progress: Progress | None
    ) -> NDArray[np.float32]:
        parts = [np.zeros((0, self.dimension), np.float32)]
        for start in range(0, len(texts), self._options.batch):
            some = texts[start : start + self._options.batch]
            # Many servers refuse an empty text, but none a blank one.
            parts.append(self._answer([prompt + text or " " for text in some], patience))
            if progress:
                progress(start + len(some), len(texts), "计算向量")
        return np.concatenate(parts)

    def _answer(self, texts: list[str], patience: Patience) -> NDArray[np.float32]:
        """Vectors of one request, tried again while the failure may pass."""
        for wait in (*patience.waits, None):
            try:
                return self._vectors(self._post(texts, patience.seconds), len(texts))
            except _Passing as failure:
                if wait is None or failure.wait > patience.longest:
                    raise ModelUnavailable(
                        f"{self._place}没有给出向量：{failure}；{failure.advice}"
                    ) from failure
                _LOG.info("%s：%s，稍后再试", self._place, failure)
                time.sleep(max(wait, failure.wait))
        raise AssertionError("the last try returns or raises")

    def _post(self, texts: list[str], seconds: float) -> bytes:
        asked = {"model": self._model, "input": texts, "encoding_format": "float"}
        request = urllib.request.Request(
            f"{self._base}/embeddings",
            json.dumps(asked).encode(),
            {"Content-Type": "application/json", "Accept": "application/json"},
        )
        if self._options.key:
            request.add_unredirected_header("Authorization", f"Bearer {self._options.key}")
        deadline = time.monotonic() + seconds
        try:
            with self._opener.open(request, timeout=seconds) as response:
                return _read(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error, deadline) from error
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            cause = getattr(error, "reason", error)
            if isinstance(cause, TimeoutError):
                raise _Passing(f"{seconds:g} 秒内没有答完") from error
            if isinstance(cause, ssl.SSLError):
                told = f"加密连接没有建立（{cause.reason or cause}）"
                advice = "请检查证书是否受信任；服务不用加密时，地址写 http://"
                raise _Passing(told, advice=advice) from error
            said = reason(cause) if isinstance(cause, OSError) else str(cause)
            raise _Passing(f"连接失败（{' '.join(said.split())}）") from error

    def _refused(self, error: urllib.error.HTTPError, deadline: float) -> Exception:
        status = error.code
        if status in _PASSING or status >= 500:
            wait = _retry_after(error.headers.get("Retry-After", ""))
            asked = f"，要求 {wait:.0f} 秒后再试" if wait else ""
            return _Passing(f"HTTP {status}{asked}", wait, _BUSY)
        if status in (401, 403):
            key = "不被接受" if self._options.key else "没有设置"
            return ModelUnavailable(
                f"{self._place}拒绝了请求（HTTP {status}）：密钥{key}；请检查 JIPU_MODEL_KEY"
            )
        if 300 <= status < 400:
            return ModelUnavailable(
                f"{self._place}转到了别的地址（HTTP {status}）；"
                "为不泄露密钥没有跟去，请把 JIPU_MODEL 写成最终的地址"
            )
        try:
            said = _read(error, deadline)[: 4 * _SAID].decode(errors="replace")
        except (OSError, http.client.HTTPException):
            said = ""
        return ModelUnavailable(
            f"{self._place}不接受请求（HTTP {status}）：{self._quoted(said) or '没有说明'}；"
            "请检查地址和模型名，文字过长时请让服务自行截断，一次太多时减小 JIPU_MODEL_BATCH"
        )

    def _quoted(self, said: str) -> str:
        """A server's own words, without the key, which some repeat, and some as JSON writes it."""
        key = self._options.key.replace("\\", "")
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said).replace("\\", "")
        if key and key in plain:
            said = plain.replace(key, "***")
        return said[:_SAID]

    def _vectors(self, answer: bytes, count: int) -> NDArray[np.float32]:
        """The unit vectors of an answer, in the order of the texts."""
        try:
            told = json.loads(answer)
        except (ValueError, RecursionError) as error:
            raise _Passing("应答不完整，或不是 JSON") from error
        try:
            if isinstance(told, dict) and "data" not in told and told.get("error"):
                raise ModelUnavailable(f"{self._place}报错：{self._quoted(str(told['error']))}")
            data = {entry["index"]: entry["embedding"] for entry in told["data"]}
            rows = [np.asarray(data[index], np.float64) for index in sorted(data)]
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise ModelUnavailable(
                f"{self._place}的应答读不懂（{type(error).__name__}）；"
                "请确认地址是兼容 OpenAI 的向量接口"
            ) from error
        if sorted(data) != list(range(count)):
            raise ModelUnavailable(
                f"{self._place}应给出 {count} 个向量，却给出 {len(rows)} 个；"
                "请减小 JIPU_MODEL_BATCH，或换一个服务"
            )
        shapes = {row.shape for row in rows}
        if len(shapes) != 1 or rows[0].ndim != 1 or not rows[0].size:
            raise ModelUnavailable(f"{self._place}的向量长短不一；请检查服务的模型")
        if self.dimension and rows[0].size != self.dimension:
            raise ModelUnavailable(
                f"{self._place}原为 {self.dimension} 维，现在给出 {rows[0].size} 维，"
                "服务可能换了模型；请恢复原来的模型，或重新启动本程序后执行 jipu reindex"
            )
        vectors = np.stack(rows)
        with np.errstate(over="ignore"):
            norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise ModelUnavailable(
                f"{self._place}的向量中有零向量、无穷大或不是数的；请检查服务的模型"
            )
        return np.asarray(vectors / norms, dtype=np.float32)


class _Body(Protocol):
    def read1(self, most: int, /) -> bytes: ...


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirection is an error: texts and key are meant for the address that was named."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener(host: str) -> urllib.request.OpenerDirector:
    """Goes through the proxies of the environment, but never to this very machine."""
    handlers: list[urllib.request.BaseHandler] = [_Stay()]
    if _is_loopback(host):
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _read(response: _Body, deadline: float) -> bytes:
    """The whole body. Raises TimeoutError where it trickles on past the deadline."""
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if time.monotonic() > deadline:
            raise TimeoutError
        if len(body) > _MOST_BYTES:
            raise _Passing(f"应答超过 {_MOST_BYTES // 1024**2} MB")
    return bytes(body)


def _retry_after(text: str) -> float:
    """Seconds from now of a Retry-After header, which gives seconds or a date; 0 without one."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0)
    except ValueError:
        return 0
