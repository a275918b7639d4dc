# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python deploy/install_packages.py

# said before anything else: how long it takes
SET_UP = $(if $(wildcard $(VENV)/$(1).done),,installs the packages (minutes). Then it )
ifneq ($(filter demo,$(MAKECMDGOALS)),)
$(info make demo $(call SET_UP,run)writes and runs thirteen months: 10 to 20 seconds each on two free cores.)
endif
ifneq ($(filter test,$(MAKECMDGOALS)),)
$(info make test $(call SET_UP,develop)runs the checks (a minute) and the tests (up to ten on two free cores).)
endif

CHECKS := check-types check-sql check-style check-layers

.PHONY: help demo test test-long check $(CHECKS) format backtest dagster bench bench-region lock clean

help:
	@echo "make demo       set everything up, write thirteen synthetic months, run and publish them"
	@echo "make test       set everything up, run the checks and all tests"
	@echo "make check      the checks alone: style, types, layers, SQL"
	@echo "make test-long  the tests that take minutes"
	@echo "make backtest   compare the demo's figures and pages with printed ones: the monthly report's cells, other papers' facts, the annual report"
	@echo "make dagster    open the pipeline in Dagster's pages"
	@echo "make bench      measure CPU seconds, memory and new bytes of a month, and DuckDB's own least"
	@echo "make bench-region  measure a region in one working file and in shards"
	@echo "make format     format the Python"
	@echo "make lock       lock the packages again (needs uv)"

demo: $(VENV)/run.done
	$(BIN)/warehouse sample
	$(BIN)/warehouse run --from 2018-08 --to 2019-08

test: check
	$(BIN)/pytest -m "not long" --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-long: $(VENV)/develop.done
	$(BIN)/pytest -m long

# the two that take half a minute each, of types and of SQL, at the same time
check: $(VENV)/develop.done
	@$(MAKE) --no-print-directory --jobs 2 $(CHECKS)

check-types: $(VENV)/develop.done
	$(BIN)/mypy

check-sql: $(VENV)/develop.done
	cd dbt_project && ../$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar -q models ../docs/cookbook

check-style: $(VENV)/develop.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-layers: $(VENV)/develop.done
	$(BIN)/lint-imports --no-cache --no-logo

format: $(VENV)/develop.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

backtest: $(VENV)/run.done
	$(BIN)/python tests/backtest/side_by_side.py
	PYTHONPATH=tests $(BIN)/python tests/backtest/facts_of_papers.py
	PYTHONPATH=tests $(BIN)/python tests/backtest/pages_beside_the_report.py
	PYTHONPATH=tests $(BIN)/python tests/backtest/annual_report_beside_the_printed.py

dagster: $(VENV)/run.done
	$(BIN)/python -m pipelines.defs.pages

bench: $(VENV)/develop.done
	$(BIN)/python bench/bench.py
	$(BIN)/python bench/comparators.py

bench-region: $(VENV)/develop.done
	$(BIN)/python bench/region.py

lock: LOCK = uv pip compile --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml
lock:
	$(LOCK) --group build -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "Python 3.11 or newer is needed; name it with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) requirements.lock
	@touch $@

$(VENV)/develop.done: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) requirements-dev.lock
	@touch $@
