package syncmapmixed

func (u *users) chill(v *user) { u.cold.Store(v.name, v) }

func (u *users) count(n map[string]int, v *user) {
	n[v.name]++
	u.cold.Store(v.name, v)
}
