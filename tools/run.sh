#!/bin/sh
# make run: check the machine, install, ingest the examples into an empty store, serve.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

host=${JIPU_HOST:-127.0.0.1}
port=${JIPU_PORT:-8000}

# Asked before the installation: nobody should wait minutes to learn that the port is taken.
python=.venv/bin/python
"$python" -c '' 2>/dev/null || python=$(sh tools/python.sh) || exit $?
status=0
"$python" tools/port_free.py "$host" "$port" || status=$?
[ "$status" -eq 0 ] || exit "$status"

sh tools/install.sh base

status=0
.venv/bin/python tools/store_empty.py || status=$?
case $status in
    0)
        say '数据库是空的，导入 examples/ 里的示例文件 …'
        .venv/bin/jipu ingest examples || fail '示例没有全部导入，原因见上；改正后再运行 make run。'
        ;;
    3) ;;
    *) exit "$status" ;;
esac

exec .venv/bin/jipu serve
