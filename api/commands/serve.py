"""`jipu serve`: the HTTP server."""

import errno
import socket

import click
import uvicorn

from api.access import check_bind
from api.app import create_app
from api.chinese import Command, Option, Whole
from api.commands.output import note, pass_settings
from api.errors import PortTaken
from api.settings import Settings, with_address
from graph.errors import reason

_BACKLOG = 2048
_SHUTDOWN_SECONDS = 5


@click.command("serve", cls=Command)
@click.option("--host", cls=Option, metavar="HOST", help="监听地址（JIPU_HOST）。")
@click.option("--port", cls=Option, type=Whole(1, 65535), help="端口（JIPU_PORT）。")
@pass_settings
def command_serve(settings: Settings, host: str | None, port: int | None) -> None:
    """启动网页服务与 HTTP 接口，按 Ctrl-C 停止。

    在本机以外的地址上公开服务，必须先设置 JIPU_API_KEYS。
    """
    settings = with_address(settings, host, port)
    check_bind(settings)
    listening = _listen(settings.host, settings.port)
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        server_header=False,
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    try:
        _Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        # The server has shut down in order before it passes the signal on.
        note("已停止。")


class _Server(uvicorn.Server):
    """Prints its address when it really answers there."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            click.echo(f"绩谱已启动：{_address(sockets[0])} （按 Ctrl-C 停止）")


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything else is set up. Raises PortTaken with what to do."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise PortTaken(f"不认识监听地址 {host}；请用 --host 127.0.0.1。") from error
    listening = socket.socket(family, kind)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise PortTaken(f"{host}:{port} {_reason(error, port)}") from error
    return listening


def _reason(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"已被别的程序占用；请停掉它，或换一个端口：jipu serve --port {port % 65535 + 1}"
    if error.errno == errno.EACCES:
        return "没有权限使用；1024 以下的端口需要管理员权限，请换一个端口，例如 --port 8000"
    return f"不能监听（{reason(error)}）；请核对 --host 和 --port。"
