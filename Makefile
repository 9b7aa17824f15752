# make run     set up what is missing, then serve on 127.0.0.1:8000 (HOST=, PORT=)
# make test    set up, then every check: lint, format, types, import directions, tests
# make bench   measure against other engines in the same run (REDUCED=1: smaller)
# make prove   the long comparison of the engine with its oracles
# make lock    resolve the dependencies anew into the hashed locks
#
# A bare machine needs Python 3.11 or 3.12, a C compiler and make; all else is fetched by hash.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/stamps
DIST  := service/static/dist/manifest.json

# The first interpreter that really runs and fits. Its name is not enough: a version manager may
# put python3.12 on the PATH where no 3.12 is, and Debian ships python3 without venv.
FITS   := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	if "$$p" -c '$(FITS)' >/dev/null 2>&1; then command -v "$$p"; break; fi; done)

# Every distribution must match a hash in a lock. The two that come as source (durable-rules,
# owlready2) are built by the locked backends, not in an isolated environment, which pip would
# fill unpinned and unhashed.
PIP     = $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
INSTALL = $(PIP) install --require-hashes --no-build-isolation

HOST        ?= 127.0.0.1
PORT        ?= 8000
PYTEST_ARGS ?= -n 2 --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint test-312 bench prove lock clean

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

# --- set-up: a stamp per step, so that a second run does nothing ---------------------------------

setup: $(STAMP)/content $(DIST)

$(STAMP)/build: requirements-build.lock
	@$(if $(PYTHON),:,echo "make: no Python 3.11 or 3.12 with venv found; name one: make PYTHON=/path/to/python3.12" >&2; exit 1)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --only-binary=:all: -r $<
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/run: requirements.lock $(STAMP)/build
	$(INSTALL) -r $<
	@touch $@

# Editable, so the working tree is what runs. Site-packages still comes first on the path: a
# foreign package named rules or kb would win without a word, hence the check.
$(STAMP)/project: pyproject.toml $(STAMP)/run
	$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -P -c 'import importlib.util as i, os, sys; [sys.exit(f"make: another {n} is installed: {s.origin}") for n in ("ontology", "kb", "rules", "service") if (s := i.find_spec(n)) and os.path.dirname(os.path.dirname(s.origin)) != os.path.realpath(".")]'
	@touch $@

# Folders are listed with their files, so that a file taken away counts as a change.
CONTENT = $(shell find ontology kb rules -name __pycache__ -prune -o -print)

$(STAMP)/content: $(CONTENT) $(STAMP)/project
	$(BIN)/zhunru build
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc $(STAMP)/build
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST): $(wildcard service/frontend/*) node_modules/.package-lock.json
	$(BIN)/node service/frontend/build.mjs

$(STAMP)/test: requirements-test.lock $(STAMP)/project
	$(INSTALL) -r $<
	@touch $@

$(STAMP)/bench: requirements-bench.lock $(STAMP)/test
	$(INSTALL) -r $<
	@touch $@

# --- what one does ------------------------------------------------------------------------------

run: setup
	$(BIN)/zhunru serve --host $(HOST) --port $(PORT)

test: setup lint
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(STAMP)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup $(STAMP)/bench
	$(BIN)/python tests/benchmarks/run.py $(if $(REDUCED),--reduced)

prove: setup $(STAMP)/test
	$(BIN)/python tests/benchmarks/prove.py $(if $(REDUCED),--reduced)

clean:
	rm -rf $(VENV) .venv312 node_modules service/static/dist var
