#!/usr/bin/env bash
# Speed and memory beside other tools, and the rooms' own benchmarks.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$(command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache || true)
cmake -S . -B build-bench -G Ninja -DMEMSNAP_BENCH=ON -DMEMSNAP_TESTS=OFF $cache >/dev/null
ninja --quiet -C build-bench -j "${JOBS:-$(nproc)}"
(cd bench && go build -o ../build/bench-heap ./heap && go build -o ../build/bench .)
build/bench -memsnap build-bench/memsnap
(cd bench && go build -o ../build/bigprofile ./bigprofile && go build -o ../build/bench-pprof ./pprof)
mkdir -p build/bench-profiles
build/bench-pprof -memsnap build-bench/memsnap -bigprofile build/bigprofile -folder build/bench-profiles \
  -recorded tests/pprof/corpus/recorded/prometheus.heap.pb.gz
server=build/field/prometheus
[ -x $server ] || (cd tests/field/servers/prometheus && go build -o ../../../../$server github.com/prometheus/prometheus/cmd/prometheus)
(cd bench && go build -o ../build/bench-symbols ./symbols)
build/bench-symbols -memsnap build-bench/memsnap -go $server -cpp build-bench/memsnap
tools/escape_bench.sh build-bench/memsnap
tools/check_bench.sh build-bench/memsnap
for bench in build-bench/*_bench; do
  [ -x "$bench" ] && "$bench" --benchmark_min_time=0.5
done
