# Every target installs what it needs first; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv does not read pip's find-links setting; passing it on lets it find a CPU build of torch that pip would find.
export UV_FIND_LINKS ?= $(shell $(PYTHON) -m pip config get global.find-links 2>/dev/null || echo "$$PIP_FIND_LINKS")
export DO_NOT_TRACK = 1

.DEFAULT_GOAL := help
.PHONY: help install serve test lint format typecheck bench docs evals check lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5) and "Python 3.11.5 or newer is needed, this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 serve")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "Installing the locked dependencies…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

install: $(VENV)/.installed ## Install everything into .venv

serve: install ## Install, index knowledge_base and serve on port 8000
	@$(BIN)/assistant serve

test: install ## Install and run all tests
	@$(BIN)/pytest

lint: install ## Run ruff, mypy --strict and import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: install ## Format the code and sort the imports
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

typecheck: install ## Run mypy --strict alone
	@$(BIN)/mypy

bench: install ## Measure speed, memory and start against yardsticks
	@$(BIN)/python -m benchmarks

docs: install ## Write docs/settings.md and docs/openapi.json from the code
	@$(BIN)/python -m api.reference

evals: install ## Ask the eval cases over knowledge_base and hold the figures against the thresholds
	@$(BIN)/assistant eval --html data/evals/report.html --junit data/evals/junit.xml
	@LLM_READS_FROM=0 $(BIN)/assistant eval --replies evals/replies.jsonl --no-judge --html data/evals/report-model.html \
	  --junit data/evals/junit-model.xml

check: install ## Lint the knowledge base
	@$(BIN)/assistant check

lock: install ## Resolve the dependencies into requirements.lock; LOCK_ARGS=--upgrade takes newer ones
	@cp requirements.lock requirements.lock.new
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11.5 --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements.lock.new $(LOCK_ARGS)
	@sed -E '/^(nvidia-|cuda-|triton==)/d; /^torch==.*[+]cpu/d; s/^(torch==[0-9.]+).*/\1/' requirements.lock.new > requirements.lock
	@rm requirements.lock.new

clean: ## Remove .venv and caches; the data folder stays
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
