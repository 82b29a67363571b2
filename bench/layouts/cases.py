"""Every document of the bench: a layout, a format and a county."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from bench.layouts import columns, department, forms, pages, statement
from bench.layouts.contents import counties
from bench.layouts.formats import FORMATS
from bench.layouts.layout import Layout
from bench.layouts.truth import Thing

LAYOUTS: tuple[Layout, ...] = (
    *statement.LAYOUTS,
    *forms.LAYOUTS,
    *department.LAYOUTS,
    *columns.LAYOUTS,
    *pages.LAYOUTS,
)
_COUNTIES_EACH = 2


@dataclass(frozen=True)
class Case:
    layout: Layout
    format: str
    county: str
    filename: str
    content: bytes
    things: tuple[Thing, ...]

    @property
    def name(self) -> tuple[str, str, str, str]:
        return self.format, self.layout.name, self.layout.variant, self.county


def cases(layouts: Sequence[Layout] = LAYOUTS) -> Iterator[Case]:
    """Each layout with two of the counties, in each format that holds it."""
    known = counties()
    for layout in layouts:
        # Of the name, so that a new layout changes no other one's documents.
        number = crc32(f"{layout.name} {layout.variant}".encode())
        for turn in range(_COUNTIES_EACH):
            county = known[(number + turn * len(known) // _COUNTIES_EACH) % len(known)]
            document, things = layout.fill(county)
            for format in layout.formats:
                yield Case(
                    layout,
                    format,
                    county.key,
                    f"{county.key}.{format}",
                    FORMATS[format](document),
                    tuple(things),
                )
