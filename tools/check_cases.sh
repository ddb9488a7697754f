#!/usr/bin/env bash
# memsnap check against the cases of tests/check: tools/check_cases.sh [go test flags]
# $MEMSNAP is the binary to test (build/memsnap when not set).
set -euo pipefail
cd "$(dirname "$0")/.."
export MEMSNAP=${MEMSNAP:-$PWD/build/memsnap}
XDG_CACHE_HOME=$(mktemp -d)
export XDG_CACHE_HOME
trap 'rm -rf "$XDG_CACHE_HOME"' EXIT
(cd tests/check && go vet ./... && cd old && go vet ./...)
for module in runner sarif; do
  (cd "tests/check/$module" && go vet . && go test -count=1 -timeout 5m "$@" .)
done
