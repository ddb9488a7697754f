// Package event trusts what a decoded map holds.
package event

import "encoding/json"

func Name(body []byte) (string, error) {
	var event map[string]any
	if err := json.Unmarshal(body, &event); err != nil {
		return "", err
	}
	return event["name"].(string), nil // want unchecked-map-assert
}
