package mapfieldnomutex

import "net/http"

// What a handler gets is of one request.
func handleForm(w http.ResponseWriter, r *http.Request) {
	r.PostForm["seen"] = nil
	r.Header["X-Seen"] = nil
}
