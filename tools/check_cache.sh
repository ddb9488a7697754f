#!/usr/bin/env bash
# memsnap check with its cache and without, after each of many edits of a large program: both print the same.
#   tools/check_cache.sh MEMSNAP [EDITS [SEED]]
# Edits are drawn at random: a line is dropped, doubled or put behind a comment, a file is taken away or comes back; between
# them GOOS, build tags, the go line and the time of the binary change.
set -euo pipefail
edits=${2:-60} RANDOM=${3:-20261122}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cp "$1" "$work/memsnap"
. tools/check_modules.sh
check_copy github.com/caddyserver/caddy/v2@v2.11.9 "$work/caddy"
export XDG_CACHE_HOME=$work/cache
cd "$work/caddy"
mapfile -t files < <(find . -name '*.go' -not -name '*_test.go' | sort)

look() {
  local how
  for how in "" --no-cache; do
    "$work/memsnap" check ./... --notes --json $how >"$work/out$how" 2>"$work/said" || [[ $? == 1 ]]
  done
  cmp "$work/out" "$work/out--no-cache" || { echo "check: differs after $1"; exit 1; }
}

edit() {
  local file=$1 lines at
  lines=$(wc -l <"$file") at=$((RANDOM % lines + 1))
  case $((RANDOM % 5)) in
  0) sed -i "${at}d" "$file" ;;
  1) sed -i "${at}p" "$file" ;;
  2) sed -i "${at}i// edit" "$file" ;;
  3) sed -i "${at}s/return /return (/" "$file" ;;
  4) mv "$file" "$file.away" ;;
  esac
}

look 'the first run'
for ((i = 1; i <= edits; i++)); do
  file=${files[(RANDOM * 32768 + RANDOM) % ${#files[@]}]}
  if [[ -e $file.away ]]; then mv "$file.away" "$file"; else edit "$file"; fi
  case $((i % 15)) in
  3) export GOOS=windows ;;
  4) unset GOOS ;;
  7) export GOFLAGS=-tags=nobadger ;;
  8) unset GOFLAGS ;;
  10) sed -i 's/^go 1\..*/go 1.21/' go.mod ;;
  12) touch "$work/memsnap" ;;
  esac
  look "edit $i, of $file"
done
echo "check: the same with the cache and without after $edits edits of $((${#files[@]})) files"
