#!/usr/bin/env bash
# The zoo and the live tests: tools/live.sh GO_RELEASE[,GO_RELEASE...] RUNS
# $MEMSNAP is the binary to test (build/memsnap when not set), $LIVE_RUN the live tests to run (all when not set).
set -euo pipefail
cd "$(dirname "$0")/.."
export MEMSNAP=${MEMSNAP:-$PWD/build/memsnap} MEMSNAP_GO=$1 MEMSNAP_RUNS=$2
(cd examples/leakzoo && go vet ./... && go test -count=1 ./...)
(cd tests/live && go test -count=1 -timeout "${LIVE_TIMEOUT:-25m}" -run "${LIVE_RUN:-.}" ./...)
