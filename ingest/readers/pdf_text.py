"""Characters to lines, from the top down; two columns one by one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.readers.pdf_page import Glyph

_SAME_LINE = 0.5  # of the size of a character, between two baselines
_GAP_LATIN = 0.25
_GAP_HAN = 1.0
_GUTTER = 1.2
_DOWNWARDS = 0.7  # of the steps from one character to the next
_SLACK = 0.2  # of a character: what a line may lack to be full
_FEWEST_LINES = 4  # in a column of text
# 12座 in 12座，新增 · [2025]9001 in [2025]9001号 · 座， in 座，新  ·  not: 改造 in 改造公厕
_FIRST_WORD = re.compile(r"[（《“〔【\[(]*(?:[!-~]+|.)[，。；：、！？”）》〕】％%\])]*")
_HAN = r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]"
# 项 目 名 称 · 合　计 ：  ·  not: 合 计数, A B
_SPREAD = re.compile(rf"{_HAN}(?:[ \u3000]+{_HAN})+")
# 万元 ） · （ 万元  ·  not: ） 万元
_BLANK_IN_MARKS = re.compile(r"(?<=[（《〔【]) +| +(?=[，。；：、）》〕】])")
# budget of | the county  ·  not: 指标 | 值, 2025 | 年
_LETTERS_MEET = re.compile(r"[A-Za-z,.;:]\n[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box; `y` is the baseline."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


def stream_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Runs on one baseline, in the order of the content stream."""
    lines: list[Line] = []
    run: list[Glyph] = []
    last: Glyph | None = None  # that is no blank
    for glyph in glyphs:
        if last and (not _same_line(last, glyph) or _far(last, glyph)):
            lines.extend(_line(run))
            run, last = [], None
        run.append(glyph)
        last = last if glyph.text.isspace() else glyph
    lines.extend(_line(run))
    return lines


def _far(a: Glyph, b: Glyph) -> bool:
    """Back on the same baseline, or beyond what might be the gap between two columns."""
    return b.x1 < a.x0 or b.x0 - a.x1 > _GUTTER * max(a.size, b.size)


