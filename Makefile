# Everything that is done with the tracker, by name: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
# The demo lives on this day; `TRACKER_TODAY= make run` lives today.
TRACKER_TODAY ?= 2021-07-31

BIN := .venv/bin
RUNTIME := .venv/.stamp-runtime
DEV := .venv/.stamp-dev
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard tracker/translations/*/LC_MESSAGES/messages.po))
# A process that may not write beside the program would compile its seven hundred files anew at each start;
# tests start some hundred of them.
COMPILE := $(BIN)/python -m compileall -q tracker config.py gunicorn.conf.py log_lines.py wsgi.py
SOURCES := tracker tests scripts bench migrations config.py gunicorn.conf.py log_lines.py wsgi.py
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: help
help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

# ---- Run ---------------------------------------------------------------------------------------------------

.PHONY: run
run: $(RUNTIME) $(CATALOGUES) ## Prepare everything, then serve on http://127.0.0.1:8000 (PORT= changes it)
	@$(COMPILE)
	@export PORT=$(PORT) TRACKER_TODAY="$(TRACKER_TODAY)"; \
	$(BIN)/flask --app wsgi demo start; \
	exec $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --workers 1 --threads 8 --log-level warning wsgi:app

.PHONY: setup
setup: $(RUNTIME) $(CATALOGUES) ## The environment in .venv and nothing else
	@$(COMPILE)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; PYTHON= names another.")'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is needed (Debian: python3-venv)." >&2; exit 1; }

$(RUNTIME): requirements.txt | .venv/bin/python
	@echo "Installing what the tracker runs on into .venv ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "Installing what the checks and tests need into .venv ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

%.mo: %.po | $(RUNTIME)
	@$(BIN)/python scripts/messages.py compile $<

# ---- Check and test ----------------------------------------------------------------------------------------

.PHONY: test
test: $(DEV) $(CATALOGUES) ## Everything: checks, all tests on SQLite and PostgreSQL, browser tests
	@$(COMPILE)
	@exec scripts/test

.PHONY: test-full
test-full: $(DEV) $(CATALOGUES) ## The proofs as often as docs/security/proofs.md says (an hour)
	@$(COMPILE)
	@exec scripts/test --full

.PHONY: test-everything
test-everything: $(DEV) $(CATALOGUES) ## Both, all on both databases, and every page in every mode (hours)
	@$(COMPILE)
	@exec scripts/test --everything

.PHONY: check
check: $(DEV) $(CATALOGUES) ## In one to three minutes: lint, types, templates, the fast tests on SQLite
	@$(COMPILE)
	@exec scripts/test --fast

.PHONY: format
format: $(DEV) ## Mend what the formatter can
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

.PHONY: bench
bench: $(DEV) $(CATALOGUES) ## Every line of docs/performance.md beside its limit, at sizes that fit into some minutes
	@$(BIN)/python bench/run.py $(BENCH)

.PHONY: bench-full
bench-full: $(DEV) $(CATALOGUES) ## The same at all sizes up to ten million records (hours; BENCH="--only pages" narrows it)
	@$(BIN)/python bench/run.py --full $(BENCH)

.PHONY: tour
tour: $(DEV) $(CATALOGUES) ## Photograph every page into tour/ (TOUR="--who office --width 360 --mode dark" narrows it)
	@exec $(BIN)/python -m tests.browser.tour $(TOUR)

.PHONY: bench-paint
bench-paint: $(DEV) $(CATALOGUES) ## How soon the slowest pages are painted on a slow machine, beside an empty page
	@$(BIN)/python bench/paint.py

.PHONY: looks
looks: $(DEV) $(CATALOGUES) ## Take the pictures anew that tests/browser/test_pictures.py compares with; look at them, then commit
	@TRACKER_TEST_LOOKS=1 $(BIN)/python -m pytest -q tests/browser/test_pictures.py

# ---- Upkeep ------------------------------------------------------------------------------------------------

.PHONY: messages
messages: $(DEV) ## Bring the catalogues of translations up to date with the sentences in code and templates
	@$(BIN)/python scripts/messages.py update
	@$(BIN)/python scripts/messages.py compile

.PHONY: lock
lock: $(DEV) ## Pin requirements*.txt anew from requirements*.in (LOCK_ARGS=--upgrade takes newer versions)
	@$(LOCK) $(LOCK_ARGS) --output-file requirements.txt requirements.in
	@$(LOCK) $(LOCK_ARGS) --output-file requirements-dev.txt requirements-dev.in

.PHONY: vendor
vendor: ## Fetch the front-end files anew into static/vendor (needs npm)
	@$(PYTHON) scripts/vendor.py

.PHONY: clean
clean: ## Remove what was made, but not the data
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results tour $(CATALOGUES)
