# make run     set up what is missing, then serve on 127.0.0.1:8000 (HOST=, PORT=)
# make test    set up, then every check: lint, format, types, import directions, tests
# make bench   measure against other engines in the same run (REDUCED=1: smaller)
# make prove   the long proofs: kills, publishing under load, malformed input (REDUCED=1: smaller)
# make lock    resolve the dependencies anew into the hashed locks
#
# A bare machine needs Python 3.11 or 3.12, a C compiler and make; all else is fetched by hash.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/stamps
DIST  := service/static/dist/manifest.json

HOST        ?= 127.0.0.1
PORT        ?= 8000
# Two workers: the suite is sized for two cores.
PYTEST_ARGS ?= -n 2 --dist worksteal

# The first interpreter that really runs and fits. Its name is not enough: a version manager may
# put python3.12 on the PATH where no 3.12 is, and Debian ships python3 without venv.
FITS    = import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in [$(1)])
first   = $(shell for p in $(2); do \
	if "$$p" -c '$(call FITS,$(1))' >/dev/null 2>&1; then command -v "$$p"; break; fi; done)
PYTHON ?= $(call first,(3$(comma)11)$(comma)(3$(comma)12),python3 python3.12 python3.11)
comma  := ,

# durable-rules has no wheel; pip's own words for a missing compiler or header are hard to read.
COMPILER = import os, shutil, sys, sysconfig as s; \
	cc = os.environ.get("CC") or s.get_config_var("CC") or "cc"; \
	sys.exit(not (shutil.which(cc.split()[0]) and os.path.exists(s.get_path("include") + "/Python.h")))

# Every distribution must match a hash in a lock. The two that come as source (durable-rules,
# owlready2) are built by the locked backends, not in an isolated environment, which pip would
# fill unpinned and unhashed.
PIP     = bin/python -m pip --disable-pip-version-check --no-input --quiet install
BUILD   = $(PIP) --require-hashes --only-binary=:all: -r requirements-build.lock
INSTALL = $(PIP) --require-hashes --no-build-isolation

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint test-312 bench prove lock clean

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

# --- set-up: a stamp per step, so that a second run does nothing ---------------------------------

setup: var/built $(DIST)

$(STAMP)/build: requirements-build.lock
	@$(if $(PYTHON),:,echo "make: no Python 3.11 or 3.12 with venv runs here; name one: make PYTHON=/path/to/python3.12" >&2; exit 1)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/$(BUILD)
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/run: requirements.lock $(STAMP)/build
	@$(BIN)/python -c '$(COMPILER)' || { echo "make: needs a C compiler and the headers of Python (Debian: gcc, python3-dev)" >&2; exit 1; }
	$(VENV)/$(INSTALL) -r $<
	@touch $@

# Editable: the working tree is what runs, from wherever it is called, and its metadata tell the
# version. The root stands last on the path, so a foreign package named rules or kb would win
# unseen; tests/test_project.py fails if there is one.
$(STAMP)/project: pyproject.toml $(STAMP)/run
	$(VENV)/$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# Folders are listed with their files, so that a file taken away counts as a change.
CONTENT = $(shell find ontology kb rules -name __pycache__ -prune -o -print)

var/built: $(CONTENT) $(STAMP)/project
	$(BIN)/zhunru build
	@mkdir -p var && touch $@

# With the Node of the build lock, and running no package's own install scripts.
node_modules/.package-lock.json: package.json package-lock.json .npmrc $(STAMP)/build
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST): $(wildcard service/frontend/* service/frontend/*/*) node_modules/.package-lock.json
	$(BIN)/node service/frontend/build.mjs

$(STAMP)/test: requirements-test.lock $(STAMP)/project
	$(VENV)/$(INSTALL) -r $<
	@touch $@

$(STAMP)/bench: requirements-bench.lock $(STAMP)/test
	$(VENV)/$(INSTALL) -r $<
	@touch $@

# --- what one does -------------------------------------------------------------------------------

run: setup
	@exec $(BIN)/zhunru serve --host $(HOST) --port $(PORT)

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
	$(BIN)/python tests/prove/run.py $(if $(REDUCED),--reduced)

# The engine's C extension is built per version: its tests once more where a CPython 3.12 runs.
VENV312    := .venv312
PYTHON312 ?= $(call first,(3$(comma)12),python3 python3.12 $$(pyenv root 2>/dev/null)/versions/3.12*/bin/python)

test-312:
	@$(if $(PYTHON312),$(MAKE) --no-print-directory $(VENV312)/stamp && $(VENV312)/bin/python -m pytest $(PYTEST_ARGS) tests/rules,echo "test-312: left out, no CPython 3.12 with venv runs on this machine")

$(VENV312)/stamp: requirements-build.lock requirements.lock requirements-test.lock
	$(PYTHON312) -m venv $(VENV312)
	$(VENV312)/$(BUILD)
	$(VENV312)/$(INSTALL) -r requirements.lock
	$(VENV312)/$(INSTALL) -r requirements-test.lock
	@touch $@

# One resolution for both versions of Python and all platforms. Each lock is held to those before
# it, so that all of them install into one environment.
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --output-file

lock: $(STAMP)/build
	$(VENV)/$(PIP) --group lock
	$(COMPILE) requirements.lock pyproject.toml
	$(COMPILE) requirements-build.lock --group build -c requirements.lock
	$(COMPILE) requirements-test.lock --group test -c requirements.lock -c requirements-build.lock
	$(COMPILE) requirements-bench.lock --group bench -c requirements.lock -c requirements-test.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only --ignore-scripts --loglevel=error

clean:
	rm -rf $(VENV) $(VENV312) node_modules service/static/dist var
