# 绩谱. `make run` is all that a fresh machine with Python >= 3.11 needs.
.POSIX:
.PHONY: help run test bench examples docs constraints clean

help:
	@sh tools/say.sh help

run:
	@sh tools/run.sh

test:
	@sh tools/test.sh

bench:
	@sh tools/bench.sh

examples:
	@sh tools/install.sh test
	@.venv/bin/python -m tools.examples.build

docs:
	@sh tools/install.sh base
	@.venv/bin/python -m tools.data_model
	@.venv/bin/python -m tools.readme

constraints:
	@sh tools/constraints.sh

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
