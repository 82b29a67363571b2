"""A layout in one of its variants: what turns a county's contents into a document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bench.layouts.contents import County, Indicator
from bench.layouts.grid import LEFT, Paper, Row
from bench.layouts.truth import Thing

Filled: TypeAlias = tuple[Paper, Sequence[Thing]]
TEXT_FORMATS = ("docx", "html", "md", "pdf", "txt")
ALL_FORMATS = ("csv", "docx", "html", "md", "pdf", "txt", "xlsx")
SHEETS = ("csv", "html", "pdf", "xlsx")


@dataclass(frozen=True, slots=True)
class Layout:
    """`name` begins with the number of the form, `variant` says what is special in this one."""

    name: str
    variant: str
    fill: Callable[[County], Filled]
    formats: tuple[str, ...] = ALL_FORMATS


def line(*cells: str, width: int) -> Row:
    """A row of a form: labels and contents in turn, the last one as wide as is left."""
    return (*cells, *[LEFT] * (width - len(cells)))


def level_rows(items: Sequence[Indicator], *columns: Callable[[Indicator], str]) -> list[Row]:
    """The three levels and what each column prints of an indicator."""
    return [(*item.levels, *(column(item) for column in columns)) for item in items]


def value_text(item: Indicator) -> str:
    return item.value.text
