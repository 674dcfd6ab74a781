# `make chat` and `make test` do everything from a fresh clone; both can be run again at will.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat ask test lint types build eval bench install install-dev clean

chat: install
	@$(BIN)/askbot chat

install:
	@$(PYTHON) tools/install.py

install-dev:
	@$(PYTHON) tools/install.py --dev

test: install-dev
	$(BIN)/python -m pytest -q

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-dev
	$(BIN)/mypy

build: install-dev
	$(BIN)/python -m build --no-isolation --outdir dist .

eval: install-dev
	ASKBOT_HOME=.eval/home $(BIN)/askbot eval corpus/questions.jsonl --out .eval/run --fresh --junit .eval/junit.xml

bench: install-dev
	$(BIN)/python benchmarks/speed.py

clean:
	rm -rf .venv .eval dist .mypy_cache .ruff_cache .pytest_cache
