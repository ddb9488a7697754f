#include "tables/heap_text_builder.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace memsnap {

namespace {

// The small number behind a word such as x; fails when it is none.
Result<std::uint32_t> to_times(std::string_view word) {
  std::uint64_t count = TRY(to_count(word));
  if (count == 0 || count > 10'000'000) return fail(Cause::bad_input, "x {}: not a number of things", word);
  return std::uint32_t(count);
}

}  // namespace

Result<void> HeapBuilder::read_struct(const Statement& s) {
  if (s.words.size() < 2) return fail(Cause::bad_input, "struct: a name is missing");
  std::vector<TypeBook::NewField> fields;
  for (auto at = s.words.begin() + 2; at != s.words.end();) {
    auto end = std::find(at, s.words.end(), ",");
    if (end - at < 2 || end - at > 3)
      return fail(Cause::bad_input, "a field is a name and a type, then perhaps @offset");
    TypeId type = TRY(types_.type(at[1]));
    TypeBook::NewField field{.name = *at, .type = type, .offset = {}};
    if (end - at == 3) {
      if (!at[2].starts_with('@')) return fail(Cause::bad_input, "{}: expected @offset", at[2]);
      field.offset = TRY(to_count(std::string_view(at[2]).substr(1)));
    }
    fields.push_back(std::move(field));
    at = end == s.words.end() ? end : end + 1;
  }
  return types_.declare_struct(s.words[1], fields);
}

Result<void> HeapBuilder::read_type(const Statement& s) {
  const std::string& word = s.words.front();
  if (word == "interface" && s.words.size() == 2) return types_.declare(s.words[1], Kind::kInterface, 16);
  if (word == "type" && s.words.size() == 3) {
    TypeId other = TRY(types_.type(s.words[2]));
    return types_.declare(s.words[1], Kind::kInvalid, 0, other);
  }
  if (word == "opaque" && s.words.size() == 3) {
    std::uint64_t size = TRY(to_count(s.words[2]));
    return types_.declare(s.words[1], Kind::kStruct, size);
  }
  if (word != "code" || s.words.size() < 3)
    return fail(Cause::bad_input, "{}: too few or too many words", word);
  Attributes attributes = TRY(Attributes::of(s.words.begin() + 2, s.words.end()));
  auto deletes = std::uint32_t(TRY(attributes.number("deletes", kNoRow)));
  auto evicts = std::uint32_t(TRY(attributes.number("evicts", kNoRow)));
  TRY_VOID(attributes.all_used());
  // Parts of the map are made when objects are read, so this waits until all are there.
  TypeId map = TRY(types_.type(s.words[1]));
  later_.emplace_back(s.line, [this, map, deletes, evicts]() -> Result<void> {
    types_.code(map, deletes, evicts);
    return {};
  });
  return {};
}

// A role and what it is a part of, or just a type.
Result<TypeId> HeapBuilder::object_type(const std::string& role, Word& at, Word end) {
  struct Part {
    std::string_view word;
    Role role;
    std::string_view name;  // of parts that are of nothing else
  };
  static constexpr std::array<Part, 13> kParts = {{{"array", Role::kSliceArray, ""},
                                                   {"directory", Role::kMapDirectory, ""},
                                                   {"table", Role::kMapTable, ""},
                                                   {"groups", Role::kMapGroups, ""},
                                                   {"indirect", Role::kMapIndirect, ""},
                                                   {"buffer", Role::kChanBuffer, ""},
                                                   {"closure", Role::kClosure, ""},
                                                   {"runtime", Role::kRuntime, ""},
                                                   {"node", Role::kSyncMapNode, ""},
                                                   {"bytes", Role::kStringBytes, "string"},
                                                   {"pool", Role::kPoolPart, "sync.poolLocal"},
                                                   {"element", Role::kListElement, "container/list.Element"},
                                                   {"unknown", Role::kPlain, ""}}};
  auto part = std::ranges::find(kParts, role, &Part::word);
  if (part == kParts.end()) {
    TypeId type = TRY(types_.type(role));
    if (types_.kind(type) == Kind::kMap) return types_.part(Role::kMapHeader, type);
    if (types_.kind(type) == Kind::kChan) return types_.part(Role::kChanHeader, type);
    return type;
  }
  if (part->word == "unknown") return TypeId{0};
  if (part->role == Role::kListElement) {
    TypeId element = TRY(types_.type(part->name)), pointer = TRY(types_.type("*container/list.Element"));
    TypeId list = TRY(types_.type("*container/list.List")), any = TRY(types_.type("any"));
    if (types_.size(element) == 0)
      TRY_VOID(types_.declare_struct(
          part->name,
          {{"next", pointer, {}}, {"prev", pointer, {}}, {"list", list, {}}, {"Value", any, {}}}));
    return types_.part(part->role, element);
  }
  if (!part->name.empty()) return types_.named_part(part->role, part->name);
  if (at == end) return fail(Cause::bad_input, "{} of what?", role);
  return types_.part(part->role, TRY(types_.type(*at++)));
}

