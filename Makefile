# The two commands: `make run` and `make test`.  Everything is installed into .venv; uv is used where it is found.
.DEFAULT_GOAL := help
PYTHON ?= python3
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
ifneq ($(UV),)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

run: $(INSTALLED) ## read, prove and publish what raw/ holds
	@$(BIN)/talent refresh

test: $(INSTALLED) ## lint, types, tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/pytest -q

ui: $(INSTALLED) ## the Dagster UI
	@$(BIN)/talent ui

test-browser: $(INSTALLED) ## the UI in headless Chromium (skips aloud without it)
	@$(BIN)/pytest -q -m browser

lock: ## renew requirements.lock (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --extra dev pyproject.toml -o requirements.lock

clean: ## remove what can be rebuilt
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
