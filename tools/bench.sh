#!/usr/bin/env bash
# Speed and memory beside other tools, and the rooms' own benchmarks.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$(command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache || true)
cmake -S . -B build-bench -G Ninja -DMEMSNAP_BENCH=ON -DMEMSNAP_TESTS=OFF $cache >/dev/null
ninja -C build-bench -j "${JOBS:-$(nproc)}" | tail -n 1
(cd bench && go build -o ../build/bench-heap ./heap && go build -o ../build/bench .)
build/bench -memsnap build-bench/memsnap
for bench in build-bench/*_bench; do
  [ -x "$bench" ] && "$bench" --benchmark_min_time=0.5
done
