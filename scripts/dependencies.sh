#!/usr/bin/env bash
# The direction of dependencies, crypto <- ledger <- {server, tally, verifier, load-tests, web/wasm}: which of our own
# crates each may use outside its tests. Whoever adds one here changes the architecture.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A allowed=(
    [hanpyo-crypto]=""
    [hanpyo-ledger]="hanpyo-crypto"
    [hanpyo-testkit]="hanpyo-crypto hanpyo-ledger"
    [hanpyo-web-assets]=""
    [hanpyo-server]="hanpyo-crypto hanpyo-ledger hanpyo-web-assets"
    [hanpyo-tally]="hanpyo-crypto hanpyo-ledger hanpyo-web-assets"
    [hanpyo-verify]="hanpyo-crypto hanpyo-ledger hanpyo-web-assets"
    [hanpyo-wasm]="hanpyo-crypto hanpyo-ledger"
    [hanpyo-load-tests]="hanpyo-crypto hanpyo-ledger hanpyo-testkit"
)

failed=0
for crate in $(cargo tree --workspace --depth 0 --prefix none --format '{p}' | awk 'NF { print $1 }' | sort -u); do
    if [ -z "${allowed[$crate]+known}" ]; then
        echo "dependencies: $crate is not in scripts/dependencies.sh; say what it may depend on" >&2
        failed=1
        continue
    fi
    used=$(cargo tree -p "$crate" --all-features --target all -e normal,build --prefix none --format '{p}' | awk '{ print $1 }' | grep '^hanpyo-' | grep -vx "$crate" | sort -u || true)
    for other in $used; do
        case " ${allowed[$crate]} " in
            *" $other "*) ;;
            *)
                echo "dependencies: $crate depends on $other; it may depend on: ${allowed[$crate]:-none of ours}" >&2
                failed=1
                ;;
        esac
    done
done
exit $failed
