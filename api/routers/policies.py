"""Policies: by any spelling of their number or title, and what hangs on them."""

from typing import Annotated, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import Server, json_object
from api.nodes import view
from api.policies import find_policy
from api.routers.nodes import EdgeLimit
from api.schemas.graph import NodeAnswer
from api.schemas.policies import ChainAnswer, TraceAnswer
from api.tracing import UnknownPolicy, trace_answer
from api.wire import Object
from graph.traverse import chain

router = APIRouter(prefix="/api", tags=["政策"])
MAX_DEPTH = 16

Depth: TypeAlias = Annotated[
    int | None, Query(ge=1, le=MAX_DEPTH, description="沿引用最多走几层；不写用设置 trace_depth")
]


@router.get("/policies/{id:path}/trace", summary="谁引用了它", response_model=TraceAnswer)
def trace(server: Server, id: str, depth: Depth = None) -> Object:
    """id 可以是文号的任何写法或《标题》。没有这份文件时，各项为空，did_you_mean 给出相近的。"""
    depth = server.settings.trace_depth if depth is None else depth
    return json_object(server, trace_answer(server.store, id, depth))


@router.get("/policies/{id:path}/chain", summary="引用链", response_model=ChainAnswer)
def levels(server: Server, id: str, depth: Depth = None) -> Object:
    """从上级依据到下级文件，逐层列出。"""
    wanted = find_policy(server.store, id)
    depth = server.settings.trace_depth if depth is None else depth
    found = None if wanted.id is None else chain(server.store, wanted.id, depth)
    if found is None:
        raise UnknownPolicy(server.store, wanted)
    return json_object(server, found)


@router.get("/policies/{id:path}", summary="一份政策文件", response_model=NodeAnswer)
def policy(server: Server, request: Request, id: str, limit: EdgeLimit = 100) -> Object | Response:
    """id 不是规范写法时，转到（307）规范写法的地址。"""
    wanted = find_policy(server.store, id)
    if wanted.id is None:
        raise UnknownPolicy(server.store, wanted)
    if wanted.id != id:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/api/policies/{quote(wanted.id, safe='')}{query}")
    return json_object(server, view(server.store, id, limit))
