module memsnap.test/live

go 1.24

require (
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.2
	memsnap.test/leakzoo v0.0.0
)

require golang.org/x/text v0.14.0 // indirect

replace memsnap.test/leakzoo => ../../examples/leakzoo
