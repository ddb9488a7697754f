package config

func Defaults(name string) map[string]string {
	values := make(map[string]string)
	values["name"] = name
	return values
}
