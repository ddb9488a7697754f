#include "tables/heap_text_builder.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace memsnap {

HeapBuilder::Row HeapBuilder::row_reader(const std::string& word) {
  static constexpr std::array<std::pair<std::string_view, Row>, 15> kRows = {
      {{"map", &HeapBuilder::row_map},
       {"keys", &HeapBuilder::row_keys},
       {"array", &HeapBuilder::row_array},
       {"duplicate", &HeapBuilder::row_duplicate},
       {"channel", &HeapBuilder::row_channel},
       {"pool", &HeapBuilder::row_pool},
       {"special", &HeapBuilder::row_special},
       {"bucket", &HeapBuilder::row_bucket},
       {"sample", &HeapBuilder::row_sample},
       {"class", &HeapBuilder::row_class},
       {"memory", &HeapBuilder::row_memory},
       {"counter", &HeapBuilder::row_counter},
       {"fact", &HeapBuilder::row_fact},
       {"captures", &HeapBuilder::row_captures},
       {"series", &HeapBuilder::row_series}}};
  auto row = std::ranges::find(kRows, word, &std::pair<std::string_view, Row>::first);
  return row == kRows.end() ? nullptr : row->second;
}

Result<HeapBuilder::Owner> HeapBuilder::owner(const std::string& name) const {
  if (auto root = roots_.find(name); root != roots_.end()) return Owner{.root = RootId(root->second.first)};
  return Owner{.object = TRY(object(name))};
}

Result<ObjectId> HeapBuilder::object(const std::string& name) const {
  Family family = TRY(targets(name, 0, 1));
  if (family.count != 1)
    return fail(Cause::bad_input, "{} are {} objects; say {}[0]", name, family.count, name);
  return ObjectId(family.first);
}

// map m len= cap= parts= old= bytes= layout= growing writing tombstones; a family is a row for each
Result<void> HeapBuilder::row_map(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name + 1, end));
  Heap& heap = out_.heap;
  MapTable& maps = heap.maps;
  std::vector<Owner> owners;
  if (auto family = objects_.find(*name); family != objects_.end())
    for (std::uint32_t i = 0; i < family->second.count; ++i)
      owners.push_back({.object = ObjectId(family->second.first + i)});
  else
    owners.push_back(TRY(owner(*name)));
  std::string type_name = a.text("type"), layout = a.text("layout");
  TypeId type{0};
  if (!type_name.empty())
    type = TRY(types_.type(type_name));
  else if (owners[0].object != kNoObject)
    type = heap.objects.type[std::size_t(owners[0].object)];
  else
    type = heap.roots.type[std::size_t(owners[0].root)];
  type = TRY(types_.type(types_.name(type)));  // the map, not a part of it
  std::uint64_t len = TRY(a.number("len"));
  std::uint64_t capacity = TRY(a.number("cap", len));
  std::uint64_t parts = TRY(a.number("parts", 1)), old = TRY(a.number("old")),
                bytes = TRY(a.number("bytes", 48));
  int flags = (a.flag("growing") ? kMapGrowing : 0) | (a.flag("writing") ? kMapWriting : 0) |
              (a.flag("tombstones") ? kMapTombstones : 0);
  TRY_VOID(a.all_used());
  for (Owner who : owners) {
    maps.object.push_back(who.object);
    maps.root.push_back(who.root);
    bool own = who.object != kNoObject;
    maps.header.push_back(own ? heap.objects.addr[std::size_t(who.object)] : Addr(next_static_ += 64));
    maps.type.push_back(type);
    maps.layout.push_back(layout == "syncmap"   ? MapLayout::kSyncMap
                          : layout == "buckets" ? MapLayout::kBuckets
                                                : MapLayout::kSwiss);
    maps.len.push_back(len);
    maps.capacity.push_back(capacity);
    maps.parts.push_back(std::uint32_t(parts));
    maps.old_parts.push_back(std::uint32_t(old));
    maps.bytes.push_back(bytes);
    maps.flags.push_back(std::uint8_t(flags));
  }
  return {};
}

