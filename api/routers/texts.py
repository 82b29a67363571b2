"""What a text says: citations, target values, vectors."""

from fastapi import APIRouter

from api.deps import Server, json_object
from api.errors import InvalidRequest
from api.schemas.texts import (
    CiteAnswer,
    EmbedAnswer,
    TextRequest,
    TextsRequest,
    ValuesAnswer,
    ValuesRequest,
)
from api.services import Services
from api.vectors import rows
from api.wire import Object, plain
from graph.values.target import parse_target
from ingest.resolve import resolve

router = APIRouter(prefix="/api", tags=["文字"])


@router.post("/cite", summary="找出文号和《标题》", response_model=CiteAnswer)
def cite(server: Server, body: TextRequest) -> Object:
    """每处引用的位置、规范写法、状态和候选。text[start:end] 就是 raw。"""
    return json_object(server, {"citations": resolve(server.store, body.text)})


@router.post("/parse-value", summary="读懂指标值", response_model=ValuesAnswer)
def parse_value(server: Server, body: ValuesRequest) -> Object:
    """符号、数、单位和类别，次序与请求相同。"""
    _check_count(server, len(body.values))
    return json_object(server, {"values": [parse_target(value) for value in body.values]})


@router.post("/embed", summary="文字的向量", response_model=EmbedAnswer)
def embed(server: Server, body: TextsRequest) -> Object:
    """所配模型的单位向量，次序与请求相同。"""
    _check_count(server, len(body.texts))
    encoder = server.encoder
    vectors = rows(encoder.encode_passages(body.texts)) if body.texts else []
    return {"model": encoder.id, "dimension": encoder.dimension, "vectors": plain(vectors)}


def _check_count(server: Services, count: int) -> None:
    if count > server.settings.max_texts:
        raise InvalidRequest(
            f"一次最多 {server.settings.max_texts} 条，收到 {count} 条；"
            "请分次发送，或在 JIPU_MAX_TEXTS 中放宽。"
        )
