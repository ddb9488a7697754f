// A program that keeps ten secrets in the places where programs keep them (no pattern: a test of reports).
//
// It leaks sessions, so that a report has something to say about the map that the tokens are keys of, and about
// the goroutines that have the labels. None of the ten may be in a report or in a snapshot.
package main

import (
	"container/list"
	"context"
	"flag"
	"fmt"
	"net/textproto"
	"os"
	"runtime/pprof"
	"sync"
	"time"

	"memsnap.test/leakzoo/secrets/planted"
	"memsnap.test/leakzoo/zoo"
)

type customer struct {
	name string
	card string
	key  []byte
}

var (
	salt = flag.String("salt", "", "what the secrets are made of")
	_    = flag.String("password", "", "a secret argument, as some programs have it")

	sessions  = map[string]*customer{}
	passwords = list.New()
	registry  sync.Map
	requests  []textproto.MIMEHeader
	callbacks []func() int
	waiting   = make(chan struct{}) // for nobody
)

func login(token string, secrets []string) {
	sessions[token] = &customer{name: fmt.Sprint("customer of ", len(sessions)), card: secrets[1], key: []byte(secrets[2])}
	requests = append(requests, textproto.MIMEHeader{"Authorization": {secrets[7]}})
}

func plant(secrets []string) {
	login(secrets[0], secrets)
	passwords.PushBack(secrets[3])
	pprof.Do(context.Background(), pprof.Labels("user", secrets[6], secrets[6], "user"), func(context.Context) {
		for range 20 {
			go func() { <-waiting }()
		}
	})
	captured := secrets[8]
	callbacks = append(callbacks, func() int { return len(captured) + len(os.Args) })
	registry.Store(secrets[9], secrets[9])
	for i := range 5_000 { // copies of them, so that they are worth a line in a report
		login(fmt.Sprint(secrets[0], "-", i), []string{"", fmt.Sprint(secrets[1]), secrets[2], "", "", "", "", fmt.Sprint(secrets[7])})
	}
	time.Sleep(50 * time.Millisecond)
}

func main() {
	number := 0
	var secrets []string
	zoo.Run(zoo.Program{
		Warm: func() {
			secrets = planted.Secrets(*salt)
			plant(secrets)
		},
		Step: func() {
			for range 20 {
				login(fmt.Sprint(secrets[0], "+", number), secrets)
				number++
			}
		},
		Drop: func() { sessions, requests = nil, nil },
	})
}
