#!/bin/sh
# make test: install what the checks need, run all of them, name those that failed.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

sh tools/install.sh test
sh tools/office.sh
.venv/bin/python -m tools.neo4j_server
failed=

check() {
    name=$1
    shift
    say "── $name"
    "$@" || failed="$failed $name"
}

check ruff .venv/bin/ruff check .
check 排版 .venv/bin/ruff format --check .
check mypy .venv/bin/mypy
check pytest .venv/bin/pytest

[ -z "$failed" ] || {
    say "没有通过：$failed"
    exit 1
}
say '全部检查通过。'
