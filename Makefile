# Needs make and Python 3.11, 3.12 or 3.13; everything else is installed into .venv, from constraints.txt, hashes checked.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A caller who has an environment of their own says `make test SETUP= BIN=path/to/bin`.
SETUP := setup
CODE = $(wildcard streams agents infra tests benchmarks) hatch_build.py
# Most tests wait more than they work, so four of them keep two cores busy; a fifth saved nothing.
PYTEST = $(BIN)/python -m pytest -n 4 --dist worksteal
STAMP := $(VENV)/.installed
QUIX := var/quix

.PHONY: setup test exercise kill-test chaos bench constraints clean

setup: $(STAMP)

$(STAMP): constraints.txt pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo 'holdingline needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.12'; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: --requirement constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Everything that can be wrong, the quick checks first.
test: $(SETUP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(PYTEST)

# Plays the example incident against the real agents; the scored report is left in var/exercise.
exercise: $(SETUP)
	$(BIN)/holdingline exercise run templates/exercises/major-incident.yaml --output var/exercise

# The long form of the kill test in `make test`.
kill-test: $(SETUP)
	$(PYTEST) -m kill --kills 100

# A thousand incidents on three brokers while workers and brokers are killed and paused: about ten minutes on two cores.
chaos: $(SETUP)
	$(BIN)/python -m pytest tests/scenarios/test_chaos.py -s --incidents 1000

# Each figure beside its baseline, five times; the table and its drawing are left in var/bench.
# BENCH= takes what `python -m benchmarks --help` tells of: make bench BENCH="P2 P4 --ground kafka".
bench: $(SETUP) $(QUIX)/.installed
	$(BIN)/python -m benchmarks $(BENCH)

# Quix Streams does not install beside our pins, so it has an environment of its own.
$(QUIX)/.installed: benchmarks/quix/constraints.txt
	$(PYTHON) -m venv --clear $(QUIX)
	$(QUIX)/bin/python -m pip install --quiet --require-hashes --only-binary :all: --requirement $<
	@touch $@

# Renews every pin. Read what changed before you commit it.
constraints:
	$(PYTHON) -m venv --clear var/pip-tools
	var/pip-tools/bin/python -m pip install --quiet pip-tools
	var/pip-tools/bin/pip-compile --quiet --upgrade --extra dev --extra traces --extra vault --allow-unsafe --strip-extras --generate-hashes --no-annotate \
	  --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	  --output-file var/constraints.txt pyproject.toml
	{ sed -n '/^#/p' constraints.txt; cat var/constraints.txt; } > var/constraints.new
	mv var/constraints.new constraints.txt

clean:
	rm -rf $(VENV) var build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
