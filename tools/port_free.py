"""python port_free.py HOST PORT: exit status 2, and a sentence, where a server cannot listen.

Runs before anything is installed, so it needs the standard library only.
"""

import socket
import sys


def problem(host: str, port: str) -> str | None:
    """Why nothing can listen there, in Chinese; None where it can."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"JIPU_PORT={port} 不是端口号；请用 1 到 65535 之间的数，例如 JIPU_PORT=8001。"
    try:
        family = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server does: a port that an earlier server has just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except PermissionError:
        return (
            f"没有监听 {host}:{port} 的权限；请换 1024 以上的端口，例如 JIPU_PORT=8001 make run。"
        )
    except socket.gaierror:
        return f"JIPU_HOST={host} 不是这台机器的地址；请改为 127.0.0.1。"
    except OSError as error:
        return (
            f"{host}:{port} 不能监听（{error.strerror}），多半已有别的程序占用；"
            "请关掉它，或换一个端口：JIPU_PORT=8001 make run。"
        )
    return None


if __name__ == "__main__":
    sentence = problem(sys.argv[1], sys.argv[2])
    if sentence:
        sys.stderr.write(sentence + "\n")
        sys.exit(2)