Result<void> HeapBuilder::read_object(const Statement& s) {
  auto arrow = std::find(s.words.begin(), s.words.end(), "->");
  auto at = s.words.begin() + 1;
  if (arrow - at < 2) return fail(Cause::bad_input, "object: a name and a type are needed");
  std::string name = *at++;
  std::uint32_t count = 1;
  if (*at == "x" && arrow - at > 2) {
    count = TRY(to_times(at[1]));
    at += 2;
  }
  std::string role = *at++;
  TypeId type = TRY(object_type(role, at, arrow));
  std::uint64_t bytes = types_.size(type);
  if (types_.role(type) == Role::kMapHeader) bytes = 48;
  if (types_.role(type) == Role::kChanHeader) bytes = 96;
  if (at != arrow && *at != "garbage") bytes = TRY(to_count(*at++));
  bool garbage = at != arrow && *at == "garbage";
  if (garbage) ++at;
  if (at != arrow) return fail(Cause::bad_input, "{}: not expected here", *at);
  if (bytes == 0)
    return fail(Cause::bad_input, "object {}: its size is not known, so it must be given", name);
  TRY_VOID(add_objects(name, count, type, bytes));
  if (!garbage) reached_.emplace_back(s.line, name);
  return add_refs(s, objects_[name], false, arrow);
}

Result<void> HeapBuilder::add_objects(const std::string& name, std::uint32_t count, TypeId type,
                                      std::uint64_t bytes) {
  ObjectTable& objects = out_.heap.objects;
  if (bytes > 32ull << 30) return fail(Cause::bad_input, "object {}: {} bytes are too many", name, bytes);
  Family family{std::uint32_t(objects.rows()), count};
  if (!objects_.emplace(name, family).second) return fail(Cause::bad_input, "object {}: given twice", name);
  std::uint64_t words = (bytes + 7) / 8;
  for (std::uint32_t i = 0; i < count; ++i) {
    objects.addr.push_back(Addr(next_address_));
    objects.words.push_back(std::uint32_t(words));
    objects.type.push_back(type);
    objects.flags.push_back(0);
    next_address_ += words * 8;
  }
  next_word_.resize(objects.rows());
  return {};
}

Result<void> HeapBuilder::read_edges(const Statement& s) {
  if (s.words.size() < 3 || s.words[2] != "->")
    return fail(Cause::bad_input, "edges: expected `edges a -> b`");
  Family source = TRY(targets(s.words[1], 0, 1));
  return add_refs(s, source, false, s.words.begin() + 2);
}

RootId HeapBuilder::add_root(const std::string& name, RootKind kind, std::uint8_t phase, TypeId type,
                             SourcePlace place) {
  RootTable& roots = out_.heap.roots;
  RootId id{std::uint32_t(roots.rows())};
  roots.kind.push_back(kind);
  roots.phase.push_back(phase);
  roots.name.push_back(strings_.add(name));
  roots.type.push_back(type);
  roots.file.push_back(strings_.add(place.file));
  roots.line.push_back(place.line);
  roots.goroutine.push_back(kNoRow);
  return id;
}

Result<void> HeapBuilder::read_global(const Statement& s) {
  auto arrow = std::find(s.words.begin(), s.words.end(), "->");
  auto at = s.words.begin() + 1;
  if (arrow - at < 2) return fail(Cause::bad_input, "global: a name and a type are needed");
  std::string name = *at++;
  TypeId type = TRY(types_.type(*at++));
  std::uint8_t phase = 0;
  SourcePlace place;
  for (; at != arrow; ++at) {
    if (at->starts_with("phase="))
      phase = std::uint8_t(TRY(to_count(at->substr(6))) & 3);
    else
      place = TRY(to_place(*at));
  }
  RootId root = add_root(name, phase == 3 ? RootKind::kRuntime : RootKind::kGlobal, phase, type, place);
  if (!roots_.emplace(name, Family{std::uint32_t(root), 1}).second)
    return fail(Cause::bad_input, "global {}: given twice", name);
  return add_refs(s, {std::uint32_t(root), 1}, true, arrow);
}

