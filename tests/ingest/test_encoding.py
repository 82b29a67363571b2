"""Bytes to text in every encoding that Chinese documents come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encoding import decode
from ingest.errors import UnknownEncoding, UnsupportedFormat

TEXT = "一级指标\t二级指标\r\n产出指标\t数量指标\n青禾县 2025 年部门预算绩效文本，第一部分。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_encodings_give_the_same_text(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "a.txt") == (TEXT, False)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\x00\x01\x02\x03" * 50, UnsupportedFormat),  # binary
        (b"\x7fELF\x02\x01\x01" + bytes(64), UnsupportedFormat),  # a program
        ("县".encode() + b"\xff\xfe\xff" * 3 + "区".encode(), UnknownEncoding),  # damaged UTF-8
    ],
)
def test_what_is_no_text_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"a\.txt"):
        decode(content, "a.txt")


def test_the_place_of_the_damage_is_named() -> None:
    with pytest.raises(UnknownEncoding, match="第 2 行"):
        decode("青禾县\n".encode() + b"\xff\xff\xff" + "云岭县".encode(), "a.txt")


def test_a_character_cut_in_the_middle_is_told() -> None:
    text, cut = decode("青禾县".encode()[:-1], "a.txt")
    assert (text, cut) == ("青禾", True)


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_clear_error(content: bytes) -> None:
    try:
        decode(content, "a.txt")
    except (UnknownEncoding, UnsupportedFormat) as error:
        assert "a.txt" in str(error)
