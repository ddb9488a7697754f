// One capture of a Go heap as columns: what the allocator holds, who points to whom, who holds what.
// Readers fill it, the snapshot file stores it as it is, analyses only look at it. Sizes are bytes
// unless a name says otherwise. No column holds the contents of the target's memory: names come from
// the executable, and of strings and map keys there are lengths, counts and class masks only.
#pragma once

#include "base/column.h"
#include "tables/ids.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

// All text of a capture, each once. Row 0 is "".
struct StringTable {
  Column<char> text;
  Column<std::uint64_t> end;  // end of each string in text; it begins where the one before ends

  std::size_t rows() const { return end.size(); }
  std::string_view operator[](StringId id) const {
    std::size_t row = std::size_t(id);
    std::uint64_t from = row == 0 ? 0 : end[row - 1];
    return {text.data() + from, std::size_t(end[row] - from)};
  }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("text", t.text, "the strings, one behind the other");
    visit("end", t.end, "where each string ends in text");
  }
};

// Set in ObjectTable::flags.
enum ObjectFlag : std::uint8_t {
  kReached = 1,      // some root reaches it; the rest is garbage that the collector has not swept yet
  kScannable = 2,    // the allocator says it may hold pointers
  kGuessedType = 4,  // the type was inferred from shape, not read
  kOnStack = 8,      // a goroutine's frame points straight to it
};

// One row per allocated object, live or garbage, sorted by address. A row's index is its ObjectId.
struct ObjectTable {
  Column<Addr> addr;
  Column<std::uint32_t> words;  // size class in 8-byte words, so that 32 GiB fit
  Column<TypeId> type;
  Column<std::uint8_t> flags;      // ObjectFlag
  Column<NodeId> idom;             // immediate dominator; kNoNode when not reached
  Column<std::uint64_t> retained;  // bytes freed if it went and the later phases let go; 0 when not reached

  std::size_t rows() const { return addr.size(); }
  std::uint64_t bytes(ObjectId id) const { return std::uint64_t(words[std::size_t(id)]) * 8; }
  bool reached(ObjectId id) const { return (flags[std::size_t(id)] & kReached) != 0; }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("addr", t.addr, "start of the object in the target");
    visit("words", t.words, "8-byte words taken from the allocator");
    visit("type", t.type, "row of the type table, 0 when not known");
    visit("flags", t.flags, "1 reached, 2 scannable, 4 type inferred, 8 on a stack");
    visit("idom", t.idom, "node of the immediate dominator");
    visit("retained", t.retained, "bytes it dominates, itself included");
  }
};

// Pointers between objects in compressed rows: those of object i are first[i] .. first[i + 1].
// Weak pointers are not in it.
struct EdgeTable {
  Column<std::uint32_t> first;  // objects + 1 rows
  Column<ObjectId> target;
  Column<std::uint32_t> at;  // word of the source object that holds the pointer

  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("first", t.first, "first edge of each object, and the number of edges at the end");
    visit("target", t.target, "the object pointed into");
    visit("at", t.at, "word of the source that holds the pointer");
  }
};

// What a type is to the person who reads a path; everything but kPlain is folded into its container.
enum class Role : std::uint8_t {
  kPlain,
  kSliceArray,   // backing array of a []elem; size 0, its length is the object's
  kStringBytes,  // bytes of a string
  kMapHeader,
  kMapDirectory,
  kMapTable,
  kMapGroups,
  kMapIndirect,  // parts of a map[key]elem
  kChanHeader,
  kChanBuffer,
  kSyncMapNode,  // HashTrieMap nodes and entries (sync.Map, unique)
  kPoolPart,     // poolLocal, poolChain, poolChainElt
  kListElement,  // container/list.Element
  kClosure,      // func value with its captured variables
  kRuntime,      // g, m, p, sudog, timers and other objects of the runtime itself
};

// Go's own kinds (internal/abi.Kind, equal in all releases read here).
enum class Kind : std::uint8_t {
  kInvalid,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kArray,
  kChan,
  kFunc,
  kInterface,
  kMap,
  kPointer,
  kSlice,
  kString,
  kStruct,
  kUnsafePointer,
};

