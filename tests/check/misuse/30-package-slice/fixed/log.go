package log

import "sync"

type Event struct{ Text string }

const most = 1000

var (
	mu     sync.Mutex
	events [most]Event
	next   int
)

func Note(text string) {
	mu.Lock()
	events[next%most] = Event{text}
	next++
	mu.Unlock()
}

func Last() Event {
	mu.Lock()
	defer mu.Unlock()
	return events[(next+most-1)%most]
}
