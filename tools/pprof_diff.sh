#!/usr/bin/env bash
# memsnap pprof against go tool pprof of two Go releases: tools/pprof_diff.sh [go test flags]
# $MEMSNAP is the binary to test (build/memsnap when not set); tests/pprof/README.md has the other variables.
set -euo pipefail
cd "$(dirname "$0")/.."
export MEMSNAP=${MEMSNAP:-$PWD/build/memsnap}
cd tests/pprof
go vet ./...
go test -count=1 ./corpus
go test -count=1 -timeout 30m "$@"  # of this folder alone: then its output is shown when it passes, too
