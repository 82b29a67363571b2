"""Single nodes and what lies around them."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query

from api.deps import Server, json_object
from api.nodes import NodeView, view
from api.schemas.graph import NodeAnswer, StatsAnswer, SubgraphAnswer
from api.services import Services
from api.stats import stats
from api.wire import Object
from graph.errors import NotFound
from graph.traverse import neighbourhood, path

router = APIRouter(prefix="/api", tags=["图谱"])
MAX_EDGES = 1000
MAX_DEPTH = 4
MAX_NEIGHBOURS = 1000
MAX_PATH = 10

EdgeLimit: TypeAlias = Annotated[int, Query(ge=0, le=MAX_EDGES, description="最多列出几条关系")]


@router.get("/indicators/{id:path}", summary="一条指标", response_model=NodeAnswer)
def indicator(server: Server, id: str, limit: EdgeLimit = 100) -> Object:
    """id 可以省去前缀 indicator:。"""
    return _one(server, "indicator", id, limit)


@router.get("/projects/{id:path}", summary="一个项目", response_model=NodeAnswer)
def project(server: Server, id: str, limit: EdgeLimit = 100) -> Object:
    """id 可以省去前缀 project:。"""
    return _one(server, "project", id, limit)


@router.get("/nodes/{id:path}/neighbourhood", summary="节点的周围", response_model=SubgraphAnswer)
def around(
    server: Server,
    id: str,
    depth: Annotated[int, Query(ge=1, le=MAX_DEPTH, description="走几步")] = 1,
    limit: Annotated[int, Query(ge=1, le=MAX_NEIGHBOURS, description="最多几个节点")] = 100,
) -> Object:
    """几步之内的节点和它们之间的关系；放不下时 truncated 为 true。"""
    _must_exist(server, id)
    return json_object(server, neighbourhood(server.store, id, depth, limit))


@router.get("/nodes/{id:path}", summary="一个节点", response_model=NodeAnswer)
def node(server: Server, id: str, limit: EdgeLimit = 100) -> Object:
    """任何类型的节点：属性、出处、关系，以及哪些文件写到它。"""
    return json_object(server, view(server.store, id, limit))


@router.get("/path", summary="两个节点之间最短的路", response_model=SubgraphAnswer)
def shortest(
    server: Server,
    source: Annotated[str, Query(alias="from", description="起点的 id")],
    target: Annotated[str, Query(alias="to", description="终点的 id")],
    max_depth: Annotated[int, Query(ge=1, le=MAX_PATH, description="最多几步")] = 6,
) -> Object:
    """不计方向；走不通时返回 404。"""
    for id in (source, target):
        _must_exist(server, id)
    found = path(server.store, source, target, max_depth)
    if found is None:
        raise NotFound(f"{source} 与 {target} 在 {max_depth} 步之内不相连。")
    return json_object(server, found)


@router.get("/stats", summary="图谱的规模", response_model=StatsAnswer)
def size(server: Server) -> Object:
    """各类节点和关系各有多少。"""
    return json_object(server, stats(server.store))


def _one(server: Services, prefix: str, id: str, limit: int) -> Object:
    full = id if id.startswith(f"{prefix}:") else f"{prefix}:{id}"
    found: NodeView = view(server.store, full, limit)
    return json_object(server, found)


def _must_exist(server: Services, id: str) -> None:
    if id not in server.store.get([id]):
        raise NotFound(f"图谱里没有 {id}。")
