"""Is the server well?"""

from typing import Literal

from api.schemas.base import Wire


class HealthAnswer(Wire):
    status: Literal["ok"]


class ReadyAnswer(Wire):
    status: Literal["ready"]
    revision: int


class DegradedAnswer(Wire):
    """What is wrong, as problem+json says it elsewhere."""

    status: Literal["degraded"]
    code: str
    detail: str
