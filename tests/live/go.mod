module memsnap.test/live

go 1.24

require (
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.2
	github.com/zeebo/xxh3 v1.1.0
	memsnap.test/leakzoo v0.0.0
)

require (
	github.com/klauspost/cpuid/v2 v2.2.10 // indirect
	golang.org/x/sys v0.30.0 // indirect
	golang.org/x/text v0.14.0 // indirect
)

replace memsnap.test/leakzoo => ../../examples/leakzoo
