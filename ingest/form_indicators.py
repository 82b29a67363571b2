"""The indicators of a form's rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.model import Indicator, Text
from graph.values.target import parse_target
from graph.values.target_units import follows, leads
from graph.values.traditional import simplify
from ingest.blocks import SourceText
from ingest.citations import citations_in
from ingest.form_grid import Place
from ingest.form_words import PROJECT_COLUMNS, FormColumn, number_width, without_number
from ingest.forms import FormRow
from ingest.vocabulary import compact

_CITING = (FormColumn.NAME, FormColumn.DESCRIPTION, FormColumn.VALUE, FormColumn.BASIS)
# The column 指标性质 says of these that the value stands alone.
_NO_OPERATOR = frozenset(
    {"定性", "定性指标", "定量", "定量指标", "其他", "其它", "无", "/", "-", "—"}
)
_NO_UNIT = frozenset({"", "无", "/", "-", "—", "——"})
_LEVEL_NOTE = re.compile(r"[（(].{0,12}[）)]$")


def text_at(source: SourceText, places: Sequence[Place], field: str) -> Text:
    """What the places print, from the first to the last, with the first one's table and row."""
    first, last = places[0], places[-1]
    start, end = first.cell.start, last.cell.end
    if not first.table:
        return source.cell(start, end, field)
    return source.cell(start, end, field, table=first.table, row=first.row, column=first.column)


def indicators_of(source: SourceText, rows: Sequence[FormRow]) -> Iterator[Indicator]:
    for position, row in enumerate(rows, start=1):
        texts = {
            column: text_at(source, [place], column.value)
            for column, place in row.cells.items()
            if column not in PROJECT_COLUMNS
        }
        name = texts[FormColumn.NAME] = _name(source, row.cells[FormColumn.NAME])
        nothing = _nothing(name)
        value = _value(texts, nothing)
        yield Indicator(
            position=position,
            level1=_level(texts.get(FormColumn.LEVEL1, nothing)),
            level2=_level(texts.get(FormColumn.LEVEL2, nothing)),
            name=name,
            description=texts.get(FormColumn.DESCRIPTION, nothing),
            value=value,
            target=parse_target(value.value),
            basis=texts.get(FormColumn.BASIS, nothing),
            horizon=row.horizon,
            half_year_value=texts.get(FormColumn.HALF_YEAR_VALUE),
            actual_value=texts.get(FormColumn.ACTUAL_VALUE),
            weight=texts.get(FormColumn.WEIGHT),
            score=texts.get(FormColumn.SCORE),
            deviation_reason=texts.get(FormColumn.DEVIATION_REASON),
            extra=tuple(_extra(source, row, texts)),
            citations=tuple(
                citation
                for column in _CITING
                if column in texts
                for citation in citations_in(texts[column], column.value)
            ),
        )


def _name(source: SourceText, place: Place) -> Text:
    """The indicator's name without what counts it: 指标1：公厕数 is 公厕数."""
    cell = place.cell
    width = number_width(source.text[cell.start : cell.end])
    named = replace(place, cell=replace(cell, start=cell.start + width))
    return text_at(source, [named if width < cell.end - cell.start else place], "name")


def _value(texts: dict[FormColumn, Text], nothing: Text) -> Text:
    """Operator, number and unit put together as one prints them; the place is the number's."""
    value = texts.get(FormColumn.VALUE, nothing)
    operator = _operator(texts)
    unit = texts[FormColumn.UNIT].value if FormColumn.UNIT in texts else ""
    if not value.value or not (operator or unit):
        return value
    printed = value.value
    if unit not in _NO_UNIT and not printed.endswith(unit):
        printed += unit
    if follows(operator):
        printed += operator
    elif not printed.startswith(operator):
        printed = operator + printed
    return Text(value=printed, evidence=value.evidence)


def _operator(texts: dict[FormColumn, Text]) -> str:
    """What the column 指标性质 holds, where that is an operator; 定性 is none."""
    said = compact(texts[FormColumn.OPERATOR].value) if FormColumn.OPERATOR in texts else ""
    return said if leads(said) or follows(said) else ""


def _extra(
    source: SourceText, row: FormRow, texts: dict[FormColumn, Text]
) -> Iterator[tuple[str, Text]]:
    """Cells that have no property of their own, by their heading; 正向 under 指标性质 too."""
    for title, place in row.others:
        yield title, text_at(source, [place], "extra")
    said = texts.get(FormColumn.OPERATOR)
    if said is not None and not _operator(texts) and compact(said.value) not in _NO_OPERATOR:
        yield "指标性质", replace(said, evidence=replace(said.evidence, field="extra"))


def _level(text: Text) -> Text:
    """A level as the vocabulary has it: 数量 and 数量指标（20分） are 数量指标."""
    words = _LEVEL_NOTE.sub("", without_number(simplify(compact(text.value))))
    if words and not words.endswith("指标"):
        words += "指标"
    return Text(value=words, evidence=text.evidence)


def _nothing(beside: Text) -> Text:
    at = beside.evidence.end
    return Text(value="", evidence=replace(beside.evidence, raw="", start=at, end=at, field=None))
