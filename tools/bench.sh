#!/bin/sh
# make bench: every measurement, one after the other.
set -eu
cd "$(dirname "$0")/.."

sh tools/install.sh base
for name in cold_start ingest_speed format_speed seed_accuracy layouts query_speed; do
    .venv/bin/python -m "bench.$name"
done
