#!/usr/bin/env bash
# Everything `make test` runs: tools/test.sh GO_RELEASE
# Unit and golden tests, the same under ASan and UBSan, a short run of every fuzz target, the zoo and the live tests.
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
ninja -C build-test -j "$jobs" | tail -n 1
(cd build-test && ctest --output-on-failure)

step 'the same under ASan and UBSan'
cmake -S . -B build-asan -G Ninja -DMEMSNAP_SANITIZE=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' $cache >/dev/null
ninja -C build-asan -j "$jobs" | tail -n 1
(cd build-asan && ctest --output-on-failure)

step 'fuzz targets, short'
tools/fuzz.sh "${FUZZ_SECONDS:-10}"

step "zoo and live tests on $go_release"
MEMSNAP=$PWD/build-test/memsnap tools/live.sh "$go_release" 1

step 'exactness on a first release, which patch releases differ from'
MEMSNAP=$PWD/build-test/memsnap LIVE_RUN='^TestExact$' tools/live.sh go1.24.0 1

step 'all passed'
