"""The export, streamed."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.deps import Cities, Counties, Departments, Server, Years
from api.errors import InvalidRequest
from api.export import Part, export_lines
from graph.schema import NODES

router = APIRouter(prefix="/api", tags=["图谱"])
MEDIA_TYPE = "application/x-ndjson"
_CHUNK_LINES = 200

Labels = Annotated[list[str], Query(alias="label", description=f"节点类型：{'、'.join(NODES)}")]


@router.get("/export", summary="导出图谱的全部或一部分", response_class=StreamingResponse)
def export(
    server: Server,
    counties: Counties = [],  # noqa: B006
    cities: Cities = [],  # noqa: B006
    years: Years = [],  # noqa: B006
    departments: Departments = [],  # noqa: B006
    labels: Labels = [],  # noqa: B006
    format: Annotated[str, Query(description="只有 jsonl", pattern="^jsonl$")] = "jsonl",
) -> StreamingResponse:
    """每行一个 JSON 对象：先是节点，按类型再按 id；然后是关系。"""
    unknown = [label for label in labels if label not in NODES]
    if unknown:
        raise InvalidRequest(f"没有 {unknown[0]} 这种节点；可用：{'、'.join(NODES)}。")
    part = Part(tuple(counties), tuple(cities), tuple(years), tuple(departments), tuple(labels))
    headers = {"Content-Disposition": f'attachment; filename="jipu.{format}"'}
    lines = export_lines(server.store, part)
    return StreamingResponse(_chunks(lines), media_type=MEDIA_TYPE, headers=headers)


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at a time: each piece of a stream costs a change of threads."""
    chunk: list[str] = []
    for line in lines:
        chunk.append(line + "\n")
        if len(chunk) == _CHUNK_LINES:
            yield "".join(chunk)
            chunk = []
    if chunk:
        yield "".join(chunk)
