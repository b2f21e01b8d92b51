# The two commands: `make run` and `make test`.  Everything is installed into .venv; uv is used where it is found.
.DEFAULT_GOAL := help
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(shell command -v $(p) 2>/dev/null)) python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
INSTALLED := $(VENV)/.installed

.PHONY: help run test ui test-browser bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): requirements.lock pyproject.toml
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11")'
# --no-deps: the lock is whole, and pip will not take a requirement with extras (gql[requests]) from a lock by its hash
ifneq ($(UV),)
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@$(BIN)/python -m compileall -q pipelines
	@touch $@

run: $(INSTALLED) ## read, prove and publish what raw/ holds
	@$(BIN)/talent refresh

test: $(INSTALLED) ## lint, types, tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/pytest -q -m "not browser"

ui: $(INSTALLED) ## the Dagster UI, with the schedule and the inbox sensor
	@$(BIN)/talent ui

test-browser: $(INSTALLED) ## the UI in headless Chromium (skips aloud without it)
	@$(BIN)/pytest -q -m browser tests/browser

bench: $(INSTALLED) ## the benchmarks, one after the other; figures go into tests/benchmarks/RESULTS.md by hand
	@for script in tests/benchmarks/*.py; do \
	  case $$script in */adapters.py|*/__init__.py) continue;; esac; \
	  echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script || exit 1; \
	done

lock: ## renew requirements.lock (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --extra dev pyproject.toml -o requirements.lock

clean: ## remove what can be rebuilt, but not the warehouse
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
