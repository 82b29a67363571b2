"""Every error over HTTP has one shape: application/problem+json (RFC 9457), Chinese and English."""

import logging
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.errors import meaning
from api.logs import without_credentials
from graph.errors import JipuError

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("jipu.http")
_HTTP_CODES = {401: "unauthorized", 403: "forbidden", 404: "no_route", 405: "method_not_allowed"}
_HTTP_CODES |= {413: "upload_too_large", 422: "invalid_request"}
_HTTP_DETAILS = {
    400: "请求体读不懂；请确认是 UTF-8 的 JSON，嵌套不太深，数字不太长。",
    404: "没有这个地址；全部地址见 /docs。",
    405: "这个地址不支持这种方法；可用的方法见 /docs。",
}

Extension: TypeAlias = str | int | list[str] | None


def problem(
    code: str,
    detail: str,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **extensions: Extension,
) -> JSONResponse:
    """`code` decides title and status; `extensions` are members beside the standard ones."""
    known = meaning(code)
    status = known.http if status is None else status
    body = {
        "type": f"/docs#problem-{code}",
        "title": known.title,
        "title_en": known.title_en,
        "status": status,
        "detail": without_credentials(detail),
        "code": code,
        **extensions,
    }
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of the application answer as a problem."""
    app.add_exception_handler(JipuError, _jipu_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _bug)


async def _jipu_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, JipuError)
    headers = {"WWW-Authenticate": "Bearer"} if error.code == "unauthorized" else None
    near: Sequence[str] = getattr(error, "did_you_mean", ())
    if near:
        return problem(error.code, str(error), headers=headers, did_you_mean=list(near))
    return problem(error.code, str(error), headers=headers)


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem("invalid_request", "请求体不是合法的 JSON；请检查引号、逗号和括号。")
    places = ["/".join(str(part) for part in item["loc"]) for item in error.errors()]
    detail = f"请求中这些地方不对：{'、'.join(places)}；各项的类型和范围见 /docs。"
    return problem("invalid_request", detail, errors=places)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _HTTP_CODES.get(error.status_code, "http")
    detail = _HTTP_DETAILS.get(error.status_code, str(error.detail))
    return problem(code, detail, error.status_code, error.headers)


async def _bug(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return problem("internal", "服务器内部出错，已记入日志；请把日志中的这一条告诉维护者。")
