package mapfieldnomutex

import "time"

type poller struct {
	seen map[string]time.Time
}

func newPoller() *poller { return &poller{seen: make(map[string]time.Time)} }

func (p *poller) mark(k string) {
	p.seen[k] = time.Now() // want map-field-no-mutex
}

func (p *poller) run(keys []string) {
	for _, k := range keys {
		go p.mark(k)
	}
}

func (p *poller) clear() { p.seen = make(map[string]time.Time) }
