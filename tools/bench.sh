#!/bin/sh
# make bench: every measurement, one after the other.
set -eu
cd "$(dirname "$0")/.."

# Documents of every format are written with what the tests need.
sh tools/install.sh test
for name in cold_start ingest_speed format_speed seed_accuracy layouts query_speed \
    encoder_speed meaning retrieval; do
    .venv/bin/python -m "bench.$name"
done
