# Two commands do all the set-up on a fresh machine: `make demo` and `make test`. Needed: make and Python 3.11+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8001
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export PIP_ROOT_USER_ACTION := ignore

.PHONY: demo test setup nightly serve publish lint soak bench clean
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.runtime  ## crawl the bundled portal, publish, serve at http://127.0.0.1:8001/
	@$(BIN)/python -m crawler.demo --port $(PORT)

test: $(VENV)/.dev  ## the tests
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

setup: $(VENV)/.dev  ## the environment alone, in .venv/

nightly: $(VENV)/.runtime  ## crawl the real portals of crawler/portals.toml (needs CONTACT), publish, and send alerts
	@$(BIN)/python -m crawler.steps

publish: $(VENV)/.runtime  ## make a new read-only copy
	@$(BIN)/python -m archive publish

serve: $(VENV)/.runtime  ## serve the published copy
	@$(BIN)/python -m archive serve --port $(PORT)

lint: $(VENV)/.dev  ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

soak: $(VENV)/.dev  ## what takes longer than the tests should
	@$(BIN)/python -m pytest -m soak --numprocesses auto --dist loadfile

bench: $(VENV)/.dev  ## this project beside its peers, in one run
	@$(BIN)/python -m benchmarks.reading
	@$(BIN)/python -m benchmarks.reprints
	@$(BIN)/python -m benchmarks.downloads
	@$(BIN)/python -m benchmarks.publishing
	@$(BIN)/python -m benchmarks.searching --data-dir data/benchmark
	@$(BIN)/python -m benchmarks.reading_room --data-dir data/benchmark

clean:  ## remove the environment (the data stay)
	@rm -rf $(VENV)

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON) here: install Python 3.11 or newer, or say PYTHON=..." >&2; exit 3; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is older than 3.11: install a newer Python, or say PYTHON=..." >&2; exit 3; }
	@mkdir -p $(VENV) 2>/dev/null && [ -w $(VENV) ] || { echo "make: no permission to write here ($(CURDIR))" >&2; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { echo "make: $(PYTHON) cannot make a virtual environment (on Debian: apt install python3-venv)" >&2; exit 3; }
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.txt constraints.txt
	@echo "installing what requirements.txt names into $(VENV)"
	@$(PIP) -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "installing what requirements-dev.txt names into $(VENV)"
	@$(PIP) -r requirements-dev.txt -c constraints.txt
	@touch $@