Result<HeapBuilder::Word> HeapBuilder::read_frames(Word at, Word end, std::uint32_t& first,
                                                   std::uint32_t& count) {
  FrameTable& frames = out_.heap.frames;
  first = std::uint32_t(frames.rows());
  while (at != end && *at != "->") {
    if (end - at < 2) return fail(Cause::bad_input, "{}: a frame is a function and file:line", *at);
    SourcePlace place = TRY(to_place(at[1]));
    frames.function.push_back(strings_.add(at[0]));
    frames.file.push_back(strings_.add(place.file));
    frames.line.push_back(place.line);
    frames.pc.push_back(0);
    at += 2;
    if (at == end || *at != "/") break;
    ++at;
  }
  count = std::uint32_t(frames.rows()) - first;
  return at;
}

Result<HeapBuilder::GoroutineWords> HeapBuilder::goroutine_words(const Statement& s, Word arrow) {
  auto frames = std::find(s.words.begin(), arrow, "at");
  auto at = s.words.begin() + 1;
  if (at == frames) return fail(Cause::bad_input, "goroutine: the start function is missing");
  GoroutineWords g{.start = *at++};
  if (frames - at >= 3 && *at == "created") {
    g.creator = at[1];
    g.place = TRY(to_place(at[2]));
    at += 3;
  }
  if (frames - at >= 2 && *at == "x") {
    g.count = TRY(to_times(at[1]));
    at += 2;
  }
  TRY_VOID(goroutine_attributes(at, frames, g));
  if (frames == arrow) return g;
  Word end = TRY(read_frames(frames + 1, arrow, g.first_frame, g.frames));
  if (end != arrow) return fail(Cause::bad_input, "{}: not expected behind the frames", *end);
  return g;
}

Result<void> HeapBuilder::goroutine_attributes(Word at, Word end, GoroutineWords& g) {
  Attributes attributes = TRY(Attributes::of(at, end));
  g.goid = TRY(attributes.number("goid", out_.heap.goroutines.rows() + 1));
  g.reason = attributes.text("reason"), g.on = attributes.text("on");
  std::string state = attributes.text("state"), waits = attributes.text("waits");
  if (!waits.empty()) g.waited = TRY(to_nanoseconds(waits));
  g.stack = TRY(attributes.number("stack", 8192));
  g.proof = attributes.flag("proof"), g.system = attributes.flag("system");
  g.main = attributes.flag("main");
  TRY_VOID(attributes.all_used());
  static constexpr std::array<std::string_view, 8> kStates = {"idle",    "runnable", "running",   "syscall",
                                                              "waiting", "dead",     "preempted", "leaked"};
  auto known = std::ranges::find(kStates, state.empty() ? "waiting" : state);
  if (known == kStates.end()) return fail(Cause::bad_input, "{}: not a state", state);
  g.state = GoroutineState(known - kStates.begin());
  return {};
}

void HeapBuilder::add_goroutine(const GoroutineWords& g, std::uint64_t goid) {
  GoroutineTable& table = out_.heap.goroutines;
  RootId root = add_root(g.start, RootKind::kGoroutine, g.main ? 1 : 2, TypeId{0}, g.place);
  out_.heap.roots.goroutine.mine()[std::size_t(root)] = std::uint32_t(table.rows());
  table.goid.push_back(goid);
  table.state.push_back(g.state);
  table.wait_reason.push_back(strings_.add(g.reason));
  table.wait_ns.push_back(g.waited);
  table.start_function.push_back(strings_.add(g.start));
  table.creator_function.push_back(strings_.add(g.creator));
  table.creator_file.push_back(strings_.add(g.place.file));
  table.creator_line.push_back(g.place.line);
  table.first_frame.push_back(g.first_frame);
  table.frames.push_back(g.frames);
  table.stack_bytes.push_back(g.stack);
  table.wait_object.push_back(kNoObject);
  table.proof.push_back(g.proof ? Proof::kNothingCanWake : Proof::kNone);
  table.root.push_back(root);
  table.system.push_back(g.system);
}

