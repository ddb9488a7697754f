package writeaftersend

type plant struct {
	log  func(string)
	done chan struct{}
	next int
}

// attend never looks at what is written behind its start.
func attend(p *plant, n int) {
	p.log("serving")
	<-p.done
}

func launch(p *plant) {
	go attend(p, 1)
	p.next = 2
}

func tally(p *plant) { p.log(string(rune(p.next))) }

func launchTally(p *plant) {
	go tally(p)
	p.next = 2 // want write-after-send
}
