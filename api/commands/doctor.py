"""`jipu doctor`: is everything in place?"""

import click

from api.checks import Check, run
from api.chinese import Command
from api.commands.output import json_option, pass_settings, print_json, print_lines
from api.settings import Settings
from api.terminal import wrap
from api.wire import plain

_BROKEN = 2


@click.command("doctor", cls=Command)
@json_option
@pass_settings
def command_doctor(settings: Settings, as_json: bool) -> None:
    """检查 Python、LibreOffice、文字识别、设置、图谱、模型、索引和磁盘，逐项给出建议。

    有一项不好时退出码为 2。
    """
    checks = run(settings)
    if as_json:
        print_json({"ok": all(check.ok for check in checks), "checks": plain(checks)})
    else:
        print_lines(line for check in checks for line in _lines(check))
    if not all(check.ok for check in checks):
        click.get_current_context().exit(_BROKEN)


def _lines(check: Check) -> list[str]:
    mark = "✓" if check.ok else "✗"
    lines = wrap(f"{check.name}：{check.detail}", indent="    ", first=f"{mark} ")
    if check.advice:
        lines += wrap(f"→ {check.advice}", indent="      ", first="    ")
    return lines