Result<void> HeapBuilder::row_keys(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name + 1, end));
  Owner map = TRY(owner(*name));
  KeyTable& keys = out_.heap.keys;
  const MapTable& maps = out_.heap.maps;
  std::uint32_t row = 0;
  while (row < maps.rows() && (maps.object[row] != map.object || maps.root[row] != map.root)) ++row;
  if (row == maps.rows())
    return fail(Cause::bad_input, "keys {}: a row `map {}` must come before", *name, *name);
  std::uint64_t all = TRY(a.number("keys", maps.len[row]));
  keys.map.push_back(row);
  keys.keys.push_back(all);
  keys.distinct_case.push_back(TRY(a.number("case", all)));
  keys.distinct_trim.push_back(TRY(a.number("trim", all)));
  keys.distinct_url.push_back(TRY(a.number("url", all)));
  keys.distinct_query.push_back(TRY(a.number("query", all)));
  keys.distinct_slash.push_back(TRY(a.number("slash", all)));
  keys.distinct_all.push_back(TRY(a.number("all", all)));
  keys.shortest.push_back(std::uint32_t(TRY(a.number("shortest"))));
  keys.longest.push_back(std::uint32_t(TRY(a.number("longest"))));
  keys.total_length.push_back(TRY(a.number("total")));
  keys.mask.push_back(strings_.add(a.text("mask")));
  keys.mask_keys.push_back(TRY(a.number("mask_keys")));
  return a.all_used();
}

namespace {

// 0..512
Result<std::pair<std::uint64_t, std::uint64_t>> to_range(std::string_view word) {
  std::size_t dots = word.find("..");
  if (dots == std::string_view::npos) return fail(Cause::bad_input, "{}: not a range such as 0..512", word);
  return std::pair(TRY(to_count(word.substr(0, dots))), TRY(to_count(word.substr(dots + 2))));
}

}  // namespace

Result<void> HeapBuilder::row_array(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name + 1, end));
  auto known = objects_.find(*name);
  if (known == objects_.end()) return fail(Cause::bad_input, "object {} is not there", *name);
  Family family = known->second;
  ArrayTable& arrays = out_.heap.arrays;
  auto shown = TRY(to_range(a.text("shown")));
  TypeId array = out_.heap.objects.type[family.first];
  TypeId elem = types_.elem(array);
  bool string = a.flag("string") || types_.role(array) == Role::kStringBytes;
  if (elem == TypeId{0}) elem = TRY(types_.type("uint8"));
  std::uint64_t size = std::max<std::uint64_t>(1, types_.size(elem));
  std::uint64_t views = TRY(a.number("views", 1)), reach = TRY(a.number("reach", shown.second));
  std::uint64_t filled = TRY(a.number("filled")), hidden = TRY(a.number("hidden"));
  std::string holder = a.text("holder");
  int flags = (string ? kArrayOfString : 0) | (a.flag("other") ? kArrayOtherPointers : 0);
  TRY_VOID(a.all_used());
  for (std::uint32_t i = 0; i < family.count; ++i) {
    arrays.object.push_back(ObjectId(family.first + i));
    arrays.elem.push_back(elem);
    arrays.elem_size.push_back(std::uint32_t(size));
    arrays.views.push_back(std::uint32_t(views));
    arrays.shown_from.push_back(shown.first);
    arrays.shown_to.push_back(shown.second);
    arrays.reach_to.push_back(reach);
    arrays.hidden_pointers.push_back(std::uint32_t(hidden));
    arrays.filled_to.push_back(filled);
    arrays.flags.push_back(std::uint8_t(flags));
    Owner who;
    std::uint64_t offset = 0;
    std::size_t dot = holder.rfind('.');
    if (roots_.contains(holder)) {  // pkg.var has a dot of its own
      who.root = RootId(roots_.at(holder).first);
    } else if (!holder.empty()) {
      std::string base = holder.substr(0, dot);
      Family held = TRY(targets(base, i, family.count));
      if (held.count == 0) return fail(Cause::bad_input, "holder {}: no object for {}[{}]", holder, *name, i);
      who.object = ObjectId(held.first);
      if (dot != std::string::npos)
        offset = TRY(types_.field(out_.heap.objects.type[held.first], holder.substr(dot))).first;
    }
    arrays.holder.push_back(who.object);
    arrays.holder_root.push_back(who.root);
    arrays.holder_word.push_back(std::uint32_t(offset / 8));
  }
  return {};
}

Result<void> HeapBuilder::row_duplicate(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name + 1, end));
  auto known = objects_.find(*name);
  if (known == objects_.end()) return fail(Cause::bad_input, "object {} is not there", *name);
  DuplicateTable& table = out_.heap.duplicates;
  std::uint64_t bytes = std::uint64_t(out_.heap.objects.words[known->second.first]) * 8;
  std::uint64_t count = TRY(a.number("count", known->second.count));
  table.count.push_back(std::uint32_t(count));
  table.length.push_back(std::uint32_t(TRY(a.number("length", bytes))));
  table.waste.push_back(TRY(a.number("waste", bytes * (count - std::min<std::uint64_t>(count, 1)))));
  table.sample.push_back(ObjectId(known->second.first));
  table.mask.push_back(strings_.add(a.text("mask")));
  return a.all_used();
}

