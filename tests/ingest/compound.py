"""OLE2 compound files as small as they can be: a table, a directory, and streams side by side."""

import struct
from collections.abc import Mapping

SECTOR = 512
_END, _FREE, _TABLE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def entry(
    name: str,
    kind: int,
    *,
    left: int = _NONE,
    right: int = _NONE,
    child: int = _NONE,
    start: int = _END,
    size: int = 0,
) -> bytes:
    printed = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBB3L16xL16xLQ", printed, len(printed), kind, 1, left, right, child, 0, start, size
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Each stream is padded to 4096 bytes, so that it has sectors of its own."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    directory_sectors = -(-(len(padded) + 1) // 4)
    chain = [_TABLE, *range(2, directory_sectors + 1), _END]
    entries = [entry("Root Entry", 5, child=1 if padded else _NONE)]
    for number, (name, data) in enumerate(padded.items(), start=1):
        following = number + 1 if number < len(padded) else _NONE
        start, sectors = len(chain), -(-len(data) // SECTOR)
        chain += [*range(start + 1, start + sectors), _END]
        entries.append(entry(name, 2, right=following, start=start, size=len(data)))
    body = b"".join(data.ljust(-(-len(data) // SECTOR) * SECTOR, b"\0") for data in padded.values())
    return file(entries, chain, body)


def file(entries: list[bytes], chain: list[int], body: bytes = b"") -> bytes:
    """The allocation table is sector 0, the directory begins in sector 1."""
    header = struct.pack(
        "<8s16xHHHHH6x3L4x5L",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 4096, _END, 0, _END, 0),
    )
    header += struct.pack("<109L", 0, *[_FREE] * 108)
    table = struct.pack("<128L", *chain, *[_FREE] * (128 - len(chain)))
    directory = b"".join(entries)
    return header + table + directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0") + body
