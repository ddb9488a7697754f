// A web shop that keeps a session for every visitor and forgets none (pattern map-unbounded).
//
// What is wrong: sessions gets an entry at each login. A visitor who comes back finds it there, one who never
// comes back leaves it there: no line of this program deletes from the map, so the shop holds the carts of
// everybody who was ever here.
//
// What the twin does: it deletes a session that was not used for a while, and above a limit the oldest one.
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"memsnap.test/leakzoo/zoo"
)

type session struct {
	user     string
	lastSeen time.Time
	cart     []byte // as the shop's pages show it
}

type sessionStore struct {
	mu      sync.Mutex
	byToken map[string]*session
}

var sessions = &sessionStore{byToken: map[string]*session{}} // HOLDER

// create starts a session for a user who has just logged in.
func (s *sessionStore) create(user string) string {
	token := rand.Text()
	cart := zoo.Fill(make([]byte, 3<<10)) // LEAK
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byToken[token] = &session{user: user, lastSeen: time.Now(), cart: cart}
	return token
}

func (s *sessionStore) find(token string) (*session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.byToken[token]
	if ok {
		found.lastSeen = time.Now()
	}
	return found, ok
}

func login(w http.ResponseWriter, r *http.Request) {
	token := sessions.create(r.FormValue("user"))
	http.SetCookie(w, &http.Cookie{Name: "session", Value: token, HttpOnly: true})
	json.NewEncoder(w).Encode(map[string]string{"status": "welcome"})
}

func cart(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("session")
	if err != nil {
		http.Error(w, "log in first", http.StatusUnauthorized)
		return
	}
	found, ok := sessions.find(cookie.Value)
	if !ok {
		http.Error(w, "no such session", http.StatusUnauthorized)
		return
	}
	w.Write(found.cart)
}

// visit is the load: a browser that logs in, looks at its cart and goes away for good.
func visit(shop, user string) error {
	welcome, err := http.Get(shop + "/login?user=" + user)
	if err != nil {
		return err
	}
	io.Copy(io.Discard, welcome.Body)
	welcome.Body.Close()
	request, err := http.NewRequest("GET", shop+"/cart", nil)
	if err != nil {
		return err
	}
	for _, cookie := range welcome.Cookies() {
		request.AddCookie(cookie)
	}
	page, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer page.Body.Close()
	_, err = io.Copy(io.Discard, page.Body)
	return err
}

func main() {
	http.HandleFunc("/login", login)
	http.HandleFunc("/cart", cart)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go http.Serve(listener, nil)
	shop := "http://" + listener.Addr().String()

	visitors := 0
	zoo.Run(zoo.Program{
		Warm: func() { // the visitors of the last hour
			for range 9_000 {
				sessions.create(fmt.Sprint("visitor-", visitors))
				visitors++
			}
		},
		Step: func() {
			for range 3 {
				if err := visit(shop, fmt.Sprint("visitor-", visitors)); err != nil {
					log.Fatal(err)
				}
				visitors++
			}
		},
		Drop: func() {
			sessions.mu.Lock()
			sessions.byToken = map[string]*session{}
			sessions.mu.Unlock()
		},
	})
}
