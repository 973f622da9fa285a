#!/usr/bin/env bash
# Whether the modules are the same to the byte when they are built from a copy of the sources in another folder, by
# another target folder: so that anyone who builds the sources of a release can compare the hashes of what a server serves.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
elsewhere="${CARGO_TARGET_DIR:-$root/target}/elsewhere"
copy="$elsewhere/another name, much longer"
rm -rf "$copy"
mkdir -p "$copy"
# Unchanged files keep their times, so that a second run compiles what changed.
git ls-files -z --cached --others --exclude-standard | tar --create --ignore-failed-read --null --files-from=- | tar --extract --directory="$copy"
CARGO_TARGET_DIR="$elsewhere/target" "$copy/web/wasm/build.sh" "$elsewhere/modules"
for module in booth booth-score observer; do
  cmp "web/dist-wasm/$module.wasm" "$elsewhere/modules/$module.wasm" || { echo "$module.wasm differs when it is built in another folder" >&2; exit 1; }
done
echo "the modules are the same when they are built in another folder"
