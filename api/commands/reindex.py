"""`jipu reindex`: build the search index anew."""

import click

from api.chinese import Command
from api.commands.output import note, pass_settings
from api.progress import progress_bar
from api.searching import engine_of
from api.settings import Settings
from graph.opening import open_store


@click.command("reindex", cls=Command)
@pass_settings
def command_reindex(settings: Settings) -> None:
    """重建检索索引。平时不需要：索引会自己跟上图谱；换了语义模型以后要执行一次。

    已有的向量不会重算，中断了再执行会接着算；建好之前，检索仍用原来的索引。
    """
    with open_store(settings.store) as store, progress_bar("条") as advance:
        engine_of(store, settings).rebuild(advance)
    note("索引已重建。")
