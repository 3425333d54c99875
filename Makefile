# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
UV := .tools/bin/uv
PUBLISHER ?=

# uv needs no configuration from outside, and Airflow no home but ours.
export UV_NO_PROGRESS := 1
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo up down status test test-fast check format lint types contracts lock benchmarks clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "PresGen needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .tools \
	  || { echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/runtime.stamp: requirements.txt pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$$(command -v $(PYTHON))" .venv
	@echo "Installing PresGen's packages (about 1.7 GB, a minute or two, once) …"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import skia' \
	  || { echo "The drawing library needs libGL and libEGL. On Debian and Ubuntu: apt-get install libgl1 libegl1"; exit 1; }
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@

setup: .venv/runtime.stamp ## Make the environment .venv (uv, locked, no root)

setup-dev: .venv/dev.stamp ## The same, with what tests and checks need

demo: setup ## Lesson videos of the shipped examples, by the real DAG; PUBLISHER=drive-emulator for Drive
	@$(BIN)/python -m presgen_airflow.local demo $(if $(PUBLISHER),--publisher $(PUBLISHER))

up: setup ## Start Airflow with its UI on loopback; the log-in is shown
	@$(BIN)/python -m presgen_airflow.local up

down: ## Stop what `make up` started
	@$(BIN)/python -m presgen_airflow.local down

status: ## Tell what of `make up` is running
	@$(BIN)/python -m presgen_airflow.local status

# A file's tests share one worker: several start an Airflow, a server or a night for all of theirs.
test: setup-dev ## The whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadfile

test-fast: setup-dev ## The tests that take less than ten seconds each
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

format: setup-dev ## Format the code in place
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

lint: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: setup-dev
	@$(BIN)/mypy

contracts: setup-dev
	@$(BIN)/lint-imports

check: lint types contracts test ## What CI runs: format, lint, types, import contracts, tests

benchmarks: setup-dev ## Print the benchmarks' tables
	@for file in render join dag_parse ledger; do $(BIN)/python benchmarks/$$file.py || exit 1; done

lock: $(UV) ## Compile requirements*.in into requirements*.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean: ## Remove what demo and tests wrote, but not .venv
	@rm -rf output workspace .airflow .pytest_cache .mypy_cache .ruff_cache .coverage
