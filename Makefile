# Every target sets up what it needs and is quick when nothing changed. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test check bench kafka soak lock clean environment tools screens
.NOTPARALLEL:
# Compiled code is kept whatever the machine says: hundreds of short processes would each compile all they read.
export PYTHONDONTWRITEBYTECODE :=

KAFKA ?=
PORT ?= 8700
T ?= tests

##@ Use
demo: environment screens ## Run it all on this machine, with invented posts (KAFKA=1: over a real local Apache Kafka)
	@exec .venv/bin/seinpost up --demo --port $(PORT) $(if $(KAFKA),--kafka)

kafka: environment ## Start a real local Apache Kafka on port 9092
	@exec .venv/bin/seinpost kafka

##@ Develop
# Three at a time also on two cores: the tests of the road mostly wait, for brokers, leases and refusals.
test: tools screens ## Run every test (T=tests/nlp: only those)
	@.venv/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not soak" $(T)

check: tools screens ## Check format, lint, types, and the floors of the house
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/pytest -q tests/house

bench: tools ## Measure Seinpost beside other ways
	@.venv/bin/python -m bench

soak: tools screens ## Run the long tests at full size; results go into docs/measurements.md
	@SOAK=1 .venv/bin/pytest -m soak --timeout 7200 $(T)

lock: ## Write the lock files anew (UPGRADE=1: newest versions that fit)
	@scripts/lock $(if $(UPGRADE),--upgrade)

clean: ## Remove what was built; data in var/ stays
	@rm -rf .venv .cache build review_ui/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

# What the targets above stand on; each does nothing when nothing changed.
environment:
	@scripts/environment run
tools:
	@scripts/environment dev
screens: | environment
	@scripts/node_parts