Result<void> HeapBuilder::read_goroutine(const Statement& s) {
  auto arrow = std::find(s.words.begin(), s.words.end(), "->");
  GoroutineWords g = TRY(goroutine_words(s, arrow));
  std::uint32_t first_root = std::uint32_t(out_.heap.roots.rows());
  std::size_t first_row = out_.heap.goroutines.rows();
  for (std::uint32_t i = 0; i < g.count; ++i) add_goroutine(g, g.goid + i);
  if (!g.on.empty())
    later_.emplace_back(s.line, [this, on = g.on, first_row, count = g.count]() -> Result<void> {
      for (std::uint32_t i = 0; i < count; ++i) {
        Family target = TRY(targets(on, i, count));
        out_.heap.goroutines.wait_object.mine()[first_row + i] = ObjectId(target.first);
      }
      return {};
    });
  return add_refs(s, {first_root, g.count}, true, arrow);
}

// finalizer FUNCTION OBJECT, cleanup FUNCTION OBJECT, timer FUNCTION
Result<void> HeapBuilder::read_special_root(const Statement& s) {
  const std::string& word = s.words.front();
  bool timer = word == "timer";
  auto arrow = std::find(s.words.begin(), s.words.end(), "->");
  if (arrow - s.words.begin() != (timer ? 2 : 3))
    return fail(Cause::bad_input, "{}: expected a function{}", word, timer ? "" : " and an object");
  RootKind kind = timer ? RootKind::kTimer : word == "cleanup" ? RootKind::kCleanup : RootKind::kFinalizer;
  TypeId type{0};
  if (!timer) {
    auto known = objects_.find(s.words[2]);
    if (known == objects_.end()) return fail(Cause::bad_input, "object {} is not there", s.words[2]);
    type = out_.heap.objects.type[known->second.first];
    for (std::uint32_t i = 0; i < known->second.count; ++i) {
      out_.heap.specials.object.push_back(ObjectId(known->second.first + i));
      out_.heap.specials.kind.push_back(word == "cleanup" ? SpecialKind::kCleanup : SpecialKind::kFinalizer);
      out_.heap.specials.function.push_back(strings_.add(s.words[1]));
    }
  }
  RootId root = add_root(s.words[1], kind, 0, type, {});
  return add_refs(s, {std::uint32_t(root), 1}, true, arrow);
}

Result<void> HeapBuilder::add_refs(const Statement& s, Family source, bool root, Word arrow) {
  Pending pending{.line = s.line, .source = source, .root = root, .refs = {}};
  for (auto at = arrow == s.words.end() ? arrow : arrow + 1; at != s.words.end();) {
    auto end = std::find(at, s.words.end(), ",");
    if (end - at != 1 && end - at != 2)
      return fail(Cause::bad_input, "a pointer is a target, or a place and a target");
    pending.refs.push_back(end - at == 1 ? Ref{"", *at} : Ref{*at, at[1]});
    at = end == s.words.end() ? end : end + 1;
  }
  if (!pending.refs.empty()) pending_.push_back(std::move(pending));
  return {};
}

Result<HeapBuilder::Family> HeapBuilder::targets(const std::string& name, std::uint32_t i,
                                                 std::uint32_t sources) const {
  std::string base = name;
  bool next = base.ends_with("+1");
  std::optional<std::uint32_t> one;
  if (next) base.resize(base.size() - 2);
  if (std::size_t open = base.find('['); open != std::string::npos && base.ends_with(']')) {
    auto index = TRY(to_count(std::string_view(base).substr(open + 1, base.size() - open - 2)));
    one = std::uint32_t(std::min<std::uint64_t>(index, ~0u));
    base.resize(open);
  }
  auto known = objects_.find(base);
  if (known == objects_.end()) return fail(Cause::bad_input, "object {} is not there", base);
  Family family = known->second;
  if (one && *one >= family.count) return fail(Cause::bad_input, "{} has {} objects", base, family.count);
  if (one) return Family{family.first + *one, 1};
  if (next) return i + 1 < family.count ? Family{family.first + i + 1, 1} : Family{family.first, 0};
  if (family.count == 1 || sources == 1) return family;
  auto share = [&](std::uint64_t k) { return std::uint32_t(k * family.count / sources); };
  return Family{family.first + share(i), share(i + 1) - share(i)};
}