// One row per type met on the heap or in a root, and those they are made of. Row 0 is "not known".
struct TypeTable {
  Column<StringId> name;       // as Go prints it: map[string]*session.Session
  Column<std::uint64_t> size;  // of one value; 0 for arrays whose length is the object's
  Column<Kind> kind;
  Column<Role> role;
  Column<TypeId> elem;  // of pointers, slices, arrays, channels, maps (also of their parts)
  Column<TypeId> key;   // of maps (also of their parts)
  Column<std::uint32_t>
      first_field;  // fields of type i are first_field[i] .. first_field[i + 1]; rows + 1 entries
  Column<std::uint32_t>
      deletes;  // of maps: places in the code that delete from or clear one; kNoRow: not known
  Column<std::uint32_t>
      evicts;  // those that clear one, or whose function also ranges over or inserts into one

  std::size_t rows() const { return name.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("name", t.name, "as Go prints it");
    visit("size", t.size, "bytes of one value, 0 when it varies");
    visit("kind", t.kind, "Go's kind");
    visit("role", t.role, "part of which container");
    visit("elem", t.elem, "element type");
    visit("key", t.key, "key type");
    visit("first_field", t.first_field, "first row of its fields");
    visit("deletes", t.deletes, "places in the code that delete from a map of this type");
    visit("evicts", t.evicts, "those of them that look like eviction or expiry");
  }
};

struct FieldTable {
  Column<StringId> name;
  Column<std::uint64_t> offset;
  Column<TypeId> type;

  std::size_t rows() const { return name.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("name", t.name, "name of the field");
    visit("offset", t.offset, "bytes from the start of the struct");
    visit("type", t.type, "row of the type table");
  }
};

enum class RootKind : std::uint8_t { kGlobal, kGoroutine, kFinalizer, kCleanup, kTimer, kRegister, kRuntime };

// One row per root label: a package variable with the static temporaries that belong to it, a goroutine,
// a special. Phases decide who holds what (an object belongs to the first phase that reaches it):
// 0 globals of the user and of libraries; 1 the main goroutine; 2 other goroutines; 3 variables of the
// runtime, pools, finalizers and cleanups, timers, registers, static words nobody owns. See
// docs/architecture.md.
struct RootTable {
  Column<RootKind> kind;
  Column<std::uint8_t> phase;
  Column<StringId> name;  // pkg.var; function a goroutine was started with; type with a finalizer
  Column<TypeId> type;    // of the variable
  Column<StringId> file;  // where the variable is declared or the goroutine was started; "" when not known
  Column<std::uint32_t> line;
  Column<std::uint32_t> goroutine;  // row of GoroutineTable, kNoRow for the rest
  Column<std::uint64_t> retained;   // bytes below this label
  Column<std::uint64_t> objects;    // objects below this label

  std::size_t rows() const { return kind.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("kind", t.kind, "0 global, 1 goroutine, 2 finalizer, 3 cleanup, 4 timer, 5 register, 6 runtime");
    visit("phase", t.phase, "0 globals, 1 main goroutine, 2 goroutines, 3 runtime");
    visit("name", t.name, "variable, start function or type");
    visit("type", t.type, "type of the variable");
    visit("file", t.file, "source file");
    visit("line", t.line, "source line");
    visit("goroutine", t.goroutine, "row of the goroutine table");
    visit("retained", t.retained, "bytes dominated");
    visit("objects", t.objects, "objects dominated");
  }
};

// Pointers from root labels into the heap, sorted by root.
struct RootEdgeTable {
  Column<RootId> root;
  Column<ObjectId> target;
  Column<StringId> ref;   // what of the root points there: ".sessions", a local variable's name, ""
  Column<FrameId> frame;  // of a goroutine's stack; kNoFrame for the rest

  std::size_t rows() const { return root.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("root", t.root, "the label");
    visit("target", t.target, "the object pointed into");
    visit("ref", t.ref, "field of the variable, or the local variable");
    visit("frame", t.frame, "frame of the goroutine's stack");
  }
};

// Frames of goroutine stacks and of profile records, innermost first, inlined calls expanded.
struct FrameTable {
  Column<StringId> function;
  Column<StringId> file;
  Column<std::uint32_t> line;
  Column<std::uint64_t> pc;  // as runtime.Frame has it, the same for a function and what is inlined there

  std::size_t rows() const { return function.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("function", t.function, "name with package path");
    visit("file", t.file, "source file");
    visit("line", t.line, "source line");
    visit("pc", t.pc, "address of the instruction or call in the process; 0 when not known");
  }
};

