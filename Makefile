# Kalkan: all commands that people and machines run here. `make help` lists them.
# Needs Python 3.11 or newer with venv, and nothing else; everything comes from the locks.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# The Python that calls a tool must find the tools of its own environment, as protoc its plug-ins.
export PATH := $(CURDIR)/$(BIN):$(PATH)

ARGS ?=#      passed on: make demo ARGS="--servers"
TESTS ?= tests
BENCH ?= fanout memory
WORKERS ?= 2
ROOM ?= gateway/access
UPGRADE ?=#   make lock UPGRADE=1 takes newer versions

.PHONY: help
help:  ## list the commands
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: demo
demo: $(VENV)/run.stamp  ## install from the lock and start the demonstration federation
	$(BIN)/kalkan demo $(ARGS)

.PHONY: test
test: $(VENV)/dev.stamp  ## run all tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS) $(ARGS)

# The tests of a room are those that mirror it and the attacks that are named after it.
.PHONY: cover
cover: $(VENV)/dev.stamp  ## fail if a branch of a room is taken by none of its tests
	$(BIN)/python -m coverage run --branch --source=$(ROOM) -m pytest -q -m "not slow" $(ARGS) \
	  tests/unit/$(ROOM) $(wildcard tests/attack/test_$(notdir $(ROOM))_*.py)
	$(BIN)/python -m coverage report --show-missing --skip-covered --fail-under=100

.PHONY: check
check: $(VENV)/dev.stamp  ## formatting, style, types, imports, protos, generated code
	$(BIN)/ruff format --check --diff .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/buf lint proto
	$(BIN)/buf format --diff --exit-code proto
	$(MAKE) --no-print-directory breaking
	$(BIN)/python -m pytest -q tests/house/test_generated.py

# Against the newest main that can be seen here; before the first one there is nothing to break.
.PHONY: breaking
breaking: $(VENV)/dev.stamp
	@git="git -c safe.directory=$(CURDIR)"; old=$$(mktemp -d); trap 'rm -rf "$$old"' EXIT; \
	for main in origin/main main; do \
	  if $$git cat-file -e "$$main:proto/buf.yaml" 2>/dev/null; then \
	    $$git archive "$$main" proto | tar -x -C "$$old"; \
	    echo "buf breaking proto --against $$main"; \
	    $(BIN)/buf breaking proto --against "$$old/proto"; exit; \
	  fi; \
	done; echo "buf breaking: no main branch with protos yet, nothing to compare"

.PHONY: format
format: $(VENV)/dev.stamp  ## mend formatting and what ruff and buf can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format --write proto

.PHONY: proto
proto: $(VENV)/dev.stamp  ## regenerate the code beside the .proto files
	$(BIN)/python proto/generate.py

.PHONY: bench
bench: $(VENV)/dev.stamp  ## measure the hub beside a bare fan-out, and peak memory
	set -e; for bench in $(BENCH); do $(BIN)/python -m tests.bench.$$bench $(ARGS); done

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: $(BIN)/uv  ## write the locks anew from pyproject.toml
	$(LOCK) --extra demo --output-file requirements/run.txt pyproject.toml requirements/build.in
	$(LOCK) --all-extras --constraint requirements/run.txt --output-file requirements/dev.txt \
	  pyproject.toml requirements/build.in

$(BIN)/uv: | $(VENV)/dev.stamp

.PHONY: clean
clean:  ## remove caches and builds; keeps the environment and the demonstration's home
	rm -rf build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find gateway adapters seeds proto tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean  ## remove the environment and the demonstration's home too
	rm -rf $(VENV) .kalkan

# Stamps: a second run installs nothing. The editable install is repeated when pyproject.toml
# changes, because it holds the command's name.
$(VENV)/%.stamp: requirements/%.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --require-hashes --requirement $<
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Kalkan needs Python 3.11: apt-get install python3 python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Kalkan needs Python 3.11 or newer, and $(PYTHON) is $$("$(PYTHON)" --version 2>&1)." >&2; \
	  echo "Name another: make PYTHON=/usr/bin/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv: apt-get install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