def visual_rows(lines: Iterable[Line]) -> list[list[Line]]:
    """What stands on one baseline, from the left; from the top down, however it was written."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda found: found.y):
        if rows and abs(rows[-1][0].y - line.y) <= _SAME_LINE * max(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows]


def rejoined(row: Sequence[Line]) -> list[Line]:
    """The pieces of a row as one line; those that lie upon one another stay apart."""
    result: list[Line] = []
    for line in row:
        last = result[-1] if result else None
        if last and line.x0 >= last.x1:
            result[-1] = replace(last, text=f"{last.text} {line.text}", x1=line.x1)
        else:
            result.append(line)
    return [replace(line, text=_closed(line.text)) for line in result]


def _closed(text: str) -> str:
    return "".join(text.split()) if _SPREAD.fullmatch(text) else _BLANK_IN_MARKS.sub("", text)


def _same_line(a: Glyph, b: Glyph) -> bool:
    return abs(a.y - b.y) <= _SAME_LINE * max(a.size, b.size, 1.0)


def _line(run: Sequence[Glyph]) -> list[Line]:
    """The run as a line; none where it holds only blanks."""
    text = ""
    for before, glyph in zip([None, *run], run, strict=False):
        if before is not None and _apart(before, glyph):
            text += " "
        text += glyph.text
    if not text.strip():
        return []
    size = max(glyph.size for glyph in run)
    return [Line(_closed(text.strip()), run[0].x0, max(g.x1 for g in run), run[0].y, size)]


def _apart(a: Glyph, b: Glyph) -> bool:
    latin = a.text.isascii() and b.text.isascii()
    gap = (_GAP_LATIN if latin else _GAP_HAN) * max(a.size, b.size)
    return b.x0 - a.x1 > gap and not a.text.isspace() and not b.text.isspace()


def by_columns(lines: list[Line]) -> list[Line] | None:
    """Two columns: the left before the right, between lines that span both. None: no columns."""
    if not lines:
        return None
    middle = (min(line.x0 for line in lines) + max(line.x1 for line in lines)) / 2
    left = [line for line in lines if line.x1 <= middle]
    right = [line for line in lines if line.x0 >= middle]
    if not (_is_column(left, middle) and _is_column(right, middle)):
        return None
    result: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda found: found.y):
        if line.x0 < middle < line.x1:
            result.extend(_by_column(band, middle))
            result.append(line)
            band = []
        else:
            band.append(line)
    return result + _by_column(band, middle)


def _by_column(band: list[Line], middle: float) -> list[Line]:
    left = [line for line in band if line.x1 <= middle]
    return left + [line for line in band if line.x1 > middle]


def _is_column(lines: list[Line], middle: float) -> bool:
    """Lines one below another that mostly reach over half of their side."""
    if len(lines) < _FEWEST_LINES:
        return False
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    ys = sorted(line.y for line in lines)
    alone = sum(b - a > 1.0 for a, b in pairwise(ys)) >= 0.8 * (len(ys) - 1)
    wide = sum(line.x1 - line.x0 > 0.6 * (right - left) for line in lines)
    return alone and wide >= 0.5 * len(lines) and right - left > 8 * lines[0].size


def cell_text(glyphs: Sequence[Glyph], width: float = 0.0) -> str:
    """The text of one cell, from the top down; a line that was broken for width goes on.

    `width` is that of the cell, 0 where no lines tell it.
    """
    upright = [glyph for glyph in glyphs if not glyph.turned]
    if _runs_downwards(upright):
        return "".join(glyph.text for glyph in glyphs).strip()
    lines = _cell_lines(upright)
    written = "".join(glyph.text for glyph in glyphs if glyph.turned).strip()
    if not lines:
        return written
    text = lines[0].text
    room = _room(lines, width)
    for before, line in pairwise(lines):
        if _full(before, line, room, max(line.x1 for line in lines)):
            meets = _LETTERS_MEET.search(f"{before.text[-1]}\n{line.text[0]}")
            text += (" " if meets else "") + line.text
        else:
            text += "\n" + line.text
    return text + written


def _runs_downwards(glyphs: Sequence[Glyph]) -> bool:
    """绩 ⏎ 效: written one below another, be it in several columns from the right to the left."""
    pairs = list(pairwise(glyph for glyph in glyphs if not glyph.text.isspace()))
    below = sum(b.y - a.y > _SAME_LINE * a.size and b.x0 < a.x1 and b.x1 > a.x0 for a, b in pairs)
    return bool(pairs) and below >= _DOWNWARDS * len(pairs)


def _cell_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.y):
        if rows and _same_line(rows[-1][0], glyph):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [line for row in rows for line in _line(sorted(row, key=lambda g: g.x0))]


def _room(lines: Sequence[Line], width: float) -> float:
    """How wide a line of the cell may be: as the widest, or what the padding leaves of the cell.

    As a cell is drawn, its padding is no wider than a character.
    """
    return max(max(line.x1 - line.x0 for line in lines), width - 2 * _em(lines[0]))


def _full(line: Line, following: Line, room: float, right: float) -> bool:
    """Whether the first word of the following line had no place on this one."""
    word = _FIRST_WORD.match(following.text)
    share = _halves(word[0]) / _halves(following.text) if word else 1.0
    needed = share * (following.x1 - following.x0) - _SLACK * _em(following)
    return line.x1 - line.x0 + needed > room or line.x1 + needed > right


def _em(line: Line) -> float:
    """How wide a Chinese character of the line is."""
    return 2 * (line.x1 - line.x0) / _halves(line.text)


def _halves(text: str) -> int:
    """How many Latin letters are as wide: a Chinese character counts as two."""
    return len(text) + sum(char > "\u2000" for char in text)