enum class MapLayout : std::uint8_t { kSwiss, kBuckets, kSyncMap };
enum MapFlag : std::uint8_t { kMapGrowing = 1, kMapWriting = 2, kMapTombstones = 4 };

// One row per live map. The header lies in an object, or in a root's own memory.
struct MapTable {
  Column<ObjectId> object;  // that holds the header; kNoObject when a root's own memory does
  Column<RootId> root;      // that memory's label; kNoRoot when an object holds it
  Column<Addr> header;
  Column<TypeId> type;
  Column<MapLayout> layout;
  Column<std::uint64_t> len;
  Column<std::uint64_t> capacity;   // slots
  Column<std::uint32_t> parts;      // buckets, or tables
  Column<std::uint32_t> old_parts;  // old buckets still to be evacuated
  Column<std::uint64_t>
      bytes;  // header, directory, tables, groups or buckets; without indirect keys and values
  Column<std::uint8_t> flags;  // MapFlag

  std::size_t rows() const { return header.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("object", t.object, "object that holds the header");
    visit("root", t.root, "label whose memory holds the header");
    visit("header", t.header, "address of the header");
    visit("type", t.type, "map type");
    visit("layout", t.layout, "0 swiss, 1 buckets, 2 sync.Map");
    visit("len", t.len, "entries");
    visit("capacity", t.capacity, "slots");
    visit("parts", t.parts, "buckets or tables");
    visit("old_parts", t.old_parts, "old buckets not yet evacuated");
    visit("bytes", t.bytes, "bytes of the map's own storage");
    visit("flags", t.flags, "1 growing, 2 a write is under way, 4 tombstones possible");
  }
};

// What the string keys of a map look like; made while the memory is read, so no key is kept.
// Each `distinct_` is the number of different keys after that normal form alone; all is all of them.
struct KeyTable {
  Column<std::uint32_t> map;             // row of MapTable
  Column<std::uint64_t> keys;            // looked at
  Column<std::uint64_t> distinct_case;   // lower-cased
  Column<std::uint64_t> distinct_trim;   // white space trimmed
  Column<std::uint64_t> distinct_url;    // percent-decoded
  Column<std::uint64_t> distinct_query;  // cut at ? or #
  Column<std::uint64_t> distinct_slash;  // path cleaned, no trailing slash
  Column<std::uint64_t> distinct_all;    // after all of these
  Column<std::uint32_t> shortest;
  Column<std::uint32_t> longest;
  Column<std::uint64_t> total_length;
  Column<StringId> mask;            // classes of the commonest shape: /aaa/AAA/999/
  Column<std::uint64_t> mask_keys;  // keys of that shape

  std::size_t rows() const { return map.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("map", t.map, "row of the map table");
    visit("keys", t.keys, "keys looked at");
    visit("distinct_case", t.distinct_case, "different keys when lower-cased");
    visit("distinct_trim", t.distinct_trim, "different keys when trimmed");
    visit("distinct_url", t.distinct_url, "different keys when percent-decoded");
    visit("distinct_query", t.distinct_query, "different keys without query and fragment");
    visit("distinct_slash", t.distinct_slash, "different keys with cleaned paths");
    visit("distinct_all", t.distinct_all, "different keys after all normal forms");
    visit("shortest", t.shortest, "bytes of the shortest key");
    visit("longest", t.longest, "bytes of the longest key");
    visit("total_length", t.total_length, "bytes of all keys");
    visit("mask", t.mask, "commonest shape of a key, classes only");
    visit("mask_keys", t.mask_keys, "keys of that shape");
  }
};

enum ArrayFlag : std::uint8_t {
  kArrayOfString = 1,  // viewed by string headers
  kArrayOtherPointers =
      2,  // something that is not a slice or string points into it, so the hull is not all that is used
};

// Arrays that slices (or strings) view, where views matter: at least 4 KiB, or at least an eighth and 32
// bytes not shown, or pointers beyond len. The hull runs from the first byte any view shows (ptr) to the
// last (ptr + len); reach is the end of the largest cap.
struct ArrayTable {
  Column<ObjectId> object;
  Column<TypeId> elem;
  Column<std::uint32_t> elem_size;
  Column<std::uint32_t> views;       // headers that point into it
  Column<std::uint64_t> shown_from;  // bytes from the start of the object
  Column<std::uint64_t> shown_to;
  Column<std::uint64_t> reach_to;
  Column<std::uint32_t> hidden_pointers;  // non-nil pointers outside the hull
  Column<std::uint64_t> filled_to;  // end of the last non-zero byte seen beyond shown_to (a few probes per
                                    // array are enough); 0 when none was seen or nobody looked
  Column<ObjectId> holder;          // object with the longest view; kNoObject when a root's memory holds it
  Column<RootId> holder_root;
  Column<std::uint32_t> holder_word;  // word of that object where the slice header begins
  Column<std::uint8_t> flags;         // ArrayFlag

