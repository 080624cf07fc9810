# Everything a newcomer needs: `make demo` and `make test`. Both set up what they need first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON_RANGE ?= >=3.12
VENV := .venv
BIN := $(VENV)/bin
# uv from PATH, else our own copy in .tools (never a global install).
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
PINS := requirements/base.txt requirements/build.txt
DEV_PINS := requirements/dev.txt

.PHONY: help setup setup-dev demo test check lint types imports docs bench screens storm pins wheels clean system-packages

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.tools/bin/uv:
	@scripts/get-uv

$(BIN)/python: | $(filter .tools/bin/uv,$(UV))
	$(UV) venv -q --allow-existing --python '$(PYTHON_RANGE)' $(VENV)

$(VENV)/.base: $(PINS) pyproject.toml | $(BIN)/python
	$(UV) pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/base.txt -r requirements/build.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(DEV_PINS) $(VENV)/.base
	$(UV) pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.base ## build .venv from the pinned requirements

setup-dev: $(VENV)/.dev ## the same with everything the tests and checks need

# The service is many short processes: compiled once, not at each start where Python may write no bytecode.
.PHONY: compiled
compiled: $(VENV)/.base
	@$(BIN)/python -m compileall -q -j 0 src

demo: setup compiled ## a demo warehouse with every room built so far; Ctrl-C ends it
	@exec $(BIN)/waybillguard up --demo

system-packages:
	@scripts/system-packages

# axe-core, which judges the pages, comes from npm.
frontend/node_modules: frontend/package-lock.json | system-packages
	@cd frontend && npm ci --no-audit --no-fund --silent
	@touch $@

test: setup-dev compiled system-packages frontend/node_modules ## set up and run every test
	$(BIN)/python -m pytest -n 4 -p no:randomly --dist loadfile --no-loadscope-reorder --ignore tests/browser $(PYTEST_ARGS)
	$(BIN)/python -m pytest -n 2 -p no:randomly --dist loadfile tests/browser $(PYTEST_ARGS)

check: lint types imports compiled ## for daily work: style, types, imports, and the quick tests of what changed
	@tests="$$(scripts/changed-tests)"; [ -z "$$tests" ] || $(BIN)/python -m pytest -q -m "not slow and not browser" $$tests

lint: setup-dev ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev ## mypy, strict
	$(BIN)/mypy

imports: setup-dev ## which room may import which
	$(BIN)/lint-imports

docs: setup-dev ## the documentation, in both languages
	$(BIN)/python -m sphinx -q -W -b html -c docs docs/zh build/docs/zh
	$(BIN)/python -m sphinx -q -W -b html -c docs -D language=en docs/en build/docs/en

.tools/peers/bin/python: benchmarks/peers.txt | setup-dev
	$(UV) venv -q --clear --python $(BIN)/python .tools/peers
	$(UV) pip install -q --python $@ -r benchmarks/peers.txt
	@touch $@

bench: .tools/peers/bin/python ## the figures of the docs, with peers beside them; one alone: ROOM=reveal
	$(BIN)/python -m benchmarks $(ROOM)

screens: setup-dev compiled system-packages ## keep new pictures of every page; whole ones of what differs: build/screens
	WAYBILLGUARD_SCREENS=renew $(BIN)/python -m pytest -q -p no:randomly tests/browser/test_screens.py -k every_page

KILLS ?= 200
storm: setup-dev compiled system-packages ## a long storm: kills, full disks, wrong clocks, flipped backups (KILLS=1000)
	cd tests && PYTHONPATH=.:.. ../$(BIN)/python -m storm --kills $(KILLS) $(STORM_ARGS)

pins: ## compile the pinned requirement files again
	$(UV) pip compile -q --exclude-newer '7 days' --generate-hashes --no-header --python-version 3.12 --universal pyproject.toml -o requirements/base.txt
	$(UV) pip compile -q --exclude-newer '7 days' --generate-hashes --no-header --python-version 3.12 --universal --group build -o requirements/build.txt
	$(UV) pip compile -q --exclude-newer '7 days' --generate-hashes --no-header --python-version 3.12 --universal pyproject.toml --group dev --extra postgresql --extra ocr --extra spark --extra keyholders --extra saml --extra psi --extra yara -c requirements/base.txt -c requirements/build.txt -o requirements/dev.txt

wheels: setup-dev ## the distributions in dist/: the whole, and the tools for print PCs and ERPs
	$(BIN)/python -m hatchling build -t wheel -d dist
	cd distributions/tools && $(CURDIR)/$(BIN)/python -m hatchling build -t wheel -d $(CURDIR)/dist

clean:
	rm -rf $(VENV) .tools build dist .demo .mypy_cache .ruff_cache .pytest_cache
