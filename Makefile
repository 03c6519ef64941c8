# Every target sets up .venv by itself, from the hash-locked requirements.
# `make audit` is the main job; `make test` and `make check` are what CI runs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Much of the time tests wait for a server or a browser of their own, so there is work for more than a process for each core.
TESTERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

.PHONY: audit bench browser check chromium clean fixtures format lint-rules lock pages serve test

audit: $(READY) ## audit the invented sample of 49 cases: scores, recommendations, findings
	@$(BIN)/aboveline audit fixtures/york-and-north-yorkshire-2014/cases.jsonl --as-of 2013-12-02

serve: $(READY) ## the service on this machine, with the sample loaded and audited: http://127.0.0.1:8000
	@$(BIN)/aboveline serve --sample fixtures/york-and-north-yorkshire-2014/cases.jsonl --as-of 2013-12-02

test: $(READY) ## every test
	$(BIN)/python -m pytest -n $(TESTERS) --dist worksteal

browser: $(READY) chromium ## the report and the service in a real browser; installs chromium with apt where there is none
	ABOVELINE_BROWSER=required $(BIN)/python -m pytest -m browser

chromium: ## a browser to test in
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
		|| { echo "There is no chromium, and it could not be installed: install it, then run make browser again." >&2; exit 1; }

check: $(READY) lint-rules ## lint, types, layers, format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/aboveline pages docs/rules --check

lint-rules: $(READY) ## check the rulebook
	$(BIN)/aboveline lint

format: $(READY) ## put code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fixtures: $(READY) ## write the fixtures again from their scripts and tables
	$(BIN)/python fixtures/demonstration/make_cases.py
	$(BIN)/python fixtures/make.py

pages: $(READY) ## write the pages of the rules again from the rules
	$(BIN)/aboveline pages docs/rules

bench: $(READY) ## measure reading, the engines and their peers on this machine; writes benchmarks/RESULTS.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable .[bench]
	$(BIN)/python -m benchmarks.run $(BENCH)

lock: $(READY) ## lock every dependency with hashes
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --extra dev \
		--output-file requirements-dev.txt pyproject.toml

clean: ## remove what the other targets made
	rm -rf .venv build dist *.egg-info engine/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 13) else "Aboveline needs Python 3.11 or 3.12: make PYTHON=python3.11 ...")'
	@echo "Setting up .venv (once; a minute or two)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
