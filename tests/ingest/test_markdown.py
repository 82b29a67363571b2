"""Tables between pipes."""

import pytest

from ingest.errors import TooLarge
from ingest.limits import Limits
from ingest.reading import read


def tables(text: str, limits: Limits | None = None) -> list[list[list[str]]]:
    source = read(text.encode(), "a.md", "document:a", limits or Limits())
    assert source.text == text, "the text stays as it is"
    return [[[text[c.start : c.end] for c in row] for row in t.rows] for t in source.tables]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a title before, prose behind; the colons of alignment
        ("# 表\n\n| 甲 | 乙 |\n| --- | :-: |\n| 1 | 2 |\n\n完\n", [[["甲", "乙"], ["1", "2"]]]),
        # without pipes at the ends, and at the end of the file
        ("甲 | 乙\n---|---\n1 | 2", [[["甲", "乙"], ["1", "2"]]]),
        # empty cells, a row too short and one too long: all of one width
        ("|甲|乙|\n|-|-|\n||2|\n|1|\n|1|2|3|\n",
         [[["甲", "乙", ""], ["", "2", ""], ["1", "", ""], ["1", "2", "3"]]]),
        # a pipe behind a backslash is text
        ("|甲|乙|\n|---|---|\n|1\\|2|3|\n", [[["甲", "乙"], ["1\\|2", "3"]]]),
        # two tables
        ("|甲|\n|---|\n|1|\n\n|乙|\n|---|\n|2|\n", [[["甲"], ["1"]], [["乙"], ["2"]]]),
        # pipes without a line of dashes of equal width are prose
        ("甲 | 乙\n1 | 2\n", []),
        ("|甲|乙|\n|---|\n|1|2|\n", []),
    ],
)  # fmt: skip
def test_a_table_between_pipes(text: str, expected: list[list[list[str]]]) -> None:
    assert tables(text) == expected


def test_the_limit_is_named() -> None:
    with pytest.raises(TooLarge, match="max_table_cells"):
        tables("|甲|乙|\n|---|---|\n|1|2|\n", Limits(max_table_cells=3))
