#!/usr/bin/env bash
# memsnap check with its cache and without, after each of many edits of a large program: both print the same.
#   tools/check_cache.sh MEMSNAP [EDITS [SEED]]
# Edits of Caddy are drawn at random: a line is dropped, doubled or put behind a comment, a file is taken away or comes
# back; between them GOOS, build tags, the go line and the time of the binary change. Edits of nats-server, nearly all one
# package whose files are kept apart, are in the bodies of its functions, and half of them where locks are taken, released or
# handed on, so that what one file says of locks to the others changes with them.
set -euo pipefail
edits=${2:-60} RANDOM=${3:-20261122}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cp "$1" "$work/memsnap"
. tools/check_modules.sh
check_copy github.com/caddyserver/caddy/v2@v2.11.9 "$work/caddy"
check_copy github.com/nats-io/nats-server/v2@v2.15.2 "$work/nats"
export XDG_CACHE_HOME=$work/cache

look() {
  local how
  for how in "" --no-cache; do
    "$work/memsnap" check ./... --notes --json --cache-use $how >"$work/out$how" 2>"$work/said$how" || [[ $? == 1 ]]
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

cd "$work/caddy"
mapfile -t files < <(find . -name '*.go' -not -name '*_test.go' | sort)
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

# One line of a body, drawn from those that match: it is dropped, doubled, swapped with the next, started as a goroutine,
# or the words for locks in it become others. What does not parse is undone, so that most edits leave sound files.
edit_body() {
  local file=$1 pattern=$2 at
  at=$(grep -nE "$pattern" "$file" | shuf -n 1 --random-source=<(yes $RANDOM) | cut -d: -f1) || return 0
  [[ -n $at ]] || return 0
  cp "$file" "$work/before"
  case $((RANDOM % 6)) in
  0) sed -i "${at}d" "$file" ;;
  1) sed -i "${at}p" "$file" ;;
  2) sed -i "${at}{h;d};$((at + 1)){G}" "$file" ;;
  3) sed -i -E "${at}s/^(\t+)(defer )?([a-z])/\1go \3/" "$file" ;;
  4) sed -i -E "${at}s/\.(R?)(Lock|Unlock)\(\)/.R\2()/" "$file" ;;
  5) sed -i "${at}i\\\t_ = $RANDOM" "$file" ;;
  esac
  gofmt -e "$file" >"$work/formatted" 2>&1 || cp "$work/before" "$file"
}

cd "$work/nats"
mapfile -t files < <(find server -name '*.go' -not -name '*_test.go' | sort)
look 'the first run of nats-server'
sleep 3  # files that have just been written are read again
look 'the second run of nats-server'
in_part=0
for ((i = 1; i <= edits; i++)); do
  file=${files[(RANDOM * 32768 + RANDOM) % ${#files[@]}]}
  if ((i % 2)); then edit_body "$file" '^	+[^ ].*(Lock|Unlock)\(\)$'; else edit_body "$file" '^	+[a-z][A-Za-z.]*\(.*\)$'; fi
  look "edit $i, of $file"
  if grep -q 'and [1-9][0-9]* files' "$work/said"; then in_part=$((in_part + 1)); fi
done
echo "check: the same with the cache and without after $edits edits of bodies in ${#files[@]} files, $in_part in part"
