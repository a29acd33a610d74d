# Everything here needs GNU make and Python 3.11 or newer, nothing else.

PYTHON ?= python3
WORKERS ?= 2
ARGS ?=

BIN := .venv/bin
RUNTIME := .venv/.runtime
TOOLS := .venv/.tools
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --universal --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check prove bench screenshot format schema lock

help:  ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(RUNTIME)  ## a seeded county on this machine, served; ARGS="--port 8001" is passed on
	$(BIN)/cunyi demo $(ARGS)

test: $(TOOLS)  ## every test, with a real browser and a real PostgreSQL; ARGS="-k notice" is passed on
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: $(TOOLS)  ## format, lint, types, import contracts, and every YAML file of ours
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/cunyi check procedures examples

prove: $(TOOLS)  ## the long searches for a counterexample; PROVE_ROUNDS=100 shortens them
	$(BIN)/python -m pytest -n $(WORKERS) -m prove $(ARGS)

bench: $(TOOLS)  ## measure against the ceilings
	$(BIN)/python -m benchmarks $(ARGS)

screenshot: $(TOOLS)  ## the pictures of the README, from the demo
	$(BIN)/python -m tests.screenshots

format: $(TOOLS)  ## set every Python file as `make check` wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(TOOLS)  ## the JSON Schemas of procedures/schema/, which editors use while typing, from the models
	$(BIN)/python scripts/make_schema.py

lock: $(TOOLS)  ## bring both lock files up to pyproject.toml; ARGS=--upgrade takes the newest of everything
	$(LOCK) $(ARGS) --group build -o requirements.lock
	$(LOCK) $(ARGS) --group build --group dev -c requirements.lock -o requirements-dev.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The stamps are younger than what they were made from, so a second call does nothing.
$(RUNTIME): pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(TOOLS): requirements-dev.lock $(RUNTIME) | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
