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
# The files of tests are shared out between two processes; servers that are there already are not.
workers=2
[ -z "${JIPU_TEST_NEO4J:-}" ] || workers=0
check pytest .venv/bin/pytest -n "$workers" --dist loadfile

[ -z "$failed" ] || {
    say "没有通过：$failed"
    exit 1
}
say '全部检查通过。'
