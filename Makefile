# The front door: `make help`. Every target makes the project's own environment first, once.

.DEFAULT_GOAL := help
.PHONY: help report month history adopt dictionary compare claims results score where serve data sample months responses picture lab notebooks test lint bench lock env clean

# Parameters, as `make report K=7 SCALE=log`; `make help` says what each may be.
PARAMETERS := K DATA TABLE COLUMNS FEATURES DESCRIBE DICTIONARY PERSONAS ECONOMICS BAD_ROWS SCALE IMPUTE ENCODER ALGORITHM SUBSEGMENT PRESET KMAX EVIDENCE SEED MARKET CAMPAIGN FORMATS RENDERER QUARTO OUTPUTS MODEL PERIOD FROM REPLACE REASON OUT PORT HOST TOKEN

PYTHON ?= python3
VENV := .venv
AS_ROOT := $(filter 0,$(shell id -u))
CONDA_NAME := card-segments

# A misspelt parameter must not silently mean the default.
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
UNKNOWN := $(filter-out $(PARAMETERS) PYTHON VENV SHELL MAKEFLAGS,$(GIVEN))
ifneq ($(UNKNOWN),)
$(error unknown parameter $(UNKNOWN); known are $(PARAMETERS); for example make report K=7)
endif

# Values reach the program through its environment, letter by letter: neither make nor the shell ever expands one.
# A terminal exports its width as COLUMNS, a machine its HOST, others DATA or SEED as they like: but for TOKEN, parameters
# count only when given on the command line.
text = $(if $(filter %/environment,$(filter-out TOKEN/environment,$(1)/$(origin $(1)))),,$(value $(1)))
unexport $(PARAMETERS)
$(foreach name,$(PARAMETERS),$(eval export SEG_$(name) := $$(call text,$(name))))
# A token is not put on a command line, which everyone on the machine can read; where it means nothing, only that it was
# given is said. One in the environment may be meant for something else.
WORDS := $(foreach name,$(filter-out TOKEN,$(PARAMETERS)),"$(name)=$${SEG_$(name)}")
MISPLACED := $(if $(filter command,$(origin TOKEN)),$(if $(strip $(value TOKEN)),"TOKEN=(given)"))

# Imports without bytecode triple the time of a run; nobody else's modules take part in it.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME PYTHONSTARTUP
export PYTHONNOUSERSITE := 1
export OMP_NUM_THREADS := 1

ifeq ($(CONDA_DEFAULT_ENV),$(CONDA_NAME))
HOME_OF_PACKAGES := $(CONDA_PREFIX)
PYTHON := $(CONDA_PREFIX)/bin/python
else
HOME_OF_PACKAGES := $(VENV)
endif
BIN := $(HOME_OF_PACKAGES)/bin/

# What a report needs, and with it what tests, notebooks by hand and new locks need.
READY := $(HOME_OF_PACKAGES)/.ready-requirements.lock
READY_DEV := $(HOME_OF_PACKAGES)/.ready-requirements-dev.lock

help: ## list targets and parameters
	@echo "make report K=7 DATA=customers.csv    from a customers file to report.html and report.pdf"
	@echo
	@echo "Targets:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "Parameters, as NAME=value:"
	@$(PYTHON) -m seg_utils help

report: $(READY) ## make the report: runs what is out of date, prints where report.html and report.pdf are
	@$(BIN)python -m seg_utils report $(WORDS) $(MISPLACED)

month: $(READY) ## what changed since the last period: make month DATA=nov.csv PERIOD=2026-11 FROM=<run folder>
	@$(BIN)python -m seg_utils month $(WORDS) $(MISPLACED)

history: $(READY) ## all periods of a run side by side: who came, moved and left, and whether the segments held
	@$(BIN)python -m seg_utils history $(WORDS) $(MISPLACED)

adopt: $(READY) ## put the segments fitted on a period in force: make adopt PERIOD=2026-11 REASON="..."
	@$(BIN)python -m seg_utils adopt $(WORDS) $(MISPLACED)

