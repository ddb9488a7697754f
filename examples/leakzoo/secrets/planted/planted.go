// Package planted makes the secrets that the program beside it keeps, and that a test looks for.
package planted

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Kinds are the names of the secrets, in the order of Secrets.
var Kinds = []string{"token as a map key", "card number in a struct", "private key as bytes", "password in a list",
	"variable of the environment", "argument of the program", "goroutine label", "header of a request",
	"text captured by a function", "key of a sync.Map"}

// Secrets gives one secret for each of Kinds; others for every salt, so that none is written in a program.
func Secrets(salt string) []string {
	random := func(kind int) string {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", kind, salt))
		return hex.EncodeToString(sum[:])
	}
	digits := strings.Map(func(r rune) rune { return '0' + r%10 }, random(1))
	return []string{
		"ghp_" + random(0)[:36],
		"4" + digits[:15],
		"MIIEvQIBADANBgkqhkiG9w0" + random(2),
		"correct-horse-" + random(3)[:20],
		"env-" + random(4)[:28],
		"arg-" + random(5)[:28],
		"label-" + random(6)[:26],
		"Bearer " + random(7)[:40],
		"closure-" + random(8)[:24],
		"syncmap-" + random(9)[:24],
	}
}
