#!/bin/sh
# Print the path of a Python that is new enough and can make environments; PYTHON= overrides.
# shellcheck source=tools/say.sh
. "$(dirname "$0")/say.sh"

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    command -v "$PYTHON" >/dev/null 2>&1 || fail "找不到 PYTHON=$PYTHON 指定的解释器；请核对路径。"
    new_enough "$PYTHON" || fail "PYTHON=$PYTHON 的版本低于 3.11（或不能运行）；请换成 Python 3.11 或更新的版本。"
    can_make_environments "$PYTHON" || fail "PYTHON=$PYTHON 缺少 venv 或 ensurepip；Debian、Ubuntu 请先运行 sudo apt install python3-venv。"
    command -v "$PYTHON"
    exit 0
fi

incomplete=
for name in python3.13 python3.12 python3.11 python3 python; do
    path=$(command -v "$name" 2>/dev/null) || continue
    new_enough "$path" || continue
    if can_make_environments "$path"; then
        printf '%s\n' "$path"
        exit 0
    fi
    incomplete=${incomplete:-$path}
done

[ -z "$incomplete" ] || fail "$incomplete 缺少 venv 或 ensurepip，建不了环境；Debian、Ubuntu 请先运行 sudo apt install python3-venv，再试一次。"
fail '没有找到 Python 3.11 或更新的版本。请先安装：Debian、Ubuntu 用 sudo apt install python3 python3-venv，macOS 用 brew install python；已装在别处的，用 make run PYTHON=解释器路径 指定。'
