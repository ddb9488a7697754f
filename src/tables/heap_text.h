// A heap written by hand, so that a rule can be tested on a page of text. One thing per line, `#` begins a
// comment, words are separated by blanks, a word with blanks in it stands in double quotes. Numbers may end
// in K, M or G (powers of 1024). Files of tests/golden/rules are such heaps.
//
// Types. Those that Go can write down make themselves: *T, []T, [4]T, map[K]V, "chan T", func(), any, error,
// string, int, ... Struct fields are laid out as Go lays them out; `@24` behind a field's type moves it
// there.
//   struct session.Session user string, data []uint8, last int64
//   interface context.Context
//   type time.Duration int64
//   opaque sync.Mutex 8                       8 bytes without pointers
//   code map[string]*session.Session deletes=0 evicts=0       what the program's code does with such maps
//
// Objects. Size: as given, or that of the type. `x 1000` makes a family of equal objects. A word before the
// type says what the object is a part of.
//   object a session.Store
//   object m map[string]*session.Session      map header; "chan T" is a channel
//   object t x 4 table map[string]*session.Session 64         directory, table, groups, indirect: parts of a
//   map object s x 1000 session.Session object b array session.Session 16K        backing array of a slice
//   object k x 1000 bytes 32                  bytes of a string
//   object q buffer main.Job 8K               buffer of a channel
//   object e element                          container/list.Element; object n node any: of a sync.Map;
//   object p pool; object f closure main.start.func1 16; object g runtime runtime.g 400
//   object d session.Session garbage          no root needs to reach it
//
// Pointers follow `->`, on the object's line or on a line `edges a -> ...`. Without a place a pointer takes
// the next free word; a place is a field (in an array: of each element in turn) or `@` and a byte offset.
// A family met from one object means a pointer to each; from a family of the same size, pairs; from a family
// of another size, equal shares. `s+1` is the next one of the family, `s[0]` the first.
//   object a session.Store -> .sessions m, .order l
//   object s x 1000 session.Session -> .user k, .next s+1
//
// Roots, with the field or local variable that points there.
//   global session.store *session.Store session/store.go:18 -> .sessions m
//   global runtime.allgs []*runtime.g phase=3 -> g
//   goroutine main.worker created main.start main.go:12 x 100 reason="chan send" waits=600s stack=8K on=q
//   proof
//     at main.send main.go:20 / main.worker main.go:15 -> job s, 1:jobs q
// The second line is a continuation (a line that begins with blanks). Words of a goroutine: x N, goid=,
// state= (running, runnable, syscall, waiting, leaked), reason=, waits= (ns, s, m, h), stack=, on=, proof,
// system, main, at. `1:` before a variable is its frame; the innermost, 0, is meant otherwise.
//   finalizer main.closeFile f -> x           f has the finalizer; what it points to is kept alive
//   cleanup main.free f -> x
//   special weak f
//   timer main.tick -> x
//
// Rows of the other tables. A map, pool or array in the memory of a variable is named by the variable.
//   map m len=1000 cap=1792 parts=4 old=0 bytes=64K tombstones growing writing layout=swiss
//   map main.cache type=map[int]int len=3     (swiss, buckets, syncmap)
//   keys m keys=1000 case=500 trim=1000 url=1000 query=1000 slash=1000 all=500 shortest=8 longest=30
//   total=20K
//     mask=/aaa/999 mask_keys=700
//   array b views=3 shown=0..512 reach=16K filled=16K hidden=40 holder=a.data string other
//   duplicate k count=1000 length=30 waste=31K mask=aaa/aaa
//   channel c len=64 cap=64 receivers=0 senders=3 closed
//   pool main.buffers items=12 bytes=96M largest=64M median=4K type=[]uint8
//   bucket put size=64 allocs=10 frees=0 live=10 at session.Put session/store.go:41 / main.main main.go:9
//   sample s put                              all of the family were sampled; `every=512`: each 512th
//   class size=64 spans=10 slots=1280 used=40 span_bytes=80K used_bytes=2560 sparse=9 sparse_bytes=72K noscan
//   memory live-heap "go heap" resident=64M mapped=128M
//   counter memstats.heap_alloc 1000000
//   fact target.go go1.26.8
//
// Several captures: when they were taken, in seconds, and the values seen. What is not given is not followed.
//   captures 0 1 2 3 4 5
//   series map m 100 200 300 400 500 600
//   series holder s "session.store .sessions" 1M 2M 3M 4M 5M 6M     object, key, values
//   series array b "main.log" 10 20 30 40 50 60
//   series channel c 1 2 3 4 5 6
//   series goroutines "main.worker created by main.start:12" 10 20 30 40 50 60
//   series heap 1M 2M 3M 4M 5M 6M
//   series resident 1M 2M 3M 4M 5M 6M
//   series counter memory.cgo-heap 1M 2M 3M 4M 5M 6M
#pragma once

#include "base/result.h"
#include "tables/heap.h"
#include "tables/series.h"

#include <string>
#include <string_view>

namespace memsnap {

struct HeapText {
  Heap heap;      // reached flags, dominators and retained bytes filled in
  Series series;  // empty without a line `captures`
};

// The error says which line is wrong and why.
Result<HeapText> parse_heap(std::string_view text);

}  // namespace memsnap
