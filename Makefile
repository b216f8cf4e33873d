# The front door. Each verb builds what it needs in .venv and runs from a fresh clone; `make` lists them.
# Everything is relative to this directory, so the checkout may lie below a path with spaces.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/runtime.stamp
DEVELOPMENT := $(VENV)/development.stamp
CODE := config ledger lending collection
RULES := ledger/kernel ledger/domain ledger/policies lending/domain lending/policies collection/policies
RULE_TESTS := tests/unit/ledger tests/unit/lending/domain tests/unit/lending/policies tests/unit/collection \
  $(filter-out %_second_books.py,$(wildcard tests/oracles/test_*.py)) $(wildcard tests/properties/test_*_laws.py)
# A missing or dangling interpreter (a new Python, a moved one) means a new environment and a new install.
MISSING := $(shell test -x "$(PY)" || echo environment)
# The lock names every package, so nothing is resolved: an extra in a requirement would be, and to a newer release.
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement

export PIP_REQUIRE_VIRTUALENV = 1
export PYTHONUNBUFFERED = 1
# The suite starts dozens of processes, and each would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test coverage mutate explore simulate check serve bench rebuild verify format clean environment
.DELETE_ON_ERROR:

help: ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/make \1	\2/p' Makefile | expand -t 16

demo: $(RUNTIME) ## run the demonstration; ORDERS= SERVE=0 REPORT= ENTITIES= DAYS= SEED= SAMPLE=
	@"$(PY)" manage.py demo \
	  $(if $(ORDERS),--orders "$(ORDERS)") \
	  $(if $(filter 0,$(SERVE)),--no-serve) \
	  $(if $(REPORT),--report "$(REPORT)") \
	  $(if $(ENTITIES),--entities "$(ENTITIES)") \
	  $(if $(DAYS),--days "$(DAYS)") \
	  $(if $(SEED),--seed "$(SEED)") \
	  $(if $(SAMPLE),--sampling-factor "$(SAMPLE)")

test: $(DEVELOPMENT) ## the whole suite; ARGS="-k name" narrows it
	"$(PY)" -m pytest -n auto --dist worksteal $(ARGS)

coverage: $(DEVELOPMENT) ## branches of the rules reached by tests without a database; fails below 100%
	DATABASE_URL=postgres://nobody@127.0.0.1:1/none "$(PY)" -m pytest -q -n "$(or $(JOBS),0)" \
	  -p tests.builders.brief_properties --hypothesis-profile brief $(RULE_TESTS) \
	  --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered \
	  $(foreach package,$(RULES),--cov=$(package)) $(ARGS)

mutate: $(DEVELOPMENT) ## change the money code and see whether tests notice; MODULES= SAMPLE= SEED= JOBS=
	"$(PY)" -m tests.mutation $(MODULES) \
	  $(if $(SAMPLE),--sample "$(SAMPLE)") $(if $(SEED),--seed "$(SEED)") $(if $(JOBS),--jobs "$(JOBS)")

explore: $(DEVELOPMENT) ## the laws again, on examples that no run has tried yet; ARGS=
	"$(PY)" -m pytest -n auto --hypothesis-profile explore tests/properties $(ARGS)

simulate: $(DEVELOPMENT) ## random lives of sellers beside a reference, every law after every step; SEED= STEPS=
	SIMULATION_SEEDS="$(or $(SEED),$(shell date +%j))" SIMULATION_STEPS="$(or $(STEPS),2000)" \
	  "$(PY)" -m pytest tests/properties/test_lives_lived_twice.py -k is_the_same_after $(ARGS)

check: $(DEVELOPMENT) ## format, lint, types, import rules, migrations, the published API
	"$(PY)" -m ruff format --check .
	"$(PY)" -m ruff check .
	"$(PY)" -m mypy $(CODE) manage.py
	"$(PY)" -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	LOANBOOK_DATABASE_ROLE=owner "$(PY)" manage.py makemigrations --check --dry-run
	fresh=$$(mktemp) && trap 'rm -f "$$fresh"' EXIT && \
	  "$(PY)" manage.py spectacular --validate --fail-on-warn --file "$$fresh" && \
	  diff -u docs/api/openapi.yaml "$$fresh"

serve: $(RUNTIME) ## database, migrations, web, worker and beat, until Ctrl-C
	"$(PY)" manage.py up $(ARGS)

bench: $(DEVELOPMENT) ## measure, and print ratios
	"$(PY)" -m bench $(ARGS)

rebuild: $(RUNTIME) ## throw the projections away and replay the events
	"$(PY)" manage.py rebuild $(ARGS)

verify: $(RUNTIME) ## prove the books: balances, hash chains, projections equal to replay
	"$(PY)" manage.py verify $(ARGS)

format: $(DEVELOPMENT) ## rewrite the code in the house format
	"$(PY)" -m ruff format .
	"$(PY)" -m ruff check --fix .

clean: ## remove .venv and caches; the data in .var stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@"$(PYTHON)" -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
	  "Loanbook needs Python 3.11, 3.12 or 3.13, but $(PYTHON) is %d.%d. Try: make PYTHON=python3.12" % v)'
	"$(PYTHON)" -m venv --clear $(VENV)

$(RUNTIME): requirements.lock $(MISSING)
	"$(PY)" $(INSTALL) requirements.lock
	@touch "$@"

$(DEVELOPMENT): requirements-dev.lock $(MISSING)
	"$(PY)" $(INSTALL) requirements-dev.lock
	@touch "$@"
