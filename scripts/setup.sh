#!/usr/bin/env bash
# Makes a fresh Debian machine able to build and test: a C compiler for SQLite, Python for the second verifier; with `wasm` the wasm32 target, with `web`
# Node for the pages, with `browser` Chromium and a Korean font for their tests.
# Installs Debian packages when run as root, otherwise names what is missing and stops.
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v git >/dev/null || missing+=(git)
command -v curl >/dev/null || missing+=(curl)
command -v python3 >/dev/null || missing+=(python3)
if [ "${1:-}" = browser ]; then
    [ -x "${HANPYO_CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
    ls /usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
fi
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then
        echo "setup: installing ${missing[*]}"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    else
        echo "setup: missing Debian packages: ${missing[*]}; install them (apt-get install ${missing[*]}) and run again" >&2
        exit 2
    fi
fi

if ! command -v cargo >/dev/null; then
    echo "setup: cargo not found; install Rust with rustup (https://rustup.rs) and run again" >&2
    exit 2
fi

if [ "${1:-}" = wasm ] && ! rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null | xargs -r ls >/dev/null 2>&1; then
    rustup target add wasm32-unknown-unknown
fi

if [ "${1:-}" = web ] && ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    echo "setup: the pages need Node 20.19 or newer with npm (found: $(node --version 2>/dev/null || echo none)); install it (https://nodejs.org) and run again" >&2
    exit 2
fi
