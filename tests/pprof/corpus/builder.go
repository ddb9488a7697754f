package corpus

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
)

// builder makes a profile from lines of text.
type builder struct {
	*profile.Profile
	functions map[string]*profile.Function
	locations map[string]*profile.Location
}

// started is a profile with sample types like "cpu/nanoseconds" and one mapping.
func started(types ...string) *builder {
	b := &builder{&profile.Profile{}, map[string]*profile.Function{}, map[string]*profile.Location{}}
	for _, t := range types {
		name, unit, _ := strings.Cut(t, "/")
		b.SampleType = append(b.SampleType, &profile.ValueType{Type: name, Unit: unit})
	}
	last := b.SampleType[len(b.SampleType)-1]
	b.PeriodType, b.Period = &profile.ValueType{Type: last.Type, Unit: last.Unit}, 1
	b.mapping("/srv/app/server", 0x400000, 0x800000, "feedbeef")
	return b
}

func (b *builder) mapping(file string, start, limit uint64, buildID string) *profile.Mapping {
	m := &profile.Mapping{ID: uint64(len(b.Mapping) + 1), Start: start, Limit: limit, File: file, BuildID: buildID,
		HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true}
	b.Mapping = append(b.Mapping, m)
	return m
}

func (b *builder) function(name, system, file string, startLine int64) *profile.Function {
	key := fmt.Sprintf("%q %q %q %d", name, system, file, startLine)
	if b.functions[key] == nil {
		f := &profile.Function{ID: uint64(len(b.Function) + 1), Name: name, SystemName: system, Filename: file, StartLine: startLine}
		b.Function = append(b.Function, f)
		b.functions[key] = f
	}
	return b.functions[key]
}

// location is the one that `text` describes: name@file:line:column of each inlined call, innermost first, with
// " < " between them. The file, the line and the column may be left out.
func (b *builder) location(text string) *profile.Location {
	if b.locations[text] != nil {
		return b.locations[text]
	}
	var lines []profile.Line
	for _, call := range strings.Split(text, " < ") {
		name, place, _ := strings.Cut(call, "@")
		parts := strings.Split(place+"::", ":")
		line, _ := strconv.ParseInt(parts[1], 10, 64)
		column, _ := strconv.ParseInt(parts[2], 10, 64)
		lines = append(lines, profile.Line{Function: b.function(name, name, parts[0], 0), Line: line, Column: column})
	}
	b.locations[text] = b.place(0, lines...)
	return b.locations[text]
}

// place appends a location of the mapping with that row.
func (b *builder) place(mapping int, lines ...profile.Line) *profile.Location {
	id := uint64(len(b.Location) + 1)
	l := &profile.Location{ID: id, Mapping: b.Mapping[mapping], Address: b.Mapping[mapping].Start + 0x1000 + id*0x10, Line: lines}
	b.Location = append(b.Location, l)
	return l
}

// add appends a sample: locations from the leaf to the root, with " ; " between them.
func (b *builder) add(stack string, values ...int64) *profile.Sample {
	s := &profile.Sample{Value: values}
	for _, text := range strings.Split(stack, " ; ") {
		if text != "" {
			s.Location = append(s.Location, b.location(text))
		}
	}
	b.Sample = append(b.Sample, s)
	return s
}

// addAt appends a sample of locations that are there already.
func (b *builder) addAt(locations []*profile.Location, values ...int64) *profile.Sample {
	s := &profile.Sample{Location: locations, Value: values}
	b.Sample = append(b.Sample, s)
	return s
}

func text(s *profile.Sample, key string, values ...string) *profile.Sample {
	if s.Label == nil {
		s.Label = map[string][]string{}
	}
	s.Label[key] = values
	return s
}

// number sets a numeric label; units may be left out.
func number(s *profile.Sample, key string, values []int64, units ...string) *profile.Sample {
	if s.NumLabel == nil {
		s.NumLabel, s.NumUnit = map[string][]int64{}, map[string][]string{}
	}
	s.NumLabel[key] = values
	if len(units) > 0 {
		s.NumUnit[key] = units
	}
	return s
}
