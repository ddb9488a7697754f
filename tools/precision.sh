#!/usr/bin/env bash
# What --precision says, against a program whose live bytes are known: tools/precision.sh [RUNS]
# $MEMSNAP is the binary to test (build/memsnap when not set).
set -euo pipefail
cd "$(dirname "$0")/.."
memsnap=${MEMSNAP:-$PWD/build/memsnap}
cd tests/precision
go vet ./...
go run . "$memsnap" "${1:-300}"
