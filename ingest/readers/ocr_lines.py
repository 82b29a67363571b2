"""The lines that are drawn on a picture of a page: long dark runs that are not filled areas."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from ingest.readers.pdf_page import Edge

_Image: TypeAlias = Any
_Bits: TypeAlias = Any

_DARK = 150  # of 255
_SHORTEST = 18.0  # points; a shorter run is part of a character
_MOST = 20_000  # a page with more is a photograph, not a table
_FILLED = 4.0  # points; what is dark so far in both directions is an area, not a line


def edges(image: _Image, scale: float) -> Iterator[Edge]:
    """Horizontal and vertical lines of a grey picture with `scale` pixels to a point."""
    import numpy

    dark = numpy.asarray(image) < _DARK
    dark &= ~_filled(dark, max(3, round(_FILLED * scale)))
    shortest = max(3, round(_SHORTEST * scale))
    flat, upright = _runs(dark, shortest), _runs(dark.T, shortest)
    if len(flat) + len(upright) > _MOST:
        return
    for y, x0, x1 in flat:
        yield Edge(x0 / scale, y / scale, x1 / scale, y / scale)
    for x, y0, y1 in upright:
        yield Edge(x / scale, y0 / scale, x / scale, y1 / scale)


def _runs(dark: _Bits, shortest: int) -> list[tuple[int, int, int]]:
    """Row, start and end of the long runs. A row counts with its neighbours, as a line that leans
    a little steps from one to the next."""
    import numpy

    thick = dark.copy()
    thick[1:] |= dark[:-1]
    thick[:-1] |= dark[1:]
    padded = numpy.pad(thick, ((0, 0), (1, 1))).astype(numpy.int8)
    steps = numpy.diff(padded, axis=1)
    starts, ends = numpy.argwhere(steps == 1), numpy.argwhere(steps == -1)
    long = ends[:, 1] - starts[:, 1] >= shortest
    found = zip(starts[long].tolist(), ends[long][:, 1].tolist(), strict=True)
    return [(row, start, end) for (row, start), end in found]


def _filled(dark: _Bits, side: int) -> _Bits:
    """The places that a dark square of this side covers."""
    import numpy

    if min(dark.shape) <= side:
        return numpy.zeros_like(dark)
    inside = _sums(dark, side) == side * side
    return _sums(numpy.pad(inside, side - 1), side) > 0


def _sums(bits: _Bits, side: int) -> _Bits:
    """How many are set in each square; smaller than `bits` by side - 1 in both directions."""
    import numpy

    total = numpy.pad(bits.astype(numpy.int32), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    return total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
