#!/usr/bin/env bash
# Runs every fuzz target, as many at a time as there are cores: tools/fuzz.sh SECONDS_EACH
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

one() {
  local target=$1 seconds=$2 room=${1%%_*} name=${1#*_}
  local grown=build-fuzz/corpus/$target seeds=src/$room/corpus/${name%_fuzz} log=build-fuzz/$target.log
  mkdir -p "$grown"
  if build-fuzz/"$target" "$grown" $([ -d "$seeds" ] && echo "$seeds") -max_total_time="$seconds" -timeout=10 \
      -rss_limit_mb=2048 -artifact_prefix=build-fuzz/found/"$target"- >"$log" 2>&1; then
    printf 'fuzz: %-32s clean, %s\n' "$target" "$(grep -E 'Done [0-9]+ runs' "$log" | tail -n 1)"
  else
    printf 'fuzz: %-32s FAILED\n' "$target"
    tail -n 40 "$log"
    return 1
  fi
}
export -f one
sort build-fuzz/fuzzers.txt | xargs -P "${JOBS:-$(nproc)}" -I{} bash -c 'one {} "$1"' fuzz "$seconds"
echo "fuzz: all $(wc -l <build-fuzz/fuzzers.txt) targets clean"
