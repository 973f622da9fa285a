# Hanpyo. `make demo` runs a whole referendum; `make test` runs every test. Both do their own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/bash
CARGO ?= cargo

# Options of the demonstration, handed over as environment variables.
export EXIT SCALE BALLOTS KIND OUT PORT VOTING

.PHONY: help
help: ## Lists the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

.PHONY: setup
setup:
	@scripts/setup.sh

.PHONY: build
build: web ## Builds the pages, and the release programs into target/release.
	$(CARGO) build --release --locked --workspace --bins

.PHONY: wasm
wasm: setup ## Builds the cryptography of the pages into web/dist-wasm.
	@scripts/setup.sh wasm
	@$(CARGO) fetch --locked # the paths of the crates' sources must be known, to be replaced in what is built
	@CARGO=$(CARGO) web/wasm/build.sh

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci && touch node_modules/.package-lock.json

.PHONY: web
web: wasm ## Builds the pages into web/dist; the programs carry them.
	@scripts/setup.sh web
	@$(MAKE) --no-print-directory web/node_modules/.package-lock.json
	cd web && npm run build

.PHONY: screenshots
screenshots: web ## Takes pictures of every page into target/screenshots.
	@scripts/setup.sh browser
	$(CARGO) build --locked --workspace --bins
	cd web && HANPYO_SCREENSHOTS=1 npm test

.PHONY: strip
strip: ## Puts four of the screenshots side by side, for the README.
	cd web && node build/strip.mjs

.PHONY: demo
demo: build ## Runs the Seoul 2011 referendum at 1:1000 (EXIT=1, SCALE=100, BALLOTS=file KIND=choose|rank, OUT=folder, PORT=, VOTING=seconds).
	@target/release/hanpyo-demo

.PHONY: test
test: web ## Runs every test: Rust, the library for the browser, the pages in a browser.
	@scripts/setup.sh browser
	$(CARGO) test --locked --workspace
	$(CARGO) check --locked --target wasm32-unknown-unknown --no-default-features -p hanpyo-crypto -p hanpyo-ledger
	CARGO=$(CARGO) web/wasm/reproducible.sh
	cd web && npm run check:unit && npm test

.PHONY: lint
lint: web ## Formatting, clippy, rustdoc, dependency rules, types and lint of the pages; warnings are errors.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps --document-private-items
	scripts/dependencies.sh
	@command -v cargo-deny >/dev/null || test -x target/tools/bin/cargo-deny || $(CARGO) install --locked --root target/tools cargo-deny
	PATH="$$PWD/target/tools/bin:$$PATH" cargo-deny check bans licenses sources
	cd web && npm run check:types && npm run check:lint

.PHONY: bench
bench: web ## Runs the benchmarks; writes target/bench.json and prints a table.
	@scripts/bench.sh

.PHONY: clean
clean: ## Removes everything built.
	$(CARGO) clean
	rm -rf web/dist web/dist-wasm web/node_modules
