# The verbs of raxdash. `make run` and `make test` need nothing but git, make and any Python 3.9 or newer (or uv).

PYTHON := .venv/bin/python
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv)
COMPILE := UV_SYSTEM_CERTS=1 $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.PHONY: run demo test check mutants chaos worlds bench image-test lint format install install-test lock migrations-check screenshots

run: install
	@exec $(PYTHON) scripts/launch.py

demo: install
	@exec $(PYTHON) scripts/launch.py --demo

test: install-test
	@scripts/install_test_parts.sh
	@$(PYTHON) scripts/check.py

# For every commit, in less than 90 seconds: lint, types, and the fast tests of what changed since `main`.
check: install-test
	@$(PYTHON) scripts/check.py changed

# Lies in the central code: who is not found out by the tests? Some minutes.
mutants: install-test
	@scripts/install_test_parts.sh
	@$(PYTHON) -m tests.mutants $(MUTANTS)

# What takes long to be sure of: a hundred kills, every fault, thousands of worlds. 25 minutes at most, for which it
# looks at the clock between tests; each of them is bounded by itself. The report is var/chaos.md.
chaos: install-test
	@scripts/install_test_parts.sh
	@CHAOS_REPORT=var/chaos.md $(PYTHON) -m pytest --quiet --numprocesses 3 -m chaos --session-timeout 1500

# Everything that is tried in random worlds, in ten thousand of them: half an hour and more.
worlds: install-test
	@$(PYTHON) -m pytest --quiet --numprocesses 2 -m "chaos or worlds" tests/usage/test_ten_thousand_worlds.py \
	  tests/usage/books/test_world_invariants.py tests/usage/books/test_gappy_worlds.py tests/usage/explore/test_questions.py tests/usage/reference
	@$(PYTHON) -m pytest --quiet --numprocesses 2 --hypothesis-profile thorough tests/usage/ledger

bench: install-test
	@scripts/install_test_parts.sh
	@$(PYTHON) manage.py prepare --static-only
	@$(PYTHON) -m bench $(BENCH)

# The image, run for real against whatever Docker is there: some ten minutes. IMAGE=many or single runs one half.
image-test: install-test
	@$(PYTHON) -m tests.image $(IMAGE)

lint: install-test
	@$(PYTHON) scripts/check.py lint

format: install-test
	@$(PYTHON) -m ruff check --quiet --fix . && $(PYTHON) -m ruff format --quiet .
	@$(PYTHON) scripts/biome.py check --write

install:
	@scripts/install.sh run

install-test:
	@scripts/install.sh test

migrations-check: install
	@$(PYTHON) manage.py makemigrations --check --dry-run

lock:
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.lock
	@$(COMPILE) --group node --output-file requirements-node.lock

screenshots: install-test
	@scripts/install_test_parts.sh
	@$(PYTHON) manage.py prepare --static-only
	@$(PYTHON) -m tests.screenshots
