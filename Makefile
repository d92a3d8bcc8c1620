# The two commands: `make run` sets everything up and runs the portal, `make test` sets everything up and runs every test.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
WHERE := 127.0.0.1:5432
POSTGRES_URL ?= postgres://postgres@$(WHERE)/postgres

.PHONY: help run test check lock bench rush screenshots sbom audit clean setup setup-dev

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: setup ## set up and run the portal with demo data (Ctrl-C stops all of it)
	@$(PY) -m portal.prepare run

test: setup-dev ## set up and run every test, on SQLite and on PostgreSQL
	@$(PY) -m tests.run

check: setup-dev ## style, types, layers, templates, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	SECRET_KEY=only-for-reading-types $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	@$(PY) -m portal.prepare check

bench: setup-dev ## measure the pages (see benchmarks/README.md)
	$(PY) -m benchmarks.pages

rush: setup-dev ## let 1,000 teams save and submit in five minutes, and see that nothing is lost
	$(PY) -m benchmarks.rush

screenshots: setup-dev ## take the README's pictures from the demo
	$(PY) -m tests.browser.screenshots

lock: .venv/made ## pin the newest versions that fit pyproject.toml
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

audit: setup-dev ## known vulnerabilities in what is pinned
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

sbom: setup-dev ## software bill of materials, CycloneDX
	@mkdir -p var
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock -f cyclonedx-json -o var/sbom.json

clean: ## remove everything that was made here, data included
	rm -rf .venv node_modules var .env

setup: .venv/runtime node_modules/made ## what running needs
	@$(PY) -m portal.prepare native

setup-dev: .venv/dev node_modules/made ## what testing needs
	@$(PY) -m portal.prepare native browser

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Throughline needs Python 3.11 or newer; $(PYTHON) is older. Say which: make run PYTHON=python3.12"; exit 1; }
	@[ -w . ] || { echo "This folder is read-only: copy the project to a place you may write to."; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { echo "Python cannot make virtual environments here. On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

# Each pinned version is checked against its hash.
define install
	@echo "Installing what $(1) pins …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --prefer-binary --require-hashes -r $(1) > .venv/install.log 2>&1 \
	  || { tail -n 5 .venv/install.log; echo "A package could not be installed (see .venv/install.log). If it says a compiler is missing: apt-get install build-essential python3-dev"; exit 1; }
	@touch $@
endef

.venv/runtime: .venv/made requirements.lock
	$(call install,requirements.lock)

.venv/dev: .venv/made requirements-dev.lock
	$(call install,requirements-dev.lock)
	@touch .venv/runtime

node_modules/made: .venv/runtime package-lock.json
	@$(PY) -m portal.prepare node
	@touch $@
