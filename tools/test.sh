#!/usr/bin/env bash
# Everything `make test` runs: tools/test.sh GO_RELEASE
# Unit and golden tests, the same under ASan and UBSan, a short run of every fuzz target, the zoo and the live tests,
# memsnap pprof against go tool pprof, and the parser of Go against go/parser.
set -euo pipefail
cd "$(dirname "$0")/.."
go_release=$1
jobs=${JOBS:-$(nproc)}
cache=$(command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache || true)
step() { printf '\n== %s (%ss)\n' "$*" "$SECONDS"; }

step 'include check'
tools/check_includes.sh

step 'build and unit tests'
cmake -S . -B build-test -G Ninja $cache >/dev/null
ninja --quiet -C build-test -j "$jobs"
(cd build-test && ctest --output-on-failure)

step 'types of Go programs beside go/types'
tools/gotypes.sh

step 'types of the pages, and the pages in Chromium'
tools/web.sh check
tools/web.sh test "$PWD/build-test/memsnap"

step 'the same under ASan and UBSan'
tools/sanitized.sh
(cd build-asan && ctest --output-on-failure)

step 'fuzz targets, short'
tools/fuzz.sh "${FUZZ_SECONDS:-10}"

step "zoo and live tests on $go_release"
MEMSNAP=$PWD/build-test/memsnap tools/live.sh "$go_release" 1

step 'exactness on a first release, which patch releases differ from'
MEMSNAP=$PWD/build-test/memsnap LIVE_RUN='^TestExact$' tools/live.sh go1.24.0 1

step 'variables beside Delve'
MEMSNAP=$PWD/build-test/memsnap tools/symbols.sh

step 'memsnap pprof against go tool pprof'
MEMSNAP=$PWD/build-test/memsnap tools/pprof_diff.sh

step 'the parser beside go/parser'
tools/gosrc.sh

step 'memsnap check against its cases'
MEMSNAP=$PWD/build-test/memsnap tools/check_cases.sh

step 'all passed'
