# Two commands are all you need: `make run` and `make test`.
# Everything is set up on first use, from Python 3.11 or later and the package indexes alone.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
PY := .venv/bin/python
# npm finds the wheel's node on the path, and no other.
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/npm
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
ASSETS := $(shell find assets -type f 2>/dev/null)

.PHONY: help run test check golden screenshots bench soak bench-mail bench-reminding bench-formation format lock clean
.DEFAULT_GOAL := help

help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' Makefile | column -t -s '|'

run: .make/assets ## Set up and serve everything with demonstration data (PORT=8001 for another port)
	@$(PY) -m comc.embedded serve

test: .make/assets .make/browser ## Set up and pass every test, browser tests included (ARGS="-k word" to choose)
	@$(PY) -m comc.embedded exec -- $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: .make/assets ## Lint, types, layers, templates, migrations and production settings
	@$(PY) -m comc.embedded exec --instance check -- $(PY) -m comc.check

golden: .make/assets ## Write down anew what a release of figures looks like, after a change that is wanted
	@$(PY) -m comc.embedded exec --instance check -- $(PY) -m pytest --renew tests/surveys/test_release.py

screenshots: .make/assets .make/browser ## Every page of the demonstration as everybody sees it, in screenshots/ (ARGS="--roles lead")
	@$(PY) -m comc.embedded exec --instance screenshots --mode demonstration -- $(PY) -m tests.browser.screenshots $(ARGS)

bench: .make/assets ## Time the pages people open most, each as a ratio to an empty one, and mail as one to a bare loop (ARGS="--rounds 200")
	@$(PY) -m comc.embedded exec --instance bench -- $(PY) -m benchmarks.web $(ARGS)
	@$(PY) -m comc.embedded exec --instance bench -- $(PY) -m benchmarks.mail --messages 500

bench-reminding: .make/python ## Plan and remind 2,000 circles and 20,000 people: queries, seconds, memory
	@$(PY) -m comc.embedded exec --instance bench -- $(PY) -m benchmarks.reminding $(ARGS)

bench-mail: .make/python ## Messages a second beside a bare loop that sends the same mails (ARGS="--messages 500 --profile")
	@$(PY) -m comc.embedded exec --instance bench -- $(PY) -m benchmarks.mail $(ARGS)

soak: .make/python ## Send 20,000 messages while workers are killed, Redis is emptied and the mail server misbehaves
	@$(PY) -m comc.embedded exec --instance soak -- $(PY) -m benchmarks.soak $(ARGS)

bench-formation: .make/python .make/benchmark ## Measure forming circles beside its peers, a quarter of an hour or more (ARGS="--help")
	@$(PY) -m benchmarks.formation $(ARGS)

format: .make/python ## Put code and imports into the house style
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

lock: .make/python ## Write the lock files again from pyproject.toml and package.json
	@$(PY) -m pip install --quiet uv
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml -o requirements/production.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --group embedded --group dev -c requirements/production.txt -o requirements/development.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --group pyproject.toml:benchmark -o requirements/benchmark.txt
	@$(NPM) install --package-lock-only

clean: ## Remove what was installed and built (the data stays)
	rm -rf .venv .venv-bench .make node_modules static/build staticfiles

.make/python: requirements/development.txt
	@mkdir -p .make
	@"$(PYTHON)" -c 'import sys; sys.exit("Python 3.11 or later is needed." if sys.version_info < (3, 11) else 0)'
	@echo "» Making the virtual environment (a minute or two, once) …" >&2
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@

# The peers live apart from the product and its dependencies.
.make/benchmark: requirements/benchmark.txt
	@mkdir -p .make
	@echo "» Making an environment for the peers (once) …" >&2
	@test -x .venv-bench/bin/python || "$(PYTHON)" -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/benchmark.txt
	@touch $@

.make/assets: .make/python package-lock.json package.json $(ASSETS)
	@echo "» Building the front-end assets …" >&2
	@$(NPM) ci --silent
	@$(NPM) run --silent build
	@touch $@

.make/browser: .make/python
	@$(PY) -m comc.browser
	@touch $@
