"""Bytes to text: the encodings that Chinese documents come in, by content and never by name."""

import codecs

from ingest.errors import UnknownEncoding, UnsupportedFormat

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 27}
_SAMPLE = 64 * 1024
_DAMAGE = 200  # characters for each one that may be damaged

_GB, _BIG5 = "gb18030", "big5hkscs"
# First bytes of punctuation and of the everyday characters: GB 2312 level 1, Big5 level 1.
_GB_EVERYDAY = (_GB, frozenset({0xA1, 0xA3, *range(0xB0, 0xD8)}))
_BIG5_EVERYDAY = (_BIG5, frozenset(range(0xA1, 0xC7)))
_SURE, _UNSURE = 0.9, 0.8


def decode(content: bytes, name: str) -> tuple[str, bool]:
    """The text, and whether the last character was cut off in the middle.

    Tried in order: byte order marks, UTF-16 without one, UTF-8, then GB18030 (which holds GBK and
    GB2312) or Big5, whichever gives everyday characters. Raises
    UnsupportedFormat for binary content and UnknownEncoding, with the place of the first byte that
    fits none, for the rest.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode(content[len(mark) :], encoding, name)
    if wide := _wide_encoding(content):
        return _decode(content, wide, name)
    if _is_binary(content):
        raise UnsupportedFormat(
            f"{name}：内容是二进制，不是文本，也不是能识别的文档格式；请另存为 txt 或 docx 后再试。"
        )
    try:
        return _decode(content, "utf-8", name)
    except UnknownEncoding as error:
        for encoding in _double_byte(content):
            try:
                text, cut = _decode(content, encoding, name)
            except UnknownEncoding:
                continue
            if _is_plausible(text):
                return text, cut
        raise error from None


def decode_leniently(content: bytes) -> str | None:
    """The text of a page in which a few bytes are damaged, each as U+FFFD; None if not a few."""
    for encoding in ("utf-8", *_double_byte(content)):
        text = content.decode(encoding, errors="replace")
        if text.count("\ufffd") * _DAMAGE <= len(text) and _is_plausible(text):
            return text
    return None


def _double_byte(content: bytes) -> tuple[str, str]:
    """GB18030 and Big5, the likelier first: each gives a meaning to most bytes of the other."""
    sample = content[:_SAMPLE]
    chinese, big5 = (_everyday(sample, *trait) for trait in (_GB_EVERYDAY, _BIG5_EVERYDAY))
    if big5 > _SURE and chinese < _UNSURE:
        return _BIG5, _GB
    return _GB, _BIG5


def _everyday(sample: bytes, encoding: str, leads: frozenset[int]) -> float:
    """The share of characters outside ASCII that the standard lists as everyday ones, 0 to 1."""
    text = sample.decode(encoding, errors="replace")
    others = [char for char in text if not char.isascii()]
    common = sum(char.encode(encoding, errors="replace")[0] in leads for char in others)
    return common / len(others) if others else 0.0


def _decode(content: bytes, encoding: str, name: str) -> tuple[str, bool]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnknownEncoding(
            f"{name}：第 {line} 行、第 {error.start + 1} 字节处不合 "
            "UTF-8、GB18030、Big5 或 UTF-16，文件可能损坏；请重新下载，或另存为 UTF-8 后再试。"
        ) from error
    pending = decoder.getstate()[0]
    return text, bool(pending)


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a mark: line ends and ASCII leave zeros on one side of the pairs only."""
    sample = content[:_SAMPLE]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # 一 is U+4E00: Han text has zeros on both sides, ASCII and line ends on one side only.
    encoding = "utf-16-le" if odd >= even else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None
    return encoding if _is_plausible(text) else None


def _is_binary(content: bytes) -> bool:
    sample = content[:_SAMPLE]
    return 0 in sample or sum(byte in _CONTROL for byte in sample) > len(sample) // 100


def _is_plausible(text: str) -> bool:
    """GB18030 gives a meaning to almost any bytes; real text is mostly Han and common marks."""
    sample = text[:_SAMPLE]
    odd = sum(
        "\ue000" <= char <= "\uf8ff"
        or char == "\ufffd"
        or (char < " " and char not in "\t\n\r\f\v")
        for char in sample
    )
    common = sum(
        "\u4e00" <= char <= "\u9fff"
        or char.isascii()
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uffef"
        for char in sample
    )
    return odd * 50 <= len(sample) and common * 10 >= len(sample) * 9
