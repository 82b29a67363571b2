"""The indicators of a form's rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.model import Indicator, Text
from graph.values.target import parse_target
from graph.values.traditional import simplify
from ingest.blocks import SourceText
from ingest.citations import citations_in
from ingest.form_grid import Place
from ingest.form_words import PROJECT_COLUMNS, FormColumn
from ingest.forms import FormRow
from ingest.vocabulary import compact

_CITING = (FormColumn.NAME, FormColumn.DESCRIPTION, FormColumn.VALUE, FormColumn.BASIS)
# The column 指标性质 says of these that the value stands alone.
_NO_OPERATOR = frozenset(
    {"定性", "定性指标", "定量", "定量指标", "其他", "其它", "无", "/", "-", "—"}
)
_NO_UNIT = frozenset({"无", "/", "-", "—", "——"})
_LEVEL_NOTE = re.compile(r"[（(].{0,12}[）)]$")


def text_at(source: SourceText, places: Sequence[Place], field: str) -> Text:
    """What the places print, from the first to the last, with the first one's table and row."""
    first, last = places[0], places[-1]
    return source.cell(
        first.cell.start,
        last.cell.end,
        field,
        table=first.table,
        row=first.row,
        column=first.column,
    )


def indicators_of(source: SourceText, rows: Sequence[FormRow]) -> Iterator[Indicator]:
    for position, row in enumerate(rows, start=1):
        texts = {
            column: text_at(source, [place], column.value)
            for column, place in row.cells.items()
            if column not in PROJECT_COLUMNS
        }
        name = texts[FormColumn.NAME]
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
            extra=tuple((title, text_at(source, [at], "extra").value) for title, at in row.others),
            citations=tuple(
                citation
                for column in _CITING
                if column in texts
                for citation in citations_in(texts[column], column.value)
            ),
        )


def _value(texts: dict[FormColumn, Text], nothing: Text) -> Text:
    """Operator, number and unit put together as one prints them; the place is the number's."""
    value = texts.get(FormColumn.VALUE, nothing)
    operator = texts.get(FormColumn.OPERATOR)
    unit = texts.get(FormColumn.UNIT)
    if operator is None and unit is None:
        return value
    sign = operator.value if operator and operator.value not in _NO_OPERATOR else ""
    printed = value.value if value.value.startswith(sign) else sign + value.value
    suffix = unit.value if unit and unit.value not in _NO_UNIT else ""
    whole = printed if not value.value or printed.endswith(suffix) else printed + suffix
    return Text(value=whole, evidence=value.evidence)


def _level(text: Text) -> Text:
    """A level as the vocabulary has it: 数量 and 数量指标（20分） are 数量指标."""
    words = _LEVEL_NOTE.sub("", simplify(compact(text.value)))
    if words and not words.endswith("指标"):
        words += "指标"
    return Text(value=words, evidence=text.evidence)


def _nothing(beside: Text) -> Text:
    at = beside.evidence.end
    return Text(value="", evidence=replace(beside.evidence, raw="", start=at, end=at, field=None))
