#!/usr/bin/env bash
# Builds the WebAssembly modules into web/dist-wasm (or the folder given): booth.wasm, booth-score.wasm for elections
# with score contests, and observer.wasm with the record checker. The same sources give the same bytes in any folder: paths are replaced in what is built.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$(mkdir -p "${1:-$root/web/dist-wasm}" && cd "${1:-$root/web/dist-wasm}" && pwd)
cd "$root"
CARGO=${CARGO:-cargo}

flags=(--remap-path-prefix="$root=/hanpyo" --remap-path-prefix="$(rustc --print sysroot)=/rust")
for source in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
  flags+=(--remap-path-prefix="${source%/}=/crates")
done
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; echo "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS

build() { # name, profile, further arguments
  # As nothing but a module: link-time optimisation is left out where a library for Rust is made along with it.
  "$CARGO" rustc --locked --profile "$2" --target wasm32-unknown-unknown -p hanpyo-wasm --crate-type cdylib "${@:3}"
  # Only what changed is touched, so that nothing is bundled again for nothing.
  local built="${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/$2/hanpyo_wasm.wasm"
  cmp -s "$built" "$out/$1.wasm" || cp "$built" "$out/$1.wasm"
}

build booth booth --no-default-features --features small
build booth-score booth --no-default-features --features small,scores
build observer wasm
