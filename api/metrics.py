"""A few counters for /metrics, in the text format that Prometheus reads."""

import threading
import time
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_NO_ROUTE = "（无）"


class Metrics:
    """Requests by route and status, and the seconds they took. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[tuple[str, str], float] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is the route's template, never a path: ids would make endless series."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._seconds[method, route] = self._seconds.get((method, route), 0.0) + seconds

    def text(self, gauges: dict[str, int]) -> str:
        """`gauges` are named values of the moment, such as the nodes of each label."""
        lines = ["# TYPE jipu_requests_total counter"]
        with self._lock:
            for (method, route, status), count in sorted(self._requests.items()):
                labels = f'method="{method}",route="{route}",status="{status}"'
                lines.append(f"jipu_requests_total{{{labels}}} {count}")
            lines.append("# TYPE jipu_request_seconds_total counter")
            for (method, route), seconds in sorted(self._seconds.items()):
                labels = f'method="{method}",route="{route}"'
                lines.append(f"jipu_request_seconds_total{{{labels}}} {seconds:.6f}")
        lines.append("# TYPE jipu_graph_elements gauge")
        lines += [f'jipu_graph_elements{{name="{name}"}} {gauges[name]}' for name in sorted(gauges)]
        return "\n".join(lines) + "\n"


class CountRequests:
    """ASGI middleware that observes every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", _NO_ROUTE)
            # A client may send any word as its method.
            method = scope["method"] if route != _NO_ROUTE else "-"
            self.metrics.observe(method, route, status, time.perf_counter() - started)
