"""`jipu embed`: unit vectors of the configured model, line by line."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import click

from api.chinese import Command
from api.commands.output import note, pass_settings, print_json
from api.errors import InvalidRequest
from api.searching import encoder_of
from api.settings import Settings
from api.vectors import rows
from api.wire import plain
from search.encoder import Encoder

_BATCH = 256


@click.command("embed", cls=Command)
@click.argument("file", default="-", metavar="[FILE|-]")
@pass_settings
def command_embed(settings: Settings, file: str) -> None:
    """每行一段文字，输出每行一个 JSON 数组（单位向量）。

    不写 FILE 或写 - 时从标准输入读入；空行也得到一个向量，行行对应。
    """
    encoder = encoder_of(settings)
    if file == "-":
        if sys.stdin.isatty():
            note("从标准输入读入，每行一段文字；按 Ctrl-D 结束。")
        _embed(encoder, sys.stdin)
        return
    try:
        with Path(file).open(encoding="utf-8") as source:
            _embed(encoder, source)
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{file}：不是 UTF-8 文字；请先转换编码。") from error


def _embed(encoder: Encoder, source: TextIO) -> None:
    """Batch by batch: memory stays flat however long the file is."""
    for texts in _batches(source):
        for vector in rows(encoder.encode_passages(texts)):
            print_json(plain(vector))


def _batches(source: TextIO) -> Iterator[list[str]]:
    while batch := [line.rstrip("\r\n") for line in islice(source, _BATCH)]:
        yield batch
