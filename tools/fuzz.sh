#!/usr/bin/env bash
# Runs every fuzz target, as many at a time as there are cores: tools/fuzz.sh SECONDS_EACH
# Below a minute each run makes the same choices, and may take longer for one input, so that a change and neither
# chance nor a busy machine decides about a test.
# Starts from the corpus in the target's room (src/<room>/corpus/<target>); what it finds is left in
# build-asan/found and belongs into that corpus once mended.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
tools/sanitized.sh fuzzers
mkdir -p build-asan/found

one() {
  local target=$1 seconds=$2 room=${1%%_*} name=${1#*_}
  local grown=build-asan/corpus/$target seeds=src/$room/corpus/${name%_fuzz} log=build-asan/$target.log
  local seed=0 longest=10
  [ "$seconds" -ge 60 ] || seed=1 longest=40
  mkdir -p "$grown"
  if build-asan/"$target" "$grown" $([ -d "$seeds" ] && echo "$seeds") -seed="$seed" -max_total_time="$seconds" -timeout="$longest" \
      -rss_limit_mb=2048 -artifact_prefix=build-asan/found/"$target"- >"$log" 2>&1; then
    printf 'fuzz: %-32s clean, %s\n' "$target" "$(grep -E 'Done [0-9]+ runs' "$log" | tail -n 1)"
  else
    printf 'fuzz: %-32s FAILED\n' "$target"
    tail -n 40 "$log"
    return 1
  fi
}
export -f one
sort build-asan/fuzzers.txt | xargs -P "${JOBS:-$(nproc)}" -I{} bash -c 'one {} "$1"' fuzz "$seconds"
echo "fuzz: all $(wc -l <build-asan/fuzzers.txt) targets clean"
