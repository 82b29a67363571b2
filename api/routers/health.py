"""For those who keep the server running. Only the counters need the right to read."""

import asyncio

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse

from api.deps import Server, may_read
from api.logs import without_credentials
from api.metrics import CONTENT_TYPE
from api.schemas.health import DegradedAnswer, HealthAnswer, ReadyAnswer
from api.stats import stats
from api.wire import Object
from graph.errors import StoreUnavailable

PROBE_SECONDS = 2.0
router = APIRouter(tags=["运行"])


@router.get("/healthz", summary="进程活着", response_model=HealthAnswer)
def health() -> Object:
    """只要能回答就是 ok；不看图谱。"""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="可以回答问题",
    response_model=ReadyAnswer,
    responses={503: {"model": DegradedAnswer, "description": "图谱连不上"}},
)
async def ready(server: Server) -> JSONResponse:
    """图谱读得到时为 ready；读不到时约 2 秒内返回 503，状态为 degraded，并说明原因。"""
    # Not among the threads of the other routes: those may all be waiting for the store.
    try:
        revision = await asyncio.to_thread(server.store.probe, PROBE_SECONDS)
    except StoreUnavailable as error:
        reason = without_credentials(str(error))
        return JSONResponse({"status": "degraded", "code": error.code, "detail": reason}, 503)
    return JSONResponse({"status": "ready", "revision": revision})


@router.get(
    "/metrics",
    summary="计数",
    dependencies=[Depends(may_read)],
    response_class=PlainTextResponse,
)
def metrics(server: Server) -> PlainTextResponse:
    """请求数、用时和图谱规模，Prometheus 文本格式。"""
    counted = stats(server.store)
    gauges = {**counted.nodes, **counted.edges}
    return PlainTextResponse(server.metrics.text(gauges), media_type=CONTENT_TYPE)
