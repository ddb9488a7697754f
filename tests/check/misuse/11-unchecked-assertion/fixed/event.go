package event

import (
	"encoding/json"
	"errors"
)

func Name(body []byte) (string, error) {
	var event map[string]any
	if err := json.Unmarshal(body, &event); err != nil {
		return "", err
	}
	name, ok := event["name"].(string)
	if !ok {
		return "", errors.New("event without a name")
	}
	return name, nil
}
