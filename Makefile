# `make demo` runs the platform on this machine, `make test` proves it. Both need Python 3.11 or newer and nothing else.

PYTHON   ?= python3
PORT     ?= 8000
VAR      ?= var
USERS    ?= 100
DURATION ?= 60
FUZZ     ?= 100
N        ?= 1000
PY       := .venv/bin/python
# One more than there are cores, for browsers and servers let a test wait; a test run's Redis serves four.
PROCESSES = $(shell $(PY) -c "import os; print(min(len(os.sched_getaffinity(0)) + 1, 4))")
APPS     := platform tenants schools billing api workers monitoring deploy loadtests tests manage.py

export PORT VAR
export PYTHONUNBUFFERED := 1
# What every process of a run would compile again is kept beside its source.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint lint-with-servers bench bench-fair bench-noisy bench-fleet bench-roll bench-cards bench-import hammer fuzz load dashboards servers lock clean install install-dev

help: ## what there is to run
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

install:
	@$(PYTHON) -m deploy.local.install requirements.lock

install-dev:
	@$(PYTHON) -m deploy.local.install requirements-dev.lock

demo: install ## two demo schools on http://shule.localhost:8000 until Ctrl-C (PORT=8123, VAR=dir)
	@exec $(PY) -m deploy.local.demo

test: install-dev ## the whole suite against real PostgreSQL, Redis and Chromium (ARGS="tests/api -k schema")
	@$(PY) -m deploy.local.browser
	@$(PY) -m pytest -n $(PROCESSES) $(ARGS)

lint: install-dev ## linter, formatter, types, layers, Django's own checks, missing and unsafe migrations
	@$(PY) -m deploy.local.servers -- $(MAKE) --no-print-directory lint-with-servers

lint-with-servers:
	@.venv/bin/ruff check $(APPS)
	@.venv/bin/ruff format --check $(APPS)
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py fleet lint

load: install-dev ## the register morning for 60 s against the running demo (USERS=100 DURATION=60)
	@.venv/bin/locust -f loadtests/locustfile.py --headless --only-summary -u $(USERS) -r 4 -t $(DURATION)s --stop-timeout 10

bench: install-dev ## every promised figure, measured from a fresh clone on and kept in docs/performance.md
	@$(PY) -m loadtests.bench --write docs/performance.md

bench-fair: install-dev ## what 2,000 jobs of one school cost the single job of another; kept in docs/performance.md
	@$(PY) -m deploy.local.servers -- $(PY) -m loadtests.bench.fair

bench-noisy: install-dev ## what a school at fifty times its traffic costs another's pages; kept in docs/performance.md
	@$(PY) -m loadtests.bench.noisy

bench-fleet: install-dev ## what N=1000 schools in one database cost; an ended run goes on from where it was
	@$(PY) -m loadtests.bench.fleet --schools $(N)

bench-roll: install-dev ## finding and listing in a school of 5,000 students; kept in docs/performance.md
	@$(PY) -m deploy.local.servers -- $(PY) -m loadtests.bench.roll

bench-cards: install-dev ## 900 ID cards with photos as one PDF; kept in docs/performance.md
	@$(PY) -m deploy.local.servers -- $(PY) -m loadtests.bench.cards

bench-import: install-dev ## a roll of 10,000 students with guardians and classes; kept in docs/performance.md
	@$(PY) -m deploy.local.servers -- $(PY) -m loadtests.bench.importing

hammer: install-dev ## 20 schools, 50 threads, 20,000 requests through each pool: whose canary does each answer hold?
	@HAMMER=20x50x20000 $(PY) -m pytest -q tests/isolation/test_hammer.py

fuzz: install-dev ## new bad input for every address of the API and every form, for as long as it takes (FUZZ=100)
	@FUZZ=$(FUZZ) $(PY) -m pytest -n $(PROCESSES) tests/api/test_made_up_requests.py tests/bad_input

dashboards: install-dev ## write the Grafana dashboards again from their code
	@$(PY) -m monitoring.grafana.generate

servers: install ## PostgreSQL and Redis alone, until Ctrl-C
	@exec $(PY) -m deploy.local.servers --home $(VAR)/servers

lock: install-dev ## write the lock files again from pyproject.toml
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --group embedded -o requirements.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --group embedded --group dev -o requirements-dev.lock

clean: ## remove the demo's data and every cache; .venv stays
	@if [ -e "$(VAR)/demo.json" ]; then echo "A demo runs in $(VAR): stop it first."; exit 1; fi
	@rm -rf "$(VAR)" static-root .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
