"""What routes ask for: the services, who may do what, the wanted page of a list."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Query, Request

from api.access import check_reading, check_writing
from api.services import Services
from api.wire import Json, Object, answer


def _services(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


Server: TypeAlias = Annotated[Services, Depends(_services)]


def may_read(request: Request, server: Server) -> None:
    check_reading(server.settings, _client(request), request.headers)


def may_write(request: Request, server: Server) -> None:
    check_writing(server.settings, _client(request), request.headers)


def _client(request: Request) -> str | None:
    return request.client.host if request.client else None


def json_object(server: Services, value: object) -> Object:
    """An answer that is one JSON object, with file names beside its evidence."""
    body: Json = answer(server.store, value)
    assert isinstance(body, dict)
    return body


Counties: TypeAlias = Annotated[list[str], Query(alias="county", description="县区名称或代码")]
Cities: TypeAlias = Annotated[list[str], Query(alias="city", description="市名称或代码")]
Years: TypeAlias = Annotated[list[int], Query(alias="year", description="预算年度")]
Departments: TypeAlias = Annotated[
    list[str], Query(alias="department", description="部门名称或代码")
]
Level2: TypeAlias = Annotated[list[str], Query(alias="level2", description="二级指标")]
