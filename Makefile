# make run    set up and open the page          make test    set up, check and test everything
# make bench  print the measurements            make format  put the code into its one format
# make long   test generated cases in great numbers    make load    many visitors at once, measured
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# Nothing is fetched: what it knows of types comes with it, and what it computes is kept in the environment.
DENO := DENO_DIR=$(VENV)/deno DENO_NO_UPDATE_CHECK=1 $(BIN)/deno

# Every server, worker and command reads what was compiled once, also where the environment says not to. What nobody
# imports is never compiled: of ten thousand files most are not, and to compile them all takes pip 50 seconds.
unexport PYTHONDONTWRITEBYTECODE
# A worker runs a whole file, those of the browser first: to hand out thousands of tests singly takes longer than many of them.
# One worker more than there are cores: a test of the page waits now and then.
WORKERS := $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')
FILES := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# What does not need one another runs side by side, one for each of two cores.
BESIDE := $(MAKE) --no-print-directory --jobs=2

.PHONY: run test long load check bench format chromium clean types collected style scripts

run: $(VENV)/run.stamp
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/test.stamp chromium
	@$(BESIDE) types collected style scripts
	$(BIN)/python -m pytest $(FILES)

long: collected chromium
	$(BIN)/python -m pytest $(FILES) --ignore=tests/browser --hypothesis-profile long -m "long or not long"
	$(BIN)/python -m pytest $(FILES) tests/browser -m long

load: $(VENV)/test.stamp
	$(BIN)/python -m tests.load

check: $(VENV)/test.stamp
	@$(BESIDE) types style

types: $(VENV)/test.stamp
	$(BIN)/mypy

style: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) check gdviz/ui gdviz/exports/page tests/javascript

scripts: $(VENV)/test.stamp
	$(DENO) test tests/javascript

# Compiles the tests and what they import once, where each worker would for itself; a file that cannot be read ends it here.
collected: $(VENV)/test.stamp
	@$(BIN)/python -m pytest --collect-only > $(VENV)/collected.log || { cat $(VENV)/collected.log; exit 1; }

bench: $(VENV)/test.stamp chromium
	$(BIN)/python -m tests.benchmarks

format: $(VENV)/test.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(DENO) fmt

chromium: $(VENV)/test.stamp
	$(BIN)/python -m tests.browser.chromium

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gdviz needs Python 3.11 or newer; name one with make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements.txt tests/requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r tests/requirements.txt
	@touch $@ $(VENV)/run.stamp
