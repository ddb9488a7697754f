// Package config writes to a map that was only declared.
package config

func Defaults(name string) map[string]string {
	var values map[string]string
	values["name"] = name // want nil-map-write
	return values
}
