# Bare `make` lists the targets. Each works as the first command on a fresh clone: it makes .venv with the system's
# python3, puts uv into it and installs what uv.lock names; once that stands, no target touches the network but
# web-tools and lighthouse, for npm's packages.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# How many test processes: the machine's cores, unless told otherwise.
JOBS ?= auto
READY := $(VENV)/.ready

# Each starts programs of its own, and most of their time is waiting: continuous integration has half an hour.
SLOW := $(addprefix tests/stack/test_,edge.py edge_headers.py edge_up.py fronts.py nginx.py relay.py renaming.py rolling.py) \
    $(addprefix tests/domains/certificates/test_,faults.py issuing.py trouble.py) tests/studio/browser/test_domains.py

# Checks that look at code alone. The database named here does not exist and is not asked.
NO_DATABASE := DJANGO_SETTINGS_MODULE=settings.test
IN_PRODUCTION := DJANGO_SETTINGS_MODULE=settings.production DATABASE_URL=postgres://db/none REDIS_URL=redis://cache/0 \
    PLATFORM_DOMAIN=platform.example SITES_DOMAIN=sites.example MEDIA_ROOT=/nonexistent EMAIL_URL=smtp://mail \
    SECRET_KEY=for-checks-alone-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH

.DEFAULT_GOAL := help
.PHONY: help run test slow check format bench profile faults screenshots lighthouse web-tools clean

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(READY) ## Start Masthead with its demo on http://techblog.localhost:8000/ (PORT=… for another port)
	@$(BIN)/python manage.py up --demo

test: $(READY) ## Run all tests but the slow ones, on a PostgreSQL of their own
	@$(BIN)/pytest -n $(JOBS) --dist loadgroup -q $(SLOW:%=--ignore=%)

slow: $(READY) ## Run the tests that `make test` leaves out: other fronts and edges, kills, a failing authority
	@$(BIN)/pytest -n $(JOBS) --dist loadgroup -q $(SLOW)

check: $(READY) ## Format, lint, types, layers, Django's own checks, missing migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'platform/**/templates/**/*.html' ':!platform/reading/themes')
	@$(NO_DATABASE) $(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(NO_DATABASE) $(BIN)/python manage.py check --fail-level WARNING
	@$(NO_DATABASE) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(IN_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(READY) ## Let ruff put the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(READY) ## Measure the figures of docs/performance.md (ARGS="--only serving", "--help", …)
	@$(BIN)/python -m benchmarks $(ARGS)

profile: $(READY) ## Where a page spends its time: flame graph and statements (ARGS="--page article", "--help", …)
	@$(BIN)/python -m benchmarks.profile $(ARGS)

faults: $(READY) ## Kill relay and worker 200 times each while events come; 5,000 names at a failing authority (FAULTS=…)
	@FAULTS=$${FAULTS:-200} $(BIN)/pytest tests/stack/test_relay.py tests/domains/certificates/test_faults.py -q -s

screenshots: $(READY) ## Make docs' pictures of the demo (ARGS="--all --out FOLDER" for every page there is)
	@$(BIN)/python -m showroom.screenshots $(ARGS)

lighthouse: $(READY) build/lighthouse/.ready ## Lighthouse's figures of the front and an article in every theme (ARGS="--runs 1")
	@$(BIN)/python -m showroom.lighthouse $(ARGS)

web-tools: build/web/.ready ## Get the Nu Html Checker, with which `make test` then judges the reader's pages (needs npm)

clean: ## Remove what running and testing left: .masthead, caches, build output (not .venv)
	rm -rf .masthead build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# What npm gets: nothing else waits for it.
build/web/.ready: ONLY := --omit=dev
build/web/.ready build/lighthouse/.ready: tests/web/package.json tests/web/package-lock.json
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund $(ONLY)
	@touch $@

# The lock decides, so the lock is what makes the environment old. --inexact: uv itself is not in the lock.
$(READY): uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else \
	    f"Masthead needs Python 3.11 to 3.13; $(PYTHON) is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || { echo "Making $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv $(VENV); }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch $(READY)
