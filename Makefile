# The commands of this repository; CI calls these and nothing else. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Everything that the compiled extension is made of.
NATIVE := $(shell find native -type f -not -path '*/target/*' 2>/dev/null) pyproject.toml
# Components that tests and lint ask; tools/ pins and builds them.
TOOLS  := opa conftest crane cosign gator helm regal kubeyaml kyverno
# A real cluster's, for e2e alone: they take minutes to build, the longest first. etcd takes what
# kube-apiserver is built from, and so comes last.
CLUSTER := kube-apiserver gatekeeper opa etcd

.DEFAULT_GOAL := help
.PHONY: help demo chromium registry test test-rego test-reader test-python consumers e2e cluster mutate bench parity lint generate lock wheel tools clean
.DELETE_ON_ERROR:

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'policylib needs Python 3.11 or later; name it with PYTHON=…' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.dependencies: requirements.lock | $(BIN)/python
	@echo 'installing the locked dependencies'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.installed: $(VENV)/.dependencies $(NATIVE)
	@command -v cargo >/dev/null || \
		{ echo 'Rust (cargo) is missing; README.md says how to go on without it' >&2; exit 2; }
	@echo 'compiling the extension; the first time takes minutes'
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

demo: $(VENV)/.installed ## check the plan's own example
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tools/demo

tools: ## build the pinned components (cached by version)
	@$(PYTHON) tools/build $(TOOLS)

registry: ## install the registry that keeps artifacts on disk (Debian's package)
	@command -v docker-registry >/dev/null || { \
		as_root=; test "$$(id -u)" = 0 || as_root=sudo; \
		$$as_root apt-get update && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends docker-registry && \
		if test -d /run/systemd/system; then $$as_root systemctl disable --now docker-registry; fi; }

chromium: ## install the browser that tests open pages in (Debian's package)
	@test -x /usr/bin/chromium || { \
		as_root=; test "$$(id -u)" = 0 || as_root=sudo; \
		$$as_root apt-get update && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium; }

test: test-rego test-reader test-python ## run the tests; sets up what they need

test-rego: tools
	@opa="$$($(PYTHON) tools/build --path opa)" && \
		"$$opa" check --strict rego && \
		{ "$$opa" test --coverage --threshold 100 --format json rego >/dev/null || \
			{ "$$opa" test rego; exit 2; }; }
	@"$$($(PYTHON) tools/build --path regal)" test .regal/rules

test-reader: tools
	@KUBEYAML="$$($(PYTHON) tools/build --path kubeyaml)" \
		cargo test --quiet --locked --release --manifest-path native/Cargo.toml -p policylib-reader -- --include-ignored

test-python: tools chromium registry $(VENV)/.development
	@$(BIN)/pytest -n auto --dist worksteal

consumers: tools registry $(VENV)/.development ## ask all that takes a release: every engine, sidecars, registries, Kyverno, a wheel
	@$(BIN)/pytest -n auto tests/consumers

e2e: ## ask a real API server, with Gatekeeper and with OPA behind it
	@$(MAKE) --no-print-directory --jobs=2 cluster $(VENV)/.development
	@$(BIN)/pytest -n auto --dist loadfile tests/e2e

cluster:
	@$(PYTHON) tools/build --source kyverno >/dev/null & source=$$!; \
		$(PYTHON) tools/build $(CLUSTER) && wait $$source

mutate: tools $(VENV)/.development ## change each rule one step at a time; every change has to be noticed
	@$(BIN)/rc mutate rego --fixtures fixtures --equivalent tests/rego/equivalent_mutants.yaml \
		--opa "$$($(PYTHON) tools/build --path opa)"

bench: tools $(VENV)/.development ## measure against conftest, side by side
	@$(BIN)/python -m bench.check_vs_conftest

parity: tools $(VENV)/.development ## compare the engines on a million inputs; takes an hour
	@for each in opa conftest gator; do \
		program="$$($(PYTHON) tools/build --path "$$each")" || exit 2; \
		PATH="$$(dirname "$$program"):$$PATH"; done; \
	PATH="$(CURDIR)/$(BIN):$$PATH" rc parity --inputs 1000000 --inputs conftest=52000 \
		--inputs gator=52000 --keep fixtures/parity --format json --output parity.json

lint: tools $(VENV)/.development ## every static check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@"$$($(PYTHON) tools/build --path opa)" fmt --fail rego >/dev/null
	@"$$($(PYTHON) tools/build --path regal)" lint --config-file .regal/config.yaml rego
	@cargo fmt --check --manifest-path native/Cargo.toml --all
	@cargo clippy --quiet --locked --release --manifest-path native/Cargo.toml --workspace --all-targets -- -D warnings

generate: tools $(VENV)/.development ## rewrite what is generated from the rules
	@$(BIN)/python tools/generate

wheel: $(VENV)/.dependencies ## build a wheel into dist/
	@$(BIN)/maturin build --release --locked --out dist

lock: | $(BIN)/python ## renew the lock files, with hashes
	@$(BIN)/pip install --quiet uv==0.13.9
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@cargo update --quiet --workspace --manifest-path native/Cargo.toml

clean: ## remove what was built here (not the cached tools)
	rm -rf $(VENV) dist native/target policylib/*.so
