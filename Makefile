# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
# A quarter of the tests' time is waiting (for clocks, pages and other processes): two cores have work for three.
WORKERS ?= 3
CLIENTS := .venv-clients
CLIENT_REQUIREMENTS := tests/sandbox/clients/requirements

# Tests start many processes: what is compiled once stays compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types bench bench-peaks soak lock clean help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.runtime ## the bot; without a token the sandbox
	@$(BIN)/peakdrop start

test: $(VENV)/.dev $(CLIENTS)/.ready ## all tests but long runs
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not bench and not soak" $(ARGS)

lint: $(VENV)/.dev ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy

bench: $(VENV)/.dev $(CLIENTS)/.ready ## benchmarks, as ratios measured in one run
	@$(PYTEST) -m bench -s --timeout 3000 $(ARGS)

bench-peaks: $(VENV)/.dev ## the forecast on a folder of series: make bench-peaks SERIES=folder
	@test -n "$(SERIES)" || { echo "Name a folder with NAME.csv.gz and zones.csv: make bench-peaks SERIES=folder" >&2; exit 2; }
	@$(BIN)/python -m tests.bench.peaks_figures "$(SERIES)"

soak: $(VENV)/.dev $(CLIENTS)/.ready ## long runs: 200 kills, large stores
	@$(PYTEST) -m soak -s --timeout 5000 $(ARGS)

lock: ## renew the locked requirements (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --extra build pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  $(CLIENT_REQUIREMENTS).in -o $(CLIENT_REQUIREMENTS).txt

clean: ## remove the virtual environments and caches
	rm -rf $(VENV) $(CLIENTS) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A tool that is missing is one clear line with the fix.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python is missing: install Python 3.11 or newer, then run make again (PYTHON=/path/to/python3 chooses one)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: PeakDrop needs Python 3.11 or newer (make PYTHON=/path/to/python3.11 chooses one)." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian and Ubuntu run 'sudo apt install python3-venv', then make again." >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the bot needs (once, a minute or two) …"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need (once, a minute or two) …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime

# Other people's bots and models of Telegram live apart from ours. A changed list makes it anew.
$(CLIENTS)/.ready: $(CLIENT_REQUIREMENTS).txt | $(VENV)/bin/python
	@echo "Installing other people's Telegram clients for the tests (once, seconds) …"
	@$(PYTHON) -m venv --clear $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@