  std::size_t rows() const { return object.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("object", t.object, "the array");
    visit("elem", t.elem, "element type");
    visit("elem_size", t.elem_size, "bytes of an element");
    visit("views", t.views, "slices or strings that point into it");
    visit("shown_from", t.shown_from, "first byte shown");
    visit("shown_to", t.shown_to, "end of the last byte shown");
    visit("reach_to", t.reach_to, "end of the largest capacity");
    visit("hidden_pointers", t.hidden_pointers, "pointers outside what is shown");
    visit("filled_to", t.filled_to, "end of the last non-zero byte seen behind what is shown, 0 when none");
    visit("holder", t.holder, "object with the longest view");
    visit("holder_root", t.holder_root, "label with the longest view");
    visit("holder_word", t.holder_word, "word of the holder where the header begins");
    visit("flags", t.flags, "1 strings, 2 other pointers lead into it");
  }
};

// Equal strings, by salted hash, largest waste first; at most 1,000 rows.
struct DuplicateTable {
  Column<std::uint32_t> count;  // objects that hold these bytes
  Column<std::uint32_t> length;
  Column<std::uint64_t> waste;  // bytes of all objects but one
  Column<ObjectId> sample;      // one of them
  Column<StringId> mask;        // classes of its characters

  std::size_t rows() const { return count.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("count", t.count, "objects with equal bytes");
    visit("length", t.length, "bytes of the string");
    visit("waste", t.waste, "bytes of all but one");
    visit("sample", t.sample, "one of the objects");
    visit("mask", t.mask, "classes of its characters");
  }
};

struct ChannelTable {
  Column<ObjectId> object;  // hchan
  Column<TypeId> elem;
  Column<std::uint64_t> len;
  Column<std::uint64_t> cap;
  Column<std::uint32_t> receivers;  // goroutines blocked in receive
  Column<std::uint32_t> senders;    // goroutines blocked in send
  Column<std::uint8_t> closed;

  std::size_t rows() const { return object.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("object", t.object, "the channel");
    visit("elem", t.elem, "element type");
    visit("len", t.len, "items in the buffer");
    visit("cap", t.cap, "size of the buffer");
    visit("receivers", t.receivers, "goroutines waiting to receive");
    visit("senders", t.senders, "goroutines waiting to send");
    visit("closed", t.closed, "1 when closed");
  }
};

// A sync.Pool: buffers are what it hands out, the objects right below it.
struct PoolTable {
  Column<ObjectId> object;  // that holds the Pool; kNoObject when a root's memory does
  Column<RootId> root;
  Column<std::uint64_t> items;
  Column<std::uint64_t> bytes;    // retained by the items together
  Column<std::uint64_t> largest;  // retained by the largest item
  Column<std::uint64_t> median;
  Column<TypeId> item_type;  // commonest

  std::size_t rows() const { return items.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("object", t.object, "object that holds the Pool");
    visit("root", t.root, "label whose memory holds the Pool");
    visit("items", t.items, "items kept");
    visit("bytes", t.bytes, "bytes they retain");
    visit("largest", t.largest, "bytes of the largest item");
    visit("median", t.median, "bytes of the middle item");
    visit("item_type", t.item_type, "type of most items");
  }
};

enum class GoroutineState : std::uint8_t {
  kIdle,
  kRunnable,
  kRunning,
  kSyscall,
  kWaiting,
  kDead,
  kPreempted,
  kLeaked
};
enum class Proof : std::uint8_t { kNone, kNothingCanWake };

struct GoroutineTable {
  Column<std::uint64_t> goid;
  Column<GoroutineState> state;
  Column<StringId> wait_reason;   // the runtime's own words: "chan send"
  Column<std::uint64_t> wait_ns;  // how long it has waited; 0 when the runtime does not say
  Column<StringId> start_function;
  Column<StringId> creator_function;  // "" for the main goroutine
  Column<StringId> creator_file;
  Column<std::uint32_t> creator_line;
  Column<std::uint32_t> first_frame;  // row of FrameTable
  Column<std::uint32_t> frames;
  Column<std::uint64_t> stack_bytes;  // reserved for the stack
  Column<ObjectId> wait_object;       // channel, mutex or WaitGroup it is blocked on, when on the heap
  Column<Proof> proof;
  Column<RootId> root;          // its label
  Column<std::uint8_t> system;  // 1: belongs to the runtime

