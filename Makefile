# Every target sets up what it needs; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK_FLAGS := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
# What Qt needs of Debian to show a window, and what its last test needs to look at one.
QT_LIBRARIES := libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3 \
	libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0
SCREEN := xvfb xauth xdotool openbox
APT_INSTALL := if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal
export ETH_HASH_BACKEND := pysha3
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test check install bench screenshots nightly lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.desktop ## set up and open the window on the shipped dvp scenario
	$(BIN)/python main.py desktop

test: $(VENV)/.tools $(VENV)/.screen ## set up and run all tests
	$(PYTEST)

check: $(VENV)/.tools ## format, lint, types, import arrows, Vyper lint, pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m contracts.lint
	$(BIN)/python -m pytest -q tests/project/test_docs.py tests/project/test_setup.py

install: $(VENV)/.tools ## set up .venv with everything that run, test and check need

bench: $(VENV)/.runtime ## measure gas, the engines, and settlements beside others' (15 minutes)
	$(BIN)/python -m bench.gas
	$(BIN)/python -m bench.engines
	$(BIN)/python -m bench.settlements

screenshots: $(VENV)/.desktop ## paint the window in all its looks into .cache/screenshots
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m gui.screenshots

nightly: $(VENV)/.tools $(VENV)/.screen ## all tests with many more generated examples
	$(PYTEST) -m "nightly or not nightly" --hypothesis-profile=nightly

lock: $(VENV)/.tools ## resolve requirements*.in again into the hashed locks
	$(BIN)/pip install --quiet pip-tools==7.6.2
	$(BIN)/pip-compile $(LOCK_FLAGS) --output-file=requirements.txt requirements.in
	$(BIN)/pip-compile $(LOCK_FLAGS) --output-file=requirements-dev.txt requirements-dev.in

clean: ## remove .venv and everything that was generated
	rm -rf $(VENV) .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is older than its lock when the environment no longer matches it.
$(VENV)/.runtime: requirements.txt $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tools: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

# Without them the terminal plays instead, and the tests that look at a screen are left out.
$(VENV)/.desktop: $(VENV)/.runtime
	@$(BIN)/python -c 'from gui.display import why_no_window as w; exit(w({"DISPLAY": ":0"}) != "")' || \
		$(APT_INSTALL) $(QT_LIBRARIES) >/dev/null; fi || echo "Qt's libraries could not be installed" >&2
	@touch $@

$(VENV)/.screen: $(VENV)/.desktop
	@command -v Xvfb xdotool openbox >/dev/null || \
		$(APT_INSTALL) $(SCREEN) >/dev/null; fi || echo "no screen could be installed" >&2
	@touch $@

# Debian packages venv apart from Python, and only root can add it.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Lockstep needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 4; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv && \
			$(PYTHON) -m venv $(VENV); \
		else \
			echo "python3 -m venv does not work here; on Debian: apt-get install python3-venv" >&2; exit 4; \
		fi; }
