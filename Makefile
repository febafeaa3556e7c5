# Everything here works on a fresh machine with Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
DEMO := training_checkpoints/demo

REFERENCE := dino_names dino_names.lists dino_names.training dino_names.plotting dino_names.teaching dino_names.scratch

.PHONY: help demo test lint bench soak notebooks docs clean

help: ## what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /: /'

demo: $(VENV)/train ## install, train on the list in data/, print new names
	rm -rf $(DEMO)
	$(BIN)/dino-names train data/dinosaurs.txt --out $(DEMO)
	$(BIN)/dino-names generate -n 10 --model $(DEMO)

test: $(VENV)/dev ## the whole test suite, two tests at a time
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

lint: $(VENV)/dev ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/dev ## every benchmark, each a table of ratios
	$(BIN)/python -m benchmarks

soak: $(VENV)/dev ## the trust tests at length; the figures go to tests/soak/RESULTS.md
	$(BIN)/python -m tests.soak

notebooks: $(VENV)/notebooks ## run every notebook in full, in place
	$(BIN)/python notebooks/run.py

docs: $(VENV)/docs ## the page of the commands, the picture, and pages of the Python reference in site/
	$(BIN)/python -m docs
	$(BIN)/python -m pdoc --output-directory site $(REFERENCE)

clean: ## the environment and what the tools left
	rm -rf $(VENV) build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# One environment; a stamp for each extra that was installed into it.
$(VENV)/%: setup.cfg constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing dino-names[$*] into $(VENV), which takes some minutes"
	$(PIP) --editable '.[$*]'
	touch $@
