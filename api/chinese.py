"""click in Chinese: help pages, usage errors and exit statuses; commands are loaded when named."""

import logging
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn

import click

from api.errors import meaning
from api.logs import without_credentials
from api.terminal import display_width, pad, wrap
from graph.errors import JipuError, reason

_LOG = logging.getLogger(__name__)
_USAGE = 2
_DISK_ADVICE = "请检查路径、权限和磁盘空间。"
_INTERRUPTED = 130


class Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{heading}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = ("".join(part.split("\n")) for part in text.split("\n\n"))
        lines = ("\n".join(wrap(p.strip(), self.width, indent, indent)) for p in paragraphs)
        self.write("\n\n".join(lines) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 28, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        column = min(max(display_width(term) for term, _ in rows), col_max) + col_spacing
        blank = " " * (self.current_indent + column)
        for term, meaning_ in rows:
            head = " " * self.current_indent + pad(term, column)
            if display_width(term) > col_max:
                self.write(head + "\n")
                head = blank
            self.write("\n".join(wrap(meaning_, self.width, blank, head)) + "\n")


class Context(click.Context):
    formatter_class = Formatter


class Option(click.Option):
    """Shows its default in Chinese; a flag that is off by default shows nothing."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        default = shown_default(self)
        if record is None or not default:
            return record
        return record[0], f"{record[1]}［默认 {default}］"


def shown_default(option: click.Option) -> str:
    """The default as help and documentation print it; "" where there is none to print."""
    value = option.to_info_dict()["default"]
    if option.is_flag or not isinstance(value, str | int) or value == "":
        return ""
    return str(value)


class Command(click.Command):
    context_class = Context

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **rest})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这页说明。"
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            record
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option)
            and (record := parameter.get_help_record(ctx)) is not None
        ]
        with formatter.section("选项"):
            formatter.write_dl(records)


class LazyGroup(Command, click.Group):
    """Knows its commands by a table name → (module, summary): `jipu trace` must not pay for
    importing what `jipu serve` needs. Each module names the command as `command_<name>`.
    """

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, subcommand_metavar="命令 [参数]...", **rest)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry[0]), "command_" + cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.table and not args[0].startswith("-"):
            near = _perhaps(get_close_matches(args[0], self.table))
            raise click.UsageError(f"没有“{args[0]}”这个命令{near}。", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section("命令"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.table.items()])

    def main(self, args: Sequence[str] | None = None, *_: object, **__: object) -> NoReturn:
        """Run, and end the process with the status that the contract gives."""
        try:
            with self.make_context("jipu", list(sys.argv[1:] if args is None else args)) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
            sys.exit(0)
        except click.exceptions.Exit as end:
            sys.exit(end.exit_code)
        except click.exceptions.NoArgsIsHelpError as help_page:
            click.echo(help_page.ctx.get_help(), err=True)
            sys.exit(_USAGE)
        except click.ClickException as error:
            _complain(f"{in_chinese(error)}{_where_help_is(error)}")
            sys.exit(_USAGE)
        except JipuError as error:
            _complain(str(error))
            sys.exit(meaning(error.code).exit)
        except (KeyboardInterrupt, click.Abort):
            _complain("\n已中断；已经写入的文件都是完整的。")
            sys.exit(_INTERRUPTED)
        except BrokenPipeError:
            # The reader has what it wanted (| head). What is still buffered must go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as error:
            _complain(f"{error.filename or '输出'}：读写失败（{reason(error)}）；{_DISK_ADVICE}")
            sys.exit(_USAGE)
        except Exception as error:
            _LOG.debug("%s", error, exc_info=True)
            _complain(
                "程序内部出错；已经写入的文件都是完整的。"
                "请用 jipu --log-level debug 再运行一次，把全部输出报告给开发者。"
            )
            sys.exit(_USAGE)


def _complain(message: str) -> None:
    click.echo(without_credentials(message), err=True)


def _where_help_is(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if isinstance(context, click.Context) else "jipu"
    return f"用法见 {command} --help"


def in_chinese(error: click.ClickException) -> str:
    """One sentence for a usage error; the messages of our own parameter types are Chinese."""
    if isinstance(error, click.MissingParameter):
        return f"缺少{_name(error.param, error.ctx)}。"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param, error.ctx)} 的值不对：{error.message}"
    if isinstance(error, click.NoSuchOption):
        near = _perhaps(error.possibilities or ()) or "；若是文字，请写在 -- 之后"
        return f"没有 {error.option_name} 这个选项{near}。"
    if isinstance(error, click.BadOptionUsage):
        needs = "requires" in error.message
        return f"选项 {error.option_name} {'后面要有一个值' if needs else '用法不对'}。"
    extra = error.message.partition("unexpected extra argument")[2]
    if extra:
        return f"多出了参数 {extra[extra.find('(') + 1 : extra.rfind(')')]}；含空格的文字请加引号。"
    if error.message == "Missing command.":
        return "缺少命令。"
    return error.message


def _perhaps(near: Iterable[str]) -> str:
    words = "、".join(near)
    return f"（是否想写 {words}？）" if words else ""


def _name(parameter: click.Parameter | None, context: click.Context | None) -> str:
    if parameter is None:
        return "参数"
    if isinstance(parameter, click.Option):
        return f"选项 {parameter.opts[-1]}"
    return f"参数 {parameter.make_metavar(context or click.Context(click.Command('')))}"


class Whole(click.ParamType[int]):
    """A whole number from `low` to `high`."""

    name = "whole"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def get_metavar(self, *args: object, **rest: object) -> str:
        return "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            self.fail(f"“{value}”不是整数。", param, ctx)
        if not self.low <= number <= self.high:
            self.fail(f"{number} 不在 {self.low} 与 {self.high} 之间。", param, ctx)
        return number


class OneOf(click.ParamType[str]):
    """One word of a fixed list."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def get_metavar(self, *args: object, **rest: object) -> str:
        return "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.words:
            self.fail(f"“{value}”不在可用的值里：{'、'.join(self.words)}。", param, ctx)
        return str(value)
