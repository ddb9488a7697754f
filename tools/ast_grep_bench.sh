#!/usr/bin/env bash
# ast-grep with two syntactic rules on one thread, which knows no types: what reading all of a program costs at least.
#   tools/ast_grep_bench.sh FOLDER...    a line for each, named by the last word of its path
# npm fetches the program that bench/ast-grep/package-lock.json names; no script of it is run.
set -euo pipefail
folders=("$@")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp bench/ast-grep/package*.json "$work"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --silent)
for folder in "${folders[@]}"; do
  # It ends with 1 when there is something to report.
  (cd "$folder" && /usr/bin/time -o "$work/cost" -f '%U %S %M' \
    "$work/node_modules/@ast-grep/cli-linux-x64-gnu/ast-grep" scan --threads 1 --json=stream \
    --rule "$OLDPWD/bench/ast-grep/rules.yml" . >"$work/found") || [ $? = 1 ]
  [ -s "$work/found" ] || { echo "ast-grep found nothing in $folder" >&2; exit 1; }
  awk -v name="$(basename "$folder")" -v found="$(wc -l <"$work/found")" 'END {
    printf "check: %-12s ast-grep, 2 rules    %.2f CPU s, %.0f MB, %d matches\n", name, $1 + $2, $3 / 1e3, found }' "$work/cost"
done
