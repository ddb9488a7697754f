#!/usr/bin/env bash
# Installs what building and testing memsnap needs on Debian 12 (or newer) and is missing; quick when nothing is.
#   tools/setup.sh build   compiler, libraries and Go: for `make`, `make demo`
#   tools/setup.sh test    and GoogleTest, clang-19 with its fuzzer, Chromium: for `make test`, `make fuzz`
#   tools/setup.sh bench   and Google Benchmark, gcore, llvm-symbolizer: for `make bench`
# Everything comes from Debian's packages, checked by apt's signatures; the pages need Node and the packages of web/ from
# npm's registry, checked by the hashes of their lock files. Go is the one on PATH when it is 1.21
# or newer, else Debian's backports, from the mirror that this machine already uses.
set -euo pipefail
cd "$(dirname "$0")/.."

want=(g++ cmake ninja-build ca-certificates libfmt-dev libdeflate-dev libzstd-dev libxxhash-dev libtomlplusplus-dev
  libre2-dev libssl-dev libcapstone-dev)
# Debian 12 has Boost 1.81 beside the 1.74 that libboost-dev stands for; later ones have a newer one.
if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then want+=(libboost1.81-dev); else want+=(libboost-dev); fi
command -v npm >/dev/null || want+=(npm)  # fetches the Node that third_party/package-lock.json pins
case ${1:-build} in
  test) want+=(libgtest-dev clang-19 libclang-rt-19-dev procps util-linux chromium) ;;
  bench) want+=(libbenchmark-dev llvm-19) ; command -v gcore >/dev/null || want+=(gdb-minimal) ;;
esac

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
say() { printf 'setup: %s\n' "$*" >&2; }
updated=
update_lists() {
  [ -n "$updated" ] || as_root apt-get update -qq
  updated=yes
}
install() {
  say "installing from Debian's packages: $*"
  update_lists
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# 1.21 is the first release that fetches a newer toolchain when a module asks for it.
go_is_new_enough() {
  local minor
  minor=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ -n "$minor" ] && [ "$minor" -ge 21 ]
}

# The suite <codename>-backports on the mirror that serves <codename>.
add_backports() {
  local codename mirror
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(sed -n -E "s/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p; s/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+$codename([[:space:]]|\/).*/\2/p" \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null | grep -v security | head -n 1 || true)
  [ -n "$mirror" ] || { say "no package source for $codename found; install Go 1.21 or newer and run make again"; exit 1; }
  say "adding $codename-backports for Go"
  echo "deb $mirror $codename-backports main" | as_root tee /etc/apt/sources.list.d/memsnap-backports.list >/dev/null
  updated=
  update_lists
}

if ! command -v apt-get >/dev/null; then
  say "no apt-get here: install ${want[*]} and Go 1.21 or newer by hand"
  exit 0
fi
missing=()
for package in "${want[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"

if ! go_is_new_enough; then
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-cache policy golang-go 2>/dev/null | grep -q "$codename-backports" || add_backports
  say "installing Go from $codename-backports"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -t "$codename-backports" golang-go >/dev/null
fi

tools/web.sh install
