# Hanpyo. `make demo` runs a whole referendum; `make test` runs every test. Both do their own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/bash
CARGO ?= cargo

# Options of the demonstration, handed over as environment variables.
export EXIT SCALE BALLOTS KIND OUT PORT

.PHONY: help
help: ## Lists the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

.PHONY: setup
setup:
	@scripts/setup.sh

.PHONY: build
build: setup ## Builds the release programs into target/release.
	$(CARGO) build --release --locked --workspace --bins

.PHONY: wasm
wasm: ## Builds the cryptography of the pages into web/dist-wasm.
	@scripts/setup.sh wasm
	@CARGO=$(CARGO) web/wasm/build.sh

.PHONY: demo
demo: build ## Runs the Seoul 2011 referendum at 1:1000 (EXIT=1, SCALE=100, BALLOTS=file KIND=choose|rank, OUT=folder, PORT=).
	@target/release/hanpyo-demo

.PHONY: test
test: setup ## Runs every test, and the library for the browser.
	@scripts/setup.sh wasm
	$(CARGO) test --locked --workspace
	$(CARGO) check --locked --target wasm32-unknown-unknown --no-default-features -p hanpyo-crypto -p hanpyo-ledger

.PHONY: lint
lint: setup ## Formatting, clippy, rustdoc, dependency rules; warnings are errors.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps --document-private-items
	scripts/dependencies.sh
	@command -v cargo-deny >/dev/null || test -x target/tools/bin/cargo-deny || $(CARGO) install --locked --root target/tools cargo-deny
	PATH="$$PWD/target/tools/bin:$$PATH" cargo-deny check bans licenses sources

.PHONY: bench
bench: setup ## Runs the benchmarks; writes target/bench.json and prints a table.
	@scripts/bench.sh

.PHONY: clean
clean: ## Removes everything built.
	$(CARGO) clean
