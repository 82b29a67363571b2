"""The OpenAPI document: FastAPI's, with the one shape that every error has."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE
from api.schemas.base import Problem

_REFERENCE = "#/components/schemas/Problem"


def describe(app: FastAPI) -> dict[str, Any]:
    """Made once and kept on the application."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = Problem.model_json_schema()
        for operations in document["paths"].values():
            for operation in operations.values():
                _describe_errors(operation["responses"])
        app.openapi_schema = document
    return app.openapi_schema


def _describe_errors(responses: dict[str, Any]) -> None:
    responses.pop("422", None)
    content = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE}}}
    responses["default"] = {"description": "出错时", "content": content}
