"""For those who keep the server running. Only the counters need the right to read."""

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse

from api.deps import Server, may_read
from api.metrics import CONTENT_TYPE
from api.schemas.health import HealthAnswer, ReadyAnswer
from api.stats import stats
from api.wire import Object

router = APIRouter(tags=["运行"])


@router.get("/healthz", summary="进程活着", response_model=HealthAnswer)
def health() -> Object:
    """只要能回答就是 ok；不看图谱。"""
    return {"status": "ok"}


@router.get("/readyz", summary="可以回答问题", response_model=ReadyAnswer)
def ready(server: Server) -> Object:
    """图谱读得到时为 ready；读不到时返回 503。"""
    return {"status": "ready", "revision": server.store.revision()}


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