dictionary: $(READY) ## propose a data dictionary for a file with columns of its own: make dictionary DATA=customers.csv
	@$(BIN)python -m seg_utils dictionary $(WORDS) $(MISPLACED)

compare: $(READY) ## compare algorithms and scales at one K: make compare K=7, prints where the comparison is
	@$(BIN)python -m seg_utils compare $(WORDS) $(MISPLACED)

claims: $(READY) ## measure what published systems claim about the public file: writes docs/claims.md and docs/claims.csv
	@$(BIN)python -m seg_utils claims $(WORDS) $(MISPLACED)

score: $(READY) ## place new customers in the segments of a run: make score DATA=new.csv MODEL=<run folder>
	@$(BIN)python -m seg_utils score $(WORDS) $(MISPLACED)

results: $(READY) ## what a campaign did: make results DATA=responses.csv FROM=<run folder> CAMPAIGN=<name>
	@$(BIN)python -m seg_utils results $(WORDS) $(MISPLACED)

where: $(READY) ## print the folder of a run
	@$(BIN)python -m seg_utils where $(WORDS) $(MISPLACED)

serve: $(READY) ## answer requests by the model of a run: make serve MODEL=<run folder> PORT=8000
	@$(BIN)python -m seg_utils serve $(WORDS)

data: $(READY) ## fetch the public customers file into data/raw
	@$(BIN)python -m seg_utils data

sample: $(READY) ## make the bundled synthetic customers anew
	@$(BIN)python -m seg_utils.data.sample

months: $(READY) ## make twelve monthly files of the bundled customers in data/sample/months, and what happened in them
	@$(BIN)python -m seg_utils.data.sample_months

responses: $(READY) ## have the bundled customers answer the campaign of a run: make responses FROM=<run folder>
	@$(BIN)python -m seg_utils responses $(WORDS) $(MISPLACED)

picture: $(READY) ## draw the README's picture of page one anew, from the bundled customers
	@$(BIN)python -m seg_utils report K=7
	@$(BIN)python -m seg_utils.reporting.rendering.first_page "$$($(BIN)python -m seg_utils where K=7)"

lab: $(READY_DEV) ## open the notebooks in JupyterLab
	@$(if $(AS_ROOT),echo "as root; to reach it from outside a container, publish port 8888 and add --ip=0.0.0.0 to the command below")
	$(if $(AS_ROOT),,@)JUPYTER_PREFER_ENV_PATH=1 $(BIN)python -m jupyterlab $(if $(AS_ROOT),--allow-root --no-browser)

notebooks: $(READY_DEV) ## run the notebooks by hand-set defaults and store the outputs that nbval compares
	@$(BIN)python -m seg_utils notebooks

test: lint ## linter, all tests, the whole pipeline, nbval
	@$(BIN)python -m pytest --numprocesses 2 --dist loadgroup

lint: $(READY_DEV) ## check style, formatting and the order of packages
	@$(BIN)ruff check .
	@$(BIN)ruff format --check .
	@$(BIN)lint-imports --no-logo

bench: $(READY_DEV) ## measure speed against plain references, in one run
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)python "$$script" || exit 1; done

LOCK := uv pip compile --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-header --quiet

lock: $(READY_DEV) ## resolve pyproject.toml anew into requirements.lock and requirements-dev.lock, with hashes
	@$(BIN)$(LOCK) pyproject.toml --output-file requirements.lock
	@$(BIN)$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

env: $(READY) ## make the environment only

clean: ## remove all results, keep the environment
	find outputs -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

NEW_ENOUGH := import sys; sys.version_info >= (3, 11) or sys.exit("error: Python 3.11 or newer is needed; name one, for example make report PYTHON=python3.12")

$(READY): requirements.lock
	@$(PYTHON) -c '$(NEW_ENOUGH)'
	@$(PYTHON) -m seg_utils.pipeline.environment $(HOME_OF_PACKAGES) $<

$(READY_DEV): requirements-dev.lock $(READY)
	@$(PYTHON) -m seg_utils.pipeline.environment $(HOME_OF_PACKAGES) requirements.lock $<
