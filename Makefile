# The doors of the workbook. `make help` lists them.
PYTHON ?= python3
CLIENT ?= kiosk
JOBS   ?= 2
BIN    := .venv/bin
READY  := .venv/ready
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV     := $(BIN)/uv pip install --quiet --python $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help env demo test lab report batch bench validate lock lint clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

env: $(READY)  ## build the environment in .venv/ from requirements.lock

# Always a fresh environment, so that it holds what the lock says and nothing else.
# uv installs the lock in seconds; where it cannot reach its index, pip does the same more slowly.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	@echo "Building the environment in .venv/ ..."
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) "$$(sed -n 's/^\(uv==[0-9.]*\).*/\1/p' requirements.lock)"
	@$(UV) --requirement requirements.lock || $(PIP) --requirement requirements.lock
	@$(UV) --no-deps --no-build-isolation --editable . || $(PIP) --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)  ## run every demo client and say where the reports are
	@$(BIN)/cx run --all --jobs $(JOBS)

test: $(READY)  ## run all tests, JOBS files at once (installs a browser for them where it may)
	@.ci/browser
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder

lab: $(READY)  ## open the workbook's start page in JupyterLab
	@$(BIN)/cx lab

report: $(READY)  ## one client: make report CLIENT=kiosk
	@$(BIN)/cx run $(CLIENT)

batch: $(READY)  ## the batch demo: fifty-one states, several at a time: make batch JOBS=4
	@$(BIN)/python data/states/make.py
	@$(BIN)/cx run --all --data data/states/clients --reports reports/states --jobs $(JOBS)

bench: $(READY)  ## speed, as ratios measured in one run
	@$(BIN)/python -m bench

validate: $(READY)  ## every published number against ours: reports/validation.html
	@$(BIN)/cx validate

lock:  ## remake requirements.lock and environment.yml from pyproject.toml (LOCKFLAGS=--upgrade for newer versions)
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(PIP) uv pyproject2conda; }
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --all-extras pyproject.toml --output-file requirements.lock $(LOCKFLAGS)
	@$(BIN)/pyproject2conda yaml --pyproject pyproject.toml --extra cluster --extra test --python-include infer --name cxlib --no-header --overwrite force --output environment.yml
	@$(BIN)/python docs/dependencies.py

lint: $(READY)  ## formatting and lint
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

clean:  ## remove reports and caches; data and the environment stay
	@find reports -mindepth 1 ! -name .gitkeep -delete
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .hypothesis .ruff_cache
