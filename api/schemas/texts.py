"""What a text says."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator

from api.schemas.base import Wire


def _encodable(text: str) -> str:
    # JSON can name half a character, "\ud83d", which no answer can repeat.
    text.encode()
    return text


Text: TypeAlias = Annotated[str, AfterValidator(_encodable)]


class TextRequest(Wire):
    text: Text


class TextsRequest(Wire):
    texts: list[Text]


class ValuesRequest(Wire):
    values: list[Text]


class Citation(Wire):
    """text[start:end] 就是 raw。articles 是引用到的条；reference 表示“该办法”一类的指代，number
    和 title 是它所指的文件。"""

    start: int
    end: int
    raw: str
    number: str | None
    title: str | None
    issuer_prefix: str | None
    year: int | None
    serial: str | None
    status: Literal["resolved", "stub", "ambiguous", "unknown"]
    candidates: list[str]
    articles: list[str]
    reference: bool


class CiteAnswer(Wire):
    citations: list[Citation]


class Value(Wire):
    raw: str
    operator: str
    numbers: list[str]
    unit: str
    kind: str


class ValuesAnswer(Wire):
    values: list[Value]


class EmbedAnswer(Wire):
    model: str
    dimension: int
    vectors: list[list[float]]
