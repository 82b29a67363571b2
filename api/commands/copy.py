"""`jipu copy`: from one store to another."""

import click

from api.chinese import Command
from api.commands.output import json_option, pass_settings, print_json
from api.copying import copy_store
from api.progress import progress_bar
from api.settings import Settings, with_password
from graph.opening import open_store


@click.command("copy", cls=Command)
@click.argument("source_url")
@click.argument("target_url")
@json_option
@pass_settings
def command_copy(settings: Settings, source_url: str, target_url: str, as_json: bool) -> None:
    """把一个图谱的全部内容复制到另一个：SQLite 与 Neo4j 之间，哪个方向都可以。

    中断后再运行一次会接着复制；结束时核对两边的行数与校验和。
    """
    source_url, target_url = (
        with_password(url, settings.store_password_file) for url in (source_url, target_url)
    )
    with (
        open_store(source_url, read_only=True) as source,
        open_store(target_url) as target,
        progress_bar("份") as advance,
    ):
        copied = copy_store(source, target, advance)
    if as_json:
        print_json(
            {
                "documents": copied.documents,
                "vectors": copied.vectors,
                "lines": copied.lines,
                "sha256": copied.checksum,
            }
        )
    else:
        click.echo(
            f"已复制文件 {copied.documents:,} 份、向量 {copied.vectors:,} 个；"
            f"两边的导出都是 {copied.lines:,} 行，校验和相同（{copied.checksum[:16]}）。"
        )