Result<void> HeapBuilder::row_channel(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name + 1, end));
  auto known = objects_.find(*name);
  if (known == objects_.end()) return fail(Cause::bad_input, "object {} is not there", *name);
  ChannelTable& table = out_.heap.channels;
  std::uint64_t len = TRY(a.number("len")), cap = TRY(a.number("cap"));
  std::uint64_t receivers = TRY(a.number("receivers")), senders = TRY(a.number("senders"));
  bool closed = a.flag("closed");
  for (std::uint32_t i = 0; i < known->second.count; ++i) {
    ObjectId object{known->second.first + i};
    table.object.push_back(object);
    table.elem.push_back(types_.elem(out_.heap.objects.type[std::size_t(object)]));
    table.len.push_back(len);
    table.cap.push_back(cap);
    table.receivers.push_back(std::uint32_t(receivers));
    table.senders.push_back(std::uint32_t(senders));
    table.closed.push_back(closed);
  }
  return a.all_used();
}

Result<void> HeapBuilder::row_pool(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name + 1, end));
  Owner who = TRY(owner(*name));
  PoolTable& pools = out_.heap.pools;
  pools.object.push_back(who.object);
  pools.root.push_back(who.root);
  pools.items.push_back(TRY(a.number("items")));
  pools.bytes.push_back(TRY(a.number("bytes")));
  pools.largest.push_back(TRY(a.number("largest")));
  pools.median.push_back(TRY(a.number("median")));
  std::string type = a.text("type");
  pools.item_type.push_back(type.empty() ? TypeId{0} : TRY(types_.type(type)));
  return a.all_used();
}

// special weak OBJECT
Result<void> HeapBuilder::row_special(Word name, Word end) {
  if (end - name != 2 || *name != "weak")
    return fail(Cause::bad_input, "special: expected `special weak object`");
  out_.heap.specials.object.push_back(TRY(object(name[1])));
  out_.heap.specials.kind.push_back(SpecialKind::kWeak);
  out_.heap.specials.function.push_back(StringId{0});
  return {};
}

Result<void> HeapBuilder::row_bucket(Word name, Word end) {
  auto frames = std::find(name, end, "at");
  if (frames == end) return fail(Cause::bad_input, "bucket {}: `at` and its frames are missing", *name);
  Attributes a = TRY(Attributes::of(name + 1, frames));
  BucketTable& buckets = out_.heap.buckets;
  std::uint32_t first = 0, count = 0;
  Word rest = TRY(read_frames(frames + 1, end, first, count));
  if (rest != end) return fail(Cause::bad_input, "{}: not expected behind the frames", *rest);
  if (!buckets_.emplace(*name, std::uint32_t(buckets.rows())).second)
    return fail(Cause::bad_input, "bucket {}: given twice", *name);
  bool block = a.flag("block"), mutex = a.flag("mutex");
  buckets.kind.push_back(block ? BucketKind::kBlock : mutex ? BucketKind::kMutex : BucketKind::kHeap);
  buckets.first_frame.push_back(first);
  buckets.frames.push_back(count);
  buckets.size.push_back(TRY(a.number("size")));
  buckets.allocs.push_back(TRY(a.number("allocs")));
  buckets.frees.push_back(TRY(a.number("frees")));
  buckets.live.push_back(TRY(a.number("live")));
  buckets.cycles.push_back(double(TRY(a.number("cycles"))));
  return a.all_used();
}

Result<void> HeapBuilder::row_sample(Word name, Word end) {
  if (end - name < 2) return fail(Cause::bad_input, "sample: expected objects and a bucket");
  Attributes a = TRY(Attributes::of(name + 2, end));
  Family family = TRY(targets(*name, 0, 1));
  auto bucket = buckets_.find(name[1]);
  if (bucket == buckets_.end()) return fail(Cause::bad_input, "bucket {} must come before", name[1]);
  std::uint64_t every = std::max<std::uint64_t>(1, TRY(a.number("every", 1)));
  for (std::uint64_t i = 0; i < family.count; i += every)
    samples_.emplace_back(family.first + std::uint32_t(i), bucket->second);
  return a.all_used();
}

void HeapBuilder::sort_samples() {
  std::ranges::sort(samples_);
  for (auto [sampled, bucket] : samples_) {
    out_.heap.samples.object.push_back(ObjectId(sampled));
    out_.heap.samples.bucket.push_back(bucket);
  }
}

Result<void> HeapBuilder::row_class(Word name, Word end) {
  Attributes a = TRY(Attributes::of(name, end));
  ClassTable& classes = out_.heap.classes;
  classes.elem_size.push_back(std::uint32_t(TRY(a.number("size"))));
  classes.scannable.push_back(!a.flag("noscan"));
  classes.spans.push_back(TRY(a.number("spans")));
  classes.slots.push_back(TRY(a.number("slots")));
  classes.used.push_back(TRY(a.number("used")));
  classes.span_bytes.push_back(TRY(a.number("span_bytes")));
  classes.used_bytes.push_back(TRY(a.number("used_bytes")));
  classes.sparse_spans.push_back(TRY(a.number("sparse")));
  classes.sparse_bytes.push_back(TRY(a.number("sparse_bytes")));
  return a.all_used();
}

