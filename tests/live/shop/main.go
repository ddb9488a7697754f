// A shop whose sessions never end: the fault stands in its source, and its memory shows it.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	_ "net/http/pprof" // keeps the records of allocations
	"strconv"
	"time"

	"memsnap.test/live/shop/session"
)

func login(w http.ResponseWriter, r *http.Request) {
	session.Shop.Open(r.FormValue("token"), r.FormValue("user"))
}

func cart(w http.ResponseWriter, r *http.Request) {
	if found := session.Shop.Find(r.FormValue("token")); found != nil {
		w.Write(found.Cart)
	}
}

func main() {
	http.HandleFunc("/login", login)
	http.HandleFunc("/cart", cart)
	for i := 0; ; i++ {
		if i == 10_000 {
			fmt.Println("{}") // there is something to see
		}
		if i > 10_000 {
			time.Sleep(time.Millisecond)
		}
		request := httptest.NewRequest("GET", "/login?user=u&token="+strconv.Itoa(i), nil)
		http.DefaultServeMux.ServeHTTP(httptest.NewRecorder(), request)
	}
}
