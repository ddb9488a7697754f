// Package best keeps the address of an element while the slice may still move.
package best

type Score struct{ Points int }

type Board struct {
	scores []Score
	best   *Score
}

func (b *Board) Add(points int) {
	b.scores = append(b.scores, Score{points})
	if last := len(b.scores) - 1; b.best == nil || points > b.best.Points {
		b.best = &b.scores[last] // want elem-pointer-escapes
	}
}

func (b *Board) Reset() { b.scores, b.best = nil, nil }
