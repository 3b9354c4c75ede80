# Everything a newcomer, a developer and CI need. `make demo` and `make test` are enough to start.
SHELL  := /bin/bash
PYTHON ?= python3.11
BIN    := .venv/bin
PYTEST := $(BIN)/python -m pytest
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder

# What Python compiled is kept: else each of the many processes of the tests does it anew.
unexport PYTHONDONTWRITEBYTECODE

# A command for each of some words, one after another; all are run, and those that failed are named.
each = failed=; for each in $(1); do $(2) || failed="$$failed $$each"; done; [ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

BENCHES := $(shell find bench -maxdepth 1 -type f -perm -u+x | sort)
ATTACKS := $(addprefix bench/,attack fuzz_home_files fuzz_parsing)
MUTANTS := bench/mutate

NIGHTLY := $(addprefix nightly-,sqlite postgresql spark attacks mutants benches)

.PHONY: help demo demo-reset setup dev attack-tools test test-sqlite test-postgresql nightly $(NIGHTLY) check requirements bench clean browser java neighbours

help:            ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

demo: setup      ## a made-up practice, running on http://localhost:8000
	@$(BIN)/wellpost demo

demo-reset: setup ## the same, started anew
	@$(BIN)/wellpost demo --reset

setup: .venv/.base ## the environment, in .venv

dev: .venv/.dev

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Wellpost needs Python 3.11 with its venv: apt-get install python3.11 python3.11-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.base: .venv/bin/python requirements/base.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# Programs that attack and test Wellpost from outside (requirements/nightly.in), apart from it.
attack-tools: .venv-attack/.made

.venv-attack/.made: requirements/nightly.txt
	$(PYTHON) -m venv .venv-attack
	.venv-attack/bin/python -m pip install --quiet --require-hashes -r requirements/nightly.txt
	@touch $@

# Chromium (with and without a window; the latter has a third less to do), and the library that Playwright's driver needs beside it.
BROWSER := chromium chromium-headless-shell libatomic1

browser: dev
	@{ command -v chromium && command -v chromium-headless-shell && $(BIN)/playwright --version; } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(BROWSER) >/dev/null; \
	  else echo "The browser tests need Chromium. Run: sudo apt-get install $(BROWSER)"; exit 1; fi; }

# What Spark runs on.
JAVA := openjdk-17-jre-headless

java:
	@{ [ -n "$$JAVA_HOME" ] && [ -x "$$JAVA_HOME/bin/java" ]; } || command -v java >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(JAVA) >/dev/null; \
	  else echo "The tests of Spark need Java 17. Run: sudo apt-get install $(JAVA)"; exit 1; fi; }

# What stands beside the server in a real deployment: the proxy, and the virus scanner.
NEIGHBOURS := nginx clamav-daemon

neighbours:
	@{ command -v nginx && command -v clamd; } >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(NEIGHBOURS) >/dev/null; \
	  else echo "The tests with a real neighbour need it. Run: sudo apt-get install $(NEIGHBOURS)"; exit 1; fi; }

test: dev browser java test-sqlite test-postgresql ## all tests (about 9 minutes on two cores)

test-sqlite: dev
	$(PYTEST) $(TOGETHER)

test-postgresql: dev
	WELLPOST_TEST_DATABASE=postgresql $(PYTEST) $(TOGETHER) tests/server tests/security tests/chaos -m postgresql

nightly:         ## the deep runs: every part below, also after one that failed
	@$(call each,$(NIGHTLY),$(MAKE) --no-print-directory $$each)

nightly-sqlite: dev browser neighbours ## part: all tests but Spark's, 500 random examples an engine
	HYPOTHESIS_PROFILE=nightly $(PYTEST) $(TOGETHER) -k "not spark"

nightly-postgresql: dev ## part: every test of the server on PostgreSQL, as deep
	HYPOTHESIS_PROFILE=nightly WELLPOST_TEST_DATABASE=postgresql $(PYTEST) $(TOGETHER) tests/server tests/security tests/chaos

nightly-spark: dev java ## part: every story and more random examples on Spark, and a cluster
	HYPOTHESIS_PROFILE=nightly $(PYTEST) $(TOGETHER) -k spark

nightly-attacks: dev attack-tools ## part: a running server under attack, files that do harm
	@$(call each,$(ATTACKS),$(BIN)/python $$each)

nightly-mutants: dev ## part: what the tests would notice
	@$(call each,$(MUTANTS),$(BIN)/python $$each)

nightly-benches: dev browser java ## part: every other bench in full
	@$(call each,$(filter-out $(ATTACKS) $(MUTANTS),$(BENCHES)),$(BIN)/python $$each)

bench: dev browser java attack-tools ## the figures, in their quick form
	@$(call each,$(BENCHES),$(BIN)/python $$each --quick)

check: dev       ## the linters
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

requirements: dev ## compile requirements/*.txt anew from *.in
	for each in base aws spark dev nightly; do $(BIN)/uv pip compile requirements/$$each.in --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --python-platform linux --no-header -q -o requirements/$$each.txt; done

clean:
	rm -rf .venv var build dist
