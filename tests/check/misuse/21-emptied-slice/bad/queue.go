// Package queue empties a slice of pointers and keeps what they point to.
package queue

type Message struct{ Body []byte }

type Queue struct{ pending []*Message }

func (q *Queue) Add(m *Message) { q.pending = append(q.pending, m) }

func (q *Queue) Flush(send func(*Message)) {
	for _, m := range q.pending {
		send(m)
	}
	q.pending = q.pending[:0] // want truncate-keeps-pointers
}
