#!/bin/sh
# make constraints: resolve the base installation and the groups test and training anew, without installing.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

python=$(sh tools/python.sh)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --dry-run --ignore-installed \
    --report "$folder/report.json" '.[test,training]' >&2
"$folder/venv/bin/python" tools/write_constraints.py "$folder/report.json" >constraints.txt.new
mv constraints.txt.new constraints.txt
say 'constraints.txt 已更新；请运行 make test。'