  std::size_t rows() const { return goid.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("goid", t.goid, "number of the goroutine");
    visit("state", t.state,
          "0 idle, 1 runnable, 2 running, 3 syscall, 4 waiting, 5 dead, 6 preempted, 7 leaked");
    visit("wait_reason", t.wait_reason, "what it waits for");
    visit("wait_ns", t.wait_ns, "nanoseconds it has waited");
    visit("start_function", t.start_function, "function of the go statement");
    visit("creator_function", t.creator_function, "function with the go statement");
    visit("creator_file", t.creator_file, "its file");
    visit("creator_line", t.creator_line, "its line");
    visit("first_frame", t.first_frame, "row of the innermost frame");
    visit("frames", t.frames, "number of frames");
    visit("stack_bytes", t.stack_bytes, "size of the stack");
    visit("wait_object", t.wait_object, "object it is blocked on");
    visit("proof", t.proof, "1: nothing can wake it");
    visit("root", t.root, "its root label");
    visit("system", t.system, "1 for goroutines of the runtime");
  }
};

enum class SpecialKind : std::uint8_t { kFinalizer, kCleanup, kWeak, kOther };

struct SpecialTable {
  Column<ObjectId> object;
  Column<SpecialKind> kind;
  Column<StringId> function;  // of a finalizer or cleanup

  std::size_t rows() const { return object.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("object", t.object, "object with the special");
    visit("kind", t.kind, "0 finalizer, 1 cleanup, 2 weak pointer, 3 other");
    visit("function", t.function, "function to run");
  }
};

enum class BucketKind : std::uint8_t { kHeap, kBlock, kMutex };

// The runtime's own profile records (runtime/mprof.go), as sampled: not scaled.
struct BucketTable {
  Column<BucketKind> kind;
  Column<std::uint32_t> first_frame;  // row of FrameTable
  Column<std::uint32_t> frames;
  Column<std::uint64_t> size;    // bytes of one object; 0 for block and mutex
  Column<std::uint64_t> allocs;  // heap: objects as of the last completed cycle; block, mutex: events
  Column<std::uint64_t> frees;
  Column<std::uint64_t> live;  // sampled objects alive now, by their specials
  Column<double> cycles;       // block, mutex: time in CPU ticks

  std::size_t rows() const { return kind.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("kind", t.kind, "0 heap, 1 block, 2 mutex");
    visit("first_frame", t.first_frame, "row of the innermost frame");
    visit("frames", t.frames, "number of frames");
    visit("size", t.size, "bytes of one object");
    visit("allocs", t.allocs, "sampled allocations, or events");
    visit("frees", t.frees, "sampled frees");
    visit("live", t.live, "sampled objects alive now");
    visit("cycles", t.cycles, "CPU ticks of delay");
  }
};

// Sampled objects that are alive, each with the record of its allocation, sorted by object.
struct LiveSampleTable {
  Column<ObjectId> object;
  Column<std::uint32_t> bucket;  // row of BucketTable

  std::size_t rows() const { return object.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("object", t.object, "the object");
    visit("bucket", t.bucket, "row of the bucket table");
  }
};

// Spans by size class.
struct ClassTable {
  Column<std::uint32_t> elem_size;  // 0: large objects, one per span
  Column<std::uint8_t> scannable;
  Column<std::uint64_t> spans;
  Column<std::uint64_t> slots;
  Column<std::uint64_t> used;  // allocated slots
  Column<std::uint64_t> span_bytes;
  Column<std::uint64_t> used_bytes;
  Column<std::uint64_t> sparse_spans;  // at most an eighth of the slots in use
  Column<std::uint64_t> sparse_bytes;  // bytes of those spans

  std::size_t rows() const { return elem_size.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("elem_size", t.elem_size, "bytes of a slot, 0 for large objects");
    visit("scannable", t.scannable, "1 when objects may hold pointers");
    visit("spans", t.spans, "spans in use");
    visit("slots", t.slots, "slots in them");
    visit("used", t.used, "slots allocated");
    visit("span_bytes", t.span_bytes, "bytes of the spans");
    visit("used_bytes", t.used_bytes, "bytes of the allocated slots");
    visit("sparse_spans", t.sparse_spans, "spans at most an eighth full");
    visit("sparse_bytes", t.sparse_bytes, "bytes of those");
  }
};

