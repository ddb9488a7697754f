# The front door. `make` builds build/memsnap; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
JOBS ?= $(shell nproc)
CACHE := $(shell command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
NEWEST_GO := go1.27.0
ALL_GO := go1.24.9,go1.25.5,go1.26.8,go1.27.0
FIRST_GO := go1.24.0,go1.25.0,go1.26.0
FUZZ_SECONDS ?= 10
export GOTOOLCHAIN ?= auto

build/memsnap: always
	tools/setup.sh build
	cmake -S . -B build -G Ninja -DMEMSNAP_TESTS=OFF $(CACHE) >/dev/null
	ninja -C build -j $(JOBS) memsnap

.PHONY: always help demo test matrix field soak fuzz bench check clean
help:
	@printf '%s\n' \
	  'make          build/memsnap' \
	  'make demo     start a leaking Go service and run memsnap doctor on it' \
	  'make test     unit, golden and live tests, the same under sanitizers, short fuzzing' \
	  'make matrix   the live tests on every supported Go release, three runs' \
	  'make field    Prometheus, etcd, Caddy and nats-server under load' \
	  'make soak     kill -9 of the tool at 200 instants of a capture, on each Go release' \
	  'make fuzz     every fuzz target for 10 minutes (FUZZ_SECONDS)' \
	  'make bench    speed and memory beside other tools'

demo: build/memsnap
	tools/demo.sh

test:
	tools/setup.sh test
	tools/test.sh $(NEWEST_GO)

matrix: build/memsnap
	LIVE_TIMEOUT=3h tools/live.sh $(ALL_GO) 3
	LIVE_RUN='TestExact|TestLeakProof' tools/live.sh $(FIRST_GO) 1

field: build/memsnap
	tools/field.sh
	tools/gotypes.sh field
	tools/precision.sh
	BUILD=build tools/gosrc.sh field
	tools/check_recall.sh
	tools/check_cache.sh build/memsnap

soak: build/memsnap
	tools/soak.sh

fuzz:
	tools/setup.sh test
	tools/fuzz.sh 600

bench: build/memsnap
	tools/setup.sh bench
	tools/bench.sh

check:
	tools/check_includes.sh

clean:
	rm -rf build build-test build-asan build-bench
