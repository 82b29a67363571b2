"""`jipu`: the global options and the table of commands."""

import io
import os
import sys

import click

from api import VERSION
from api.chinese import LazyGroup, Option
from api.logs import configure
from api.settings import LOG_LEVELS, read_settings

_COMMANDS = {
    "ingest": ("api.commands.ingest", "读入文件、文件夹，写进图谱"),
    "search": ("api.commands.search", "按意思检索指标、项目、政策、部门……"),
    "similar": ("api.commands.similar", "其他县的相近指标和目标值"),
    "trace": ("api.commands.trace", "哪些指标、项目、资金引用了一份政策文件"),
    "wording": ("api.commands.wording", "一类指标通常怎样表述"),
    "recommend": ("api.commands.recommend", "给一段项目描述，推荐指标、表述和目标值"),
    "cite": ("api.commands.cite", "找出一段文字中的文号和《标题》"),
    "parse-value": ("api.commands.parse_value", "读懂指标值：符号、数、单位、类别"),
    "embed": ("api.commands.embed", "每行一段文字，得到每行一个向量"),
    "show": ("api.commands.show", "一个节点的属性、出处和关系"),
    "export": ("api.commands.export", "导出图谱的全部或一部分"),
    "copy": ("api.commands.copy", "把整个图谱复制到另一个图谱"),
    "stats": ("api.commands.stats", "图谱里有多少节点和关系"),
    "delete": ("api.commands.delete", "删去一份文件写入的内容"),
    "reindex": ("api.commands.reindex", "重建检索索引"),
    "eval": ("api.commands.evaluate", "用标注好的问题衡量检索"),
    "serve": ("api.commands.serve", "启动网页服务与 HTTP 接口"),
    "doctor": ("api.commands.doctor", "检查运行环境，逐项给出建议"),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
@click.option("--store", cls=Option, metavar="URL", help="图谱存放处（JIPU_STORE）。")
@click.option("--data", cls=Option, metavar="DIR", help="索引和上传文件的文件夹（JIPU_DATA）。")
@click.option(
    "--model", cls=Option, metavar="NAME", help="语义模型的名称、文件夹或服务地址（JIPU_MODEL）。"
)
@click.option(
    "--log-level", cls=Option, metavar="|".join(LOG_LEVELS), help="日志详细程度（JIPU_LOG_LEVEL）。"
)
@click.version_option(VERSION, cls=Option, message="绩谱 %(version)s", help="显示版本号。")
@click.pass_context
def cli(
    context: click.Context,
    store: str | None,
    data: str | None,
    model: str | None,
    log_level: str | None,
) -> None:
    """绩谱：县级预算绩效文件的知识图谱与语义检索。

    每条命令的用法：jipu 命令 --help
    """
    context.obj = read_settings(
        os.environ, store=store, data=data, model=model, log_level=log_level
    )
    configure(context.obj)


def main() -> None:
    """The entry point of the process. Output is UTF-8 wherever the locale says otherwise."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli.main()
