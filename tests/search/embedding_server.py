"""A real server of the embeddings protocol, that can be told to fail."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What one request gets in place of vectors. `body` is cut off by as many bytes as `missing`
    says, `trickle` seconds lie between any two bytes."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    missing: int = 0
    before: float = 0.0
    trickle: float = 0.0


class EmbeddingServer:
    """`faults` are used up first, one a request; then `changed` may spoil the right answer."""

    def __init__(self) -> None:
        self.dimension = 16
        self.key = ""
        self.faults: list[Fault] = []
        self.changed: Callable[[dict[str, Any]], object] = lambda answer: answer
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.url = ""

    @property
    def texts(self) -> list[str]:
        return [text for asked in self.asked for text in asked["input"]]

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        data = [
            {"object": "embedding", "index": index, "embedding": self.vector(text)}
            for index, text in enumerate(asked["input"])
        ]
        # The protocol promises no order.
        return {"object": "list", "model": asked["model"], "data": data[::-1]}

    def vector(self, text: str) -> list[float]:
        """Not of unit length; texts that share characters are near each other."""
        parts = [0.0] * self.dimension
        for character in text:
            parts[hashlib.sha256(character.encode()).digest()[0] % self.dimension] += 3.0
        parts[0] += 0.5
        return parts


@contextmanager
def embedding_server() -> Iterator[EmbeddingServer]:
    told = EmbeddingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.paths.append(self.path)
            told.headers.append(dict(self.headers))
            told.asked.append(json.loads(body))
            if told.faults:
                return self.fail(told.faults.pop(0))
            if told.key and self.headers.get("Authorization") != f"Bearer {told.key}":
                said = json.dumps({"error": f"wrong: {self.headers.get('Authorization')}"})
                return self.fail(Fault(401, body=said.encode()))
            answer = told.changed(told.answer(told.asked[-1]))
            return self.fail(Fault(body=json.dumps(answer).encode()))

        def fail(self, fault: Fault) -> None:
            time.sleep(fault.before)
            self.send_response(fault.status)
            for name, value in fault.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(fault.body)))
            self.end_headers()
            sent = fault.body[: len(fault.body) - fault.missing]
            try:
                if not fault.trickle:
                    self.wfile.write(sent)
                    return
                for byte in sent:
                    self.wfile.write(bytes([byte]))
                    time.sleep(fault.trickle)
            except ConnectionError:
                # The client had enough, as it should.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
