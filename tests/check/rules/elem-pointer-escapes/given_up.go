package elempointerescapes

type schema struct{ name string }

type schemas struct {
	one  *schema
	many []schema
}

func (s *schemas) fill(names []string) {
	for _, name := range names {
		s.many = append(s.many, schema{name})
	}
	if len(s.many) == 1 {
		s.one = &s.many[0]
		s.many = nil
	}
}

func (s *schemas) first() {
	s.one = &s.many[0] // want elem-pointer-escapes
}
