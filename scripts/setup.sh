#!/usr/bin/env bash
# Makes a fresh Debian machine able to build and test: a C compiler for SQLite, and the wasm32 target.
# Installs Debian packages when run as root, otherwise names what is missing and stops.
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v git >/dev/null || missing+=(git)
command -v curl >/dev/null || missing+=(curl)
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
