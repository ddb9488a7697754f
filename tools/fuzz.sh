#!/usr/bin/env bash
# Runs every fuzz target: tools/fuzz.sh SECONDS_EACH
# Starts from the corpus in the target's room (src/<room>/corpus/<target>); what it finds is left in
# build-fuzz/found and belongs into that corpus once mended.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
cache=$(command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache || true)
cmake -S . -B build-fuzz -G Ninja -DMEMSNAP_FUZZ=ON -DMEMSNAP_TESTS=OFF -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' $cache >/dev/null
ninja -C build-fuzz -j "${JOBS:-$(nproc)}" fuzzers | tail -n 1
mkdir -p build-fuzz/found
passed=0 failed=0
for target in $(sort build-fuzz/fuzzers.txt); do
  room=${target%%_*}
  name=${target#*_}
  grown=build-fuzz/corpus/$target
  mkdir -p "$grown"
  seeds=src/$room/corpus/${name%_fuzz}
  if build-fuzz/"$target" "$grown" $([ -d "$seeds" ] && echo "$seeds") -max_total_time="$seconds" -timeout=10 \
      -rss_limit_mb=2048 -artifact_prefix=build-fuzz/found/"$target"- >build-fuzz/"$target".log 2>&1; then
    passed=$((passed + 1))
    printf 'fuzz: %-32s clean, %s\n' "$target" "$(grep -E 'stat::number_of_executed_units|Done [0-9]+ runs' build-fuzz/"$target".log | tail -n 1)"
  else
    failed=$((failed + 1))
    printf 'fuzz: %-32s FAILED\n' "$target"
    tail -n 40 build-fuzz/"$target".log
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