Result<void> HeapBuilder::row_memory(Word name, Word end) {
  if (end - name < 2) return fail(Cause::bad_input, "memory: expected a cause and an owner");
  Attributes a = TRY(Attributes::of(name + 2, end));
  out_.heap.memory.cause.push_back(strings_.add(name[0]));
  out_.heap.memory.owner.push_back(strings_.add(name[1]));
  std::uint64_t resident = TRY(a.number("resident"));
  out_.heap.memory.resident.push_back(resident);
  out_.heap.memory.mapped.push_back(TRY(a.number("mapped", resident)));
  return a.all_used();
}

Result<void> HeapBuilder::row_counter(Word name, Word end) {
  if (end - name != 2) return fail(Cause::bad_input, "counter: expected a name and a number");
  double value = TRY(to_number(name[1]));
  out_.heap.counters.name.push_back(strings_.add(name[0]));
  // Go writes "no memory limit" as the largest number there is, which a double rounds up.
  constexpr double kPastEnd = 0x1p63;
  out_.heap.counters.value.push_back(value >= kPastEnd    ? INT64_MAX
                                     : value <= -kPastEnd ? INT64_MIN
                                                          : std::int64_t(value));
  return {};
}

Result<void> HeapBuilder::row_fact(Word name, Word end) {
  if (end - name != 2) return fail(Cause::bad_input, "fact: expected a name and a word");
  out_.heap.facts.name.push_back(strings_.add(name[0]));
  out_.heap.facts.value.push_back(strings_.add(name[1]));
  return {};
}

Result<void> HeapBuilder::row_captures(Word name, Word end) {
  if (!out_.series.seconds.empty()) return fail(Cause::bad_input, "captures: given twice");
  for (; name != end; ++name) out_.series.seconds.push_back(TRY(to_number(*name)));
  if (!std::ranges::is_sorted(out_.series.seconds))
    return fail(Cause::bad_input, "captures: time runs backwards");
  return {};
}

// series map OBJECT values, series holder OBJECT "key" values, series goroutines "key" values ...
Result<void> HeapBuilder::row_series(Word name, Word end) {
  struct Form {
    std::string_view word;
    SeriesKind kind;
    bool node, key, address;
  };
  static constexpr std::array<Form, 8> kForms = {{{"holder", SeriesKind::kHolder, true, true, false},
                                                  {"map", SeriesKind::kMap, true, false, true},
                                                  {"array", SeriesKind::kArray, true, true, false},
                                                  {"channel", SeriesKind::kChannel, true, false, true},
                                                  {"goroutines", SeriesKind::kGoroutines, false, true, false},
                                                  {"heap", SeriesKind::kHeap, false, false, false},
                                                  {"resident", SeriesKind::kResident, false, false, false},
                                                  {"counter", SeriesKind::kCounter, false, true, false}}};
  auto form = std::ranges::find(kForms, *name, &Form::word);
  if (form == kForms.end()) return fail(Cause::bad_input, "series {}: not known", *name);
  std::size_t head = 1u + form->node + form->key;
  if (std::size_t(end - name) != head + out_.series.captures())
    return fail(Cause::bad_input, "series {}: {} values for {} captures", *name,
                end - name - std::ptrdiff_t(head), out_.series.captures());
  SeriesRow row{.kind = form->kind, .key = {}, .values = {}};
  Word at = name + 1;
  if (form->node) {
    Owner who = TRY(owner(*at++));
    std::size_t objects = out_.heap.objects.rows();
    row.node = who.object != kNoObject ? NodeId(std::uint32_t(who.object))
                                       : NodeId(std::uint32_t(objects) + std::uint32_t(who.root));
    if (form->address) {
      const MapTable& maps = out_.heap.maps;
      for (std::size_t map = 0; map < maps.rows(); ++map)
        if (maps.object[map] == who.object && maps.root[map] == who.root)
          row.address = std::uint64_t(maps.header[map]);
      if (row.address == 0 && who.object != kNoObject)
        row.address = std::uint64_t(out_.heap.objects.addr[std::size_t(who.object)]);
    }
  }
  if (form->key) row.key = *at++;
  for (; at != end; ++at) row.values.push_back(TRY(to_number(*at)));
  out_.series.rows.push_back(std::move(row));
  return {};
}

}  // namespace memsnap
