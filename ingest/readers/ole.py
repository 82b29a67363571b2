"""OLE2 compound files (MS-CFB): which program wrote one, told by the streams at its top.

An embedded workbook lies in a storage of its own, so a Word file that holds one stays a Word file.
Sectors and entries are visited once each, as a hostile file makes circles of them.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import UnsupportedFormat

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128
_LAST_SECTOR = 0xFFFFFFFA
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_FIRST_SECTORS = 109
_WORD, _ENCRYPTED = 0xA5EC, 0x0100


class BrokenOle(ValueError):
    """The file ends early, or its directory contradicts itself."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int


def streams(content: bytes) -> dict[str, bytes]:
    """The streams at the top by name, of each the first 32 bytes; none of it where it is so small
    that it shares its sector. Raises BrokenOle."""
    if len(content) < _HEADER:
        raise BrokenOle("文件头不完整")
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise BrokenOle("扇区大小不对")
    size = 1 << shift
    table = _table(content, size)
    directory = b"".join(_chain(content, size, table, _number(content, 48)))
    entries = [
        _entry(directory[at : at + _ENTRY]) for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)
    ]
    if not entries or entries[0].kind != _ROOT:
        raise BrokenOle("没有目录")
    small = _number(content, 56)
    found = {}
    for entry, length in _tree(entries, directory):
        large = length >= small and entry.start <= _LAST_SECTOR
        found[entry.name] = _sector(content, size, entry.start)[:32] if large else b""
    return found


def is_encrypted_word(head: bytes) -> bool:
    """Whether the stream WordDocument, of which this is the beginning, lies behind a password
    (FibBase.fEncrypted, MS-DOC 2.5.2)."""
    if len(head) < 12:
        return False
    magic, flags = struct.unpack_from("<H8xH", head)
    return magic == _WORD and bool(flags & _ENCRYPTED)


def locked(name: str) -> UnsupportedFormat:
    """The error for a file that only opens with a password."""
    return UnsupportedFormat(
        f"{name}：文件加了密码，读不出内容；请用 Office 或 WPS 打开，去掉密码后另存再入库。"
    )


def _number(content: bytes, at: int) -> int:
    return int(struct.unpack_from("<L", content, at)[0])


def _sector(content: bytes, size: int, number: int) -> bytes:
    start = (number + 1) * size
    if start >= len(content):
        raise BrokenOle("文件在中间断开")
    return content[start : start + size]


def _table(content: bytes, size: int) -> dict[int, int]:
    """Which sector of the allocation table stands where: its own number, and its sector."""
    places = [*struct.unpack_from(f"<{_FIRST_SECTORS}L", content, 76)]
    further, seen = _number(content, 68), set[int]()
    while further <= _LAST_SECTOR:
        if further in seen:
            raise BrokenOle("扇区表绕成了圈")
        seen.add(further)
        numbers = struct.unpack_from(f"<{size // 4}L", _whole(content, size, further))
        places.extend(numbers[:-1])
        further = numbers[-1]
    return {index: place for index, place in enumerate(places) if place <= _LAST_SECTOR}


def _whole(content: bytes, size: int, number: int) -> bytes:
    return _sector(content, size, number).ljust(size, b"\xff")


def _chain(content: bytes, size: int, table: dict[int, int], number: int) -> Iterator[bytes]:
    seen = set[int]()
    while number <= _LAST_SECTOR:
        if number in seen:
            raise BrokenOle("目录绕成了圈")
        seen.add(number)
        yield _sector(content, size, number)
        index, within = divmod(number, size // 4)
        if index not in table:
            raise BrokenOle("扇区表不完整")
        number = _number(_whole(content, size, table[index]), within * 4)


def _entry(data: bytes) -> _Entry:
    length = min(struct.unpack_from("<H", data, 64)[0], 64)
    left, right, child = struct.unpack_from("<3L", data, 68)
    name = data[: max(0, length - 2)].decode("utf-16-le", errors="replace")
    return _Entry(name, data[66], left, right, child, _number(data, 116))


def _tree(entries: list[_Entry], directory: bytes) -> Iterator[tuple[_Entry, int]]:
    """The streams right below the root, and their lengths. Every entry of the whole tree is
    visited, as xlrd follows them all: through one with two parents it would never end."""
    waiting = [(entries[0].child, True)]
    seen = set[int]()
    while waiting:
        number, top = waiting.pop()
        if number > _LAST_SECTOR:
            continue
        if number in seen or number >= len(entries):
            raise BrokenOle("目录互相矛盾")
        seen.add(number)
        entry = entries[number]
        waiting += [(entry.left, top), (entry.right, top)]
        if entry.kind == _STORAGE:
            waiting.append((entry.child, False))
        if top and entry.kind == _STREAM:
            yield entry, _number(directory, number * _ENTRY + 120)
