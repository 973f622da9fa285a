#!/usr/bin/env bash
# Runs every benchmark and collects what they print, one {"name": number} a line, into target/bench.json.
# Ratios are taken inside one run; absolute times depend on the machine and what else it does.
set -euo pipefail
cd "$(dirname "$0")/.."
lines=target/bench.lines
: > "$lines"

collect() {
    echo "bench: $*" >&2
    "$@" | tee >(cat >&2) | { grep -E '^\{"[a-z0-9_]+": [0-9.]+\}$' || true; } >> "$lines"
}

cargo build --release --locked --workspace --bins --examples
collect cargo bench --locked -p hanpyo-crypto --bench ballot
collect cargo bench --locked -p hanpyo-crypto --bench dlog
collect target/release/examples/tile_speed
# The same with files on the disk that holds target/, each batch synced.
tiles=$(mktemp -d target/tile-speed.XXXXXX)
trap 'rm -rf "$tiles"' EXIT
collect target/release/examples/tile_speed "$tiles/log"
collect cargo bench --locked -p hanpyo-verify --bench record
# Thousands of connections at once on both ends.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
collect target/release/hanpyo-bench-casts ${CASTS_VOTERS:-}
# The pages in a browser.
scripts/setup.sh browser
collect env HANPYO_BIN_DIR="$PWD/target/release" npm --prefix web run --silent bench

{ echo "{"; sed -E 's/^\{(.*)\}$/  \1,/' "$lines" | sed '$ s/,$//'; echo "}"; } > target/bench.json
rm "$lines"
echo
echo "target/bench.json:"
sed -nE 's/^  "([a-z0-9_]+)": ([0-9.]+),?$/\1 \2/p' target/bench.json | while read -r name value; do printf '  %-36s %14s\n' "$name" "$value"; done