// Resident memory, each part with an owner. Causes are the words of docs/memory.md: live-heap, garbage,
// idle-spans, fragmentation, stacks, runtime, binary, file, cgo-heap, thread-stacks, mmap, kernel, unknown.
struct MemoryTable {
  Column<StringId> cause;
  Column<StringId> owner;  // mapping, library or part of the runtime
  Column<std::uint64_t> resident;
  Column<std::uint64_t> mapped;

  std::size_t rows() const { return cause.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("cause", t.cause, "why it is resident");
    visit("owner", t.owner, "mapping or part of the runtime");
    visit("resident", t.resident, "bytes in memory");
    visit("mapped", t.mapped, "bytes of address space");
  }
};

// Numbers about the capture and the process, by name: facts that are one each. The names are listed in
// docs/counters.md: capture.pause_ns, capture.threads, memstats.heap_alloc, gc.phase, process.rss ...
struct CounterTable {
  Column<StringId> name;
  Column<std::int64_t> value;

  std::size_t rows() const { return name.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("name", t.name, "name of the number");
    visit("value", t.value, "its value");
  }
};

// Facts in words: target.exe, target.go, target.build_id, capture.mode, capture.time (RFC 3339) ...
struct FactTable {
  Column<StringId> name;
  Column<StringId> value;

  std::size_t rows() const { return name.size(); }
  template <class Self, class Visit>
  static void columns(Self& t, Visit&& visit) {
    visit("name", t.name, "name of the fact");
    visit("value", t.value, "the fact");
  }
};

struct Heap {
  StringTable strings;
  ObjectTable objects;
  EdgeTable edges;
  TypeTable types;
  FieldTable fields;
  RootTable roots;
  RootEdgeTable root_edges;
  FrameTable frames;
  MapTable maps;
  KeyTable keys;
  ArrayTable arrays;
  DuplicateTable duplicates;
  ChannelTable channels;
  PoolTable pools;
  GoroutineTable goroutines;
  SpecialTable specials;
  BucketTable buckets;
  LiveSampleTable samples;
  ClassTable classes;
  MemoryTable memory;
  CounterTable counters;
  FactTable facts;

  // Node numbers: objects, then root labels, then the virtual root.
  NodeId node(ObjectId id) const { return NodeId(std::uint32_t(id)); }
  NodeId node(RootId id) const { return NodeId(std::uint32_t(objects.rows()) + std::uint32_t(id)); }
  NodeId virtual_root() const { return NodeId(std::uint32_t(objects.rows() + roots.rows())); }
  bool is_object(NodeId n) const { return std::uint32_t(n) < objects.rows(); }
  bool is_root(NodeId n) const { return !is_object(n) && std::uint32_t(n) < std::uint32_t(virtual_root()); }
  ObjectId object_of(NodeId n) const { return ObjectId(std::uint32_t(n)); }
  RootId root_of(NodeId n) const { return RootId(std::uint32_t(n) - std::uint32_t(objects.rows())); }

  std::string_view text(StringId id) const { return strings[id]; }
  // The number or fact of that name; 0 or "" when the capture does not have it.
  std::int64_t counter(std::string_view name) const;
  std::string_view fact(std::string_view name) const;

  template <class Self, class Visit>
  static void tables(Self& h, Visit&& visit) {
    visit("strings", h.strings);
    visit("objects", h.objects);
    visit("edges", h.edges);
    visit("types", h.types);
    visit("fields", h.fields);
    visit("roots", h.roots);
    visit("root_edges", h.root_edges);
    visit("frames", h.frames);
    visit("maps", h.maps);
    visit("keys", h.keys);
    visit("arrays", h.arrays);
    visit("duplicates", h.duplicates);
    visit("channels", h.channels);
    visit("pools", h.pools);
    visit("goroutines", h.goroutines);
    visit("specials", h.specials);
    visit("buckets", h.buckets);
    visit("samples", h.samples);
    visit("classes", h.classes);
    visit("memory", h.memory);
    visit("counters", h.counters);
    visit("facts", h.facts);
  }
};

}  // namespace memsnap
