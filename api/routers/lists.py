"""Lists of what the graph knows."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query

from api.deps import Server, json_object
from api.lists import DEFAULT_PAGE, MAX_PAGE, departments, regions
from api.schemas.graph import ItemPageAnswer
from api.wire import Object

router = APIRouter(prefix="/api", tags=["图谱"])

Limit: TypeAlias = Annotated[int, Query(ge=1, le=MAX_PAGE, description="一页几条")]
Cursor: TypeAlias = Annotated[str | None, Query(description="上一页结果中的 next")]


@router.get("/departments", summary="部门和预算单位", response_model=ItemPageAnswer)
def list_departments(server: Server, limit: Limit = DEFAULT_PAGE, cursor: Cursor = None) -> Object:
    """按 id 排列；count 是它自己实施的项目数。"""
    return json_object(server, departments(server.store, limit, cursor))


@router.get("/regions", summary="行政区划", response_model=ItemPageAnswer)
def list_regions(server: Server, limit: Limit = DEFAULT_PAGE, cursor: Cursor = None) -> Object:
    """按代码排列；count 是区划内的部门数。"""
    return json_object(server, regions(server.store, limit, cursor))