Result<void> HeapBuilder::resolve(const Pending& pending) {
  for (std::uint32_t i = 0; i < pending.source.count; ++i)
    for (const Ref& ref : pending.refs) {
      Family family = TRY(targets(ref.target, i, pending.source.count));
      for (std::uint32_t k = 0; k < family.count; ++k) {
        if (pending.root)
          TRY_VOID(point_root(pending.source.first + i, ref, family.first + k));
        else
          TRY_VOID(point(pending.source.first + i, ref, family.first + k, k));
      }
    }
  return {};
}

// A pointer in an object. The index-th target of one place lies an element, or a word, behind the first.
Result<void> HeapBuilder::point(std::uint32_t source, const Ref& ref, std::uint32_t target,
                                std::uint32_t index) {
  TypeId type = out_.heap.objects.type[source];
  bool array = types_.role(type) == Role::kSliceArray || types_.role(type) == Role::kChanBuffer;
  std::uint64_t stride = array ? std::max<std::uint64_t>(8, types_.size(types_.elem(type))) : 8;
  std::uint64_t offset = std::uint64_t(next_word_[source]) * 8;
  if (ref.place.starts_with('@')) {
    offset = TRY(to_count(std::string_view(ref.place).substr(1))) + index * stride;
  } else if (!ref.place.empty()) {
    std::string path = ref.place.starts_with('.') ? ref.place : "." + ref.place;
    auto [at, field] = TRY(types_.field(type, path));
    offset = at + index * stride + (types_.kind(field) == Kind::kInterface ? 8 : 0);
  } else if (array) {
    offset = (offset + stride - 1) / stride * stride;
    if (types_.kind(types_.elem(type)) == Kind::kInterface) offset += 8;
  }
  std::uint64_t bytes = std::uint64_t(out_.heap.objects.words[source]) * 8;
  if (offset % 8 != 0 || offset + 8 > bytes)
    return fail(Cause::bad_input, "byte {} of an object of {}: no pointer to {} can be there", offset, bytes,
                ref.target);
  auto at = std::uint32_t(offset / 8);
  next_word_[source] = std::max(next_word_[source], at + 1);
  pointers_.push_back({source, at, target});
  return {};
}

Result<void> HeapBuilder::point_root(std::uint32_t root, const Ref& ref, std::uint32_t target) {
  std::uint32_t goroutine = out_.heap.roots.goroutine[root];
  FrameId frame = kNoFrame;
  std::string name = ref.place;
  if (goroutine != kNoRow) {
    std::uint32_t index = 0, frames = out_.heap.goroutines.frames[goroutine];
    if (std::size_t colon = name.find(':'); colon != std::string::npos) {
      index = std::uint32_t(TRY(to_count(std::string_view(name).substr(0, colon))));
      name = name.substr(colon + 1);
      if (index >= frames) return fail(Cause::bad_input, "{}: there are {} frames", ref.place, frames);
    }
    if (frames > 0) frame = FrameId(out_.heap.goroutines.first_frame[goroutine] + index);
    out_.heap.objects.flags.mine()[target] |= kOnStack;
  }
  root_pointers_.push_back({root, target, strings_.add(name), frame});
  return {};
}

void HeapBuilder::store_pointers() {
  Heap& heap = out_.heap;
  std::stable_sort(pointers_.begin(), pointers_.end());
  std::uint32_t next = 0;
  for (std::uint32_t source = 0; source < heap.objects.rows(); ++source) {
    heap.edges.first.push_back(std::uint32_t(heap.edges.target.size()));
    if (next < pointers_.size() && pointers_[next].source == source)
      heap.objects.flags.mine()[source] |= kScannable;
    for (; next < pointers_.size() && pointers_[next].source == source; ++next) {
      heap.edges.target.push_back(ObjectId(pointers_[next].target));
      heap.edges.at.push_back(pointers_[next].at);
    }
  }
  heap.edges.first.push_back(std::uint32_t(heap.edges.target.size()));
  std::ranges::stable_sort(root_pointers_, {}, &RootPointer::root);
  for (const RootPointer& pointer : root_pointers_) {
    heap.root_edges.root.push_back(RootId(pointer.root));
    heap.root_edges.target.push_back(ObjectId(pointer.target));
    heap.root_edges.ref.push_back(pointer.ref);
    heap.root_edges.frame.push_back(pointer.frame);
  }
}

}  // namespace memsnap
