# Two commands do all set-up: `make demo` and `make test`. Both take seconds the second time.
PYTHON ?=
export PYTHON
BIN := .venv/bin
CORES := $(shell nproc 2>/dev/null || echo 2)
ARGS ?=

.PHONY: help demo test check-code check-tests proof bench screenshots lock generated environment clean

help:
	@echo "make demo    set up, audit a simulated year, serve the report on this machine"
	@echo "make test    set up, then every check and every test"
	@echo "make proof   the long proofs; their output goes to docs/proof"
	@echo "make bench   the timings of bench/; the table goes to docs/proof"
	@echo "make screenshots  every page, light and dark, on a desk and a telephone, into .make/screenshots"
	@echo "make generated  write the generated reference pages and the German catalogues again"
	@echo "make lock    choose versions anew and write both lock files"

# The demonstration needs only what a user needs. An environment made for the tests holds that as well.
demo:
	@if [ -f .venv/.installed-requirements-dev.lock ]; then tools/environment requirements-dev.lock; else tools/environment requirements.lock; fi
	@$(BIN)/handfast demo $(ARGS)

environment:
	@tools/environment requirements-dev.lock

test: check-code check-tests

check-code: environment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check-tests: environment
	@chromium=$$(tools/browser) && HANDFAST_CHROMIUM=$$chromium CORES=$(CORES) tools/run-tests $(ARGS)

proof: environment
	@chromium=$$(tools/browser) && HANDFAST_CHROMIUM=$$chromium $(BIN)/python tools/prove.py $(ARGS)

bench: environment
	@$(BIN)/python tools/run_benches.py

generated: environment
	@$(BIN)/python tools/generate.py
	@$(BIN)/python -m tools.translate

screenshots: environment
	@chromium=$$(tools/browser) && HANDFAST_CHROMIUM=$$chromium $(BIN)/python tools/screenshots.py $(ARGS)

lock: environment
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra all --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra all --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .make dist build .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
