# bofbot: `make demo` plays the practice robots, `make test` runs every test, `make check` the quick part.
# Each of them sets up all it needs: Python 3.11 or newer and make are enough.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := $(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)
READY  := $(VENV)/.ready-$(LOCK)
EYES   := $(VENV)/.browser

.PHONY: help demo test coverage check ready desktop lock reference clean

help:
	@sed -n '1,2s/^# //p' Makefile

demo: $(READY) $(EYES)
	@$(BIN)/bofbot demo

test: $(READY) $(EYES)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 2 --dist loadgroup

# Which lines no test reaches; slower than the tests alone.
coverage: $(READY) $(EYES)
	$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 -m "not slow and not browser"

ready: $(READY) $(EYES)

# The packages, exactly those of the lock; made anew when the lock changes.
$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "bofbot needs Python 3.11 or newer; name yours: make PYTHON=python3.12" >&2; exit 6; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; } \
	  || { echo "this Python cannot make virtual environments; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 6; }
	@echo "setting up $(VENV) (a minute or two, once)"
	@$(BIN)/python -c pass 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bofbot  # as pip does with every other package: a third of a robot's start
	@rm -f $(VENV)/.ready-*
	@touch $@

# A browser that starts and shows Japanese letters.
$(EYES): $(READY)
	@$(BIN)/bofbot doctor --fix --only browser
	@touch $@

# What desktop robots need besides; apart from the rest, because it is built from sources.
desktop: $(READY)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-desktop.lock
	@$(BIN)/bofbot doctor --only desktop

lock: $(READY)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o requirements.lock
	printf 'pyautogui>=0.9.54\npillow>=11\n' | $(BIN)/uv pip compile - --constraint requirements.lock --python-version 3.11 --universal \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o requirements-desktop.lock

reference: $(READY)
	$(BIN)/python -m bofbot.cli.reference docs/reference

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* dist
