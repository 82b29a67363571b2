"""Questions in everyday words."""

from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Query

from api.deps import Cities, Counties, Departments, Level2, Server, Years, json_object
from api.errors import InvalidRequest
from api.schemas.search import (
    RecommendAnswer,
    RecommendRequest,
    SearchAnswer,
    SimilarAnswer,
    WordingsAnswer,
)
from api.wire import Object
from api.wire_search import search_answer
from search.query import MAX_LIMIT, SearchQuery

router = APIRouter(prefix="/api", tags=["检索"])

Type: TypeAlias = Literal["indicator", "project", "goal", "policy", "department", "document", "all"]
Part: TypeAlias = Literal[
    "policies",
    "projects",
    "counties",
    "years",
    "departments",
    "targets",
    "without",
    "official",
]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="一页几条")]
Text: TypeAlias = Annotated[str | None, Query(description="问题，日常说法即可")]
Alias: TypeAlias = Annotated[str | None, Query(include_in_schema=False)]


@router.get("/search", summary="按意思检索", response_model=SearchAnswer)
def search(
    server: Server,
    q: Text = None,
    query: Alias = None,
    text: Alias = None,
    type: Annotated[Type, Query(description="找哪一类")] = "indicator",
    counties: Counties = [],  # noqa: B006
    cities: Cities = [],  # noqa: B006
    years: Years = [],  # noqa: B006
    departments: Departments = [],  # noqa: B006
    level2: Level2 = [],  # noqa: B006
    limit: Limit = 10,
    cursor: Annotated[str | None, Query(description="上一页结果中的 next")] = None,
    literal: Annotated[bool, Query(description="什么也不理解，整句按原样检索")] = False,
    without_understanding: Annotated[list[Part], Query(description="不理解这一种，可重复")] = [],  # noqa: B006
) -> Object:
    """同类条件彼此是“或”，不同类的条件都要满足。表述相同的指标合为一条。"""
    wanted = SearchQuery(
        text=_question(q, query, text),
        type=type,
        counties=tuple(counties),
        cities=tuple(cities),
        years=tuple(years),
        departments=tuple(departments),
        level2=tuple(level2),
        limit=limit,
        cursor=cursor,
        literal=literal,
        without_understanding=tuple(without_understanding),
    )
    return json_object(server, search_answer(server.engine.search(wanted)))


@router.get(
    "/indicators/{id:path}/similar", summary="其他县的相近指标", response_model=SimilarAnswer
)
def similar(
    server: Server,
    id: str,
    scope: Annotated[
        Literal["other-counties", "all"], Query(description="只看其他县，或全部")
    ] = "other-counties",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="每个县最多几条")] = 10,
) -> Object:
    """按县分组；targets 中只有类别和单位都相同、可以相比的目标值。"""
    full = id if id.startswith("indicator:") else f"indicator:{id}"
    return json_object(server, server.engine.similar(indicator=full, scope=scope, limit=limit))


@router.get("/wordings", summary="一类指标通常怎样表述", response_model=WordingsAnswer)
def wordings(
    server: Server,
    q: Text = None,
    query: Alias = None,
    text: Alias = None,
    level2: Level2 = [],  # noqa: B006
    limit: Limit = 10,
) -> Object:
    """规范文字、用它的指标数和县、符号和目标值的分布、例子。"""
    found = server.engine.wordings(_question(q, query, text), tuple(level2), limit)
    return json_object(server, found)


@router.post("/recommend", summary="为一个项目推荐指标", response_model=RecommendAnswer)
def recommend(server: Server, body: RecommendRequest) -> Object:
    """相近的项目，和按二级指标分列的推荐指标：表述、目标值、哪些项目在用、例子和出处。"""
    found = server.engine.recommend(body.text, tuple(body.level2), body.limit)
    return json_object(server, found)


def _question(*spellings: str | None) -> str:
    """The text that was asked, under whichever name it came."""
    for text in spellings:
        if text is not None:
            return text
    raise InvalidRequest("缺少问题：请用参数 q 给出要检索的文字，例如 /api/search?q=群众满意度")
