package best

type Score struct{ Points int }

type Board struct {
	scores []Score
	best   int
}

func (b *Board) Add(points int) {
	b.scores = append(b.scores, Score{points})
	if points > b.scores[b.best].Points {
		b.best = len(b.scores) - 1
	}
}

func (b *Board) Reset() { b.scores, b.best = nil, 0 }
