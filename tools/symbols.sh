#!/usr/bin/env bash
# Variables of memsnap symbolize beside Delve's, at random addresses. $MEMSNAP is the binary to test (build/memsnap
# when not set), $SYMBOLS_PROGRAM a Go program to ask about (one that is built here when not set).
set -euo pipefail
cd "$(dirname "$0")/.."
export MEMSNAP=${MEMSNAP:-$PWD/build/memsnap}
(cd tests/symbols && go vet ./... && go test -count=1 -v .)
