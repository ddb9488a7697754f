// Package ids makes n zero values and appends behind them.
package ids

type User struct{ ID int }

func Of(users []User) []int {
	ids := make([]int, len(users))
	for _, u := range users {
		ids = append(ids, u.ID) // want make-len-append
	}
	return ids
}
