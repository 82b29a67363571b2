"""`jipu delete`: take a document out again."""

import click

from api.chinese import Command
from api.commands.output import json_option, pass_settings, print_json
from api.settings import Settings
from graph.errors import NotFound
from graph.opening import open_store


@click.command("delete", cls=Command)
@click.argument("document_id")
@json_option
@pass_settings
def command_delete(settings: Settings, document_id: str, as_json: bool) -> None:
    """删去一份文件写入的内容，图谱恢复成从未读入它的样子。

    没有这份文件时退出码为 1。索引在下次检索时自动跟上。
    """
    with open_store(settings.store) as store:
        if not store.delete_document(document_id):
            raise NotFound(
                f"图谱里没有文件 {document_id}。"
                "文件的 id 形如 document:十六位，可用 jipu search --type document 找到它。"
            )
    if as_json:
        print_json({"deleted": document_id})
    else:
        click.echo(f"已删去 {document_id}。")
