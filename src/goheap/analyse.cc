#include "goheap/analyse.h"

#include "goheap/containers.h"
#include "goheap/edges.h"
#include "goheap/goroutine_table.h"
#include "goheap/labels.h"
#include "goheap/leak_proof.h"
#include "goheap/profile.h"
#include "goheap/roots.h"
#include "goheap/size_classes.h"
#include "goheap/stacks.h"
#include "goheap/type_table.h"
#include "goheap/typing.h"
#include "goheap/wait_targets.h"
#include "tables/dominate.h"

namespace memsnap {

// May fill a RawHeap.
class Capture {
 public:
  Capture(AnalyseInputs in, Knowledge& knowledge, const CaptureOptions& options, StringPool& strings,
          const Progress& progress)
      : in_(std::move(in)),
        knowledge_(knowledge),
        options_(options),
        strings_(strings),
        progress_(progress) {}
  ~Capture() { knowledge_.model.detach(); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  Result<Heap> run() {
    TRY_VOID(build_heap());
    read_roots();
    TRY_VOID(connect());
    type_objects();
    write_objects();
    write_tables();
    step("containers");
    mark(out_);
    explain_memory(heap_, in_.resident, in_.threads, out_, strings_);
    read_containers();
    write_types(knowledge_.model, knowledge_.names, &knowledge_.map_code, in_.bias, strings_, out_.types,
                out_.fields);
    for (const auto& [name, path] : package_paths(knowledge_.model, knowledge_.names)) {
      out_.facts.name.push_back(strings_.add("package." + name));
      out_.facts.value.push_back(strings_.add(path));
    }
    count();
    forget_target();
    step("dominators");
    dominate(out_, labels_.barriers);
    write_pool_bytes(pool_items_, out_);
    return std::move(out_);
  }

 private:
  void step(std::string_view phase) {
    if (progress_) progress_(phase, 0, 0);
  }
  void counter(std::string_view name, std::uint64_t value) {
    out_.counters.name.push_back(strings_.add(name));
    out_.counters.value.push_back(std::int64_t(value));
  }

  Result<void> build_heap() {
    step("objects");
    Freeze& frozen = in_.frozen;
    TRY_VOID(frozen.spans->build(heap_));
    heap_.modules_ = std::move(frozen.modules);
    heap_.memory_ = std::move(frozen.memory);
    heap_.cache_ = std::make_unique<WindowCache>(*heap_.memory_);
    std::uint64_t text = heap_.modules_.front().text - in_.bias;
    heap_.pclntab_ = std::make_unique<Pclntab>(TRY(Pclntab::open(in_.program.pclntab_bytes, text)));
    spans_ = frozen.spans->counts();
    frozen.spans.reset();
    if (spans_.mismatches)
      return fail(Cause::refused,
                  "self-check failed: in {} of {} spans the allocated slots are not as many as the "
                  "runtime counts",
                  spans_.mismatches, spans_.spans);
    return {};
  }

  void read_roots() {
    step("stacks");
    stacks_ = scan_stacks(heap_, in_.frozen.goroutines, strings_, out_.frames);
    statics_ = static_roots(heap_);
    specials_ = special_roots(heap_, in_.frozen.roots);
    waits_ = find_wait_targets(heap_, in_.bias, in_.frozen.goroutines);
  }

  // The timers of each p are a label of their own, so p does not lead to them.
  std::vector<HiddenWord> hidden_words() const {
    std::vector<HiddenWord> hidden;
    std::uint64_t timers = in_.program.layout.at("runtime.p", "timers.heap");
    for (std::uint64_t p : in_.frozen.roots.processors)
      if (Place place = heap_.find(p); place.id != kNoObject)
        hidden.push_back({place.id, std::uint32_t((p - place.start + timers) / 8)});
    std::ranges::sort(hidden, {}, [](const HiddenWord& word) { return std::pair(word.object, word.word); });
    return hidden;
  }

  Result<void> connect() {
    step("pointers");
    EdgeCounts counts = TRY(build_edges(heap_, hidden_words(), options_.threads, out_.edges));
    if (counts.bad_headers)
      return fail(Cause::refused,
                  "self-check failed: {} objects have a type header that makes no sense, the first "
                  "at {:#x}",
                  counts.bad_headers, counts.first_bad_header);
    if (counts.free_slots)
      return fail(Cause::refused,
                  "self-check failed: {} pointers lead to free slots of the heap, the first from the "
                  "object at {:#x}",
                  counts.free_slots, counts.first_free_holder);
    if (stacks_.bad_unwinds)
      return fail(Cause::refused,
                  "self-check failed: the stacks of {} goroutines cannot be unwound, the first is {}",
                  stacks_.bad_unwinds, stacks_.first_bad);
    if (waits_.insane)
      return fail(Cause::refused, "self-check failed: {} goroutines wait for channels that are none",
                  waits_.insane);
    return {};
  }

  void type_objects() {
    step("types");
    for (const ModuleData& module : heap_.modules()) modules_.push_back({module.types, module.etypes});
    descriptors_ = std::make_unique<RtypeReader>(heap_.cache(), modules_);
    knowledge_.model.attach(*descriptors_, &heap_.pclntab(), in_.bias);
    types_ = type_heap(heap_, knowledge_.programs, {stacks_.roots, statics_, specials_});
    owners_ = static_owners(knowledge_.model, types_, statics_, strings_);
  }

  void write_objects() {
    std::size_t count = heap_.objects();
    ObjectTable& objects = out_.objects;
    objects.addr.resize(count), objects.words.resize(count), objects.flags.resize(count);
    auto addr = objects.addr.mine();
    auto words = objects.words.mine();
    auto flags = objects.flags.mine();
    for (std::uint32_t row = 0; row < heap_.spans().size(); ++row) {
      const Span& span = heap_.spans()[row];
      heap_.each_object(row, [&](const Place& object) {
        std::size_t id = std::size_t(object.id);
        addr[id] = Addr(object.start);
        words[id] = std::uint32_t(object.size / 8);
        flags[id] = span.noscan ? 0 : kScannable;
      });
    }
    for (std::size_t id = 0; id < types_.typing.guessed.size(); ++id)
      if (types_.typing.guessed[id]) flags[id] |= kGuessedType;
    types_.typing.guessed = {};
    for (const StackRoot& root : stacks_.roots)
      if (Place place = heap_.find(root.value); place.id != kNoObject)
        flags[std::size_t(place.id)] |= kOnStack;
    objects.type = Column<TypeId>(std::move(types_.typing.object_type));
    write_classes(heap_, out_.classes);
  }

  void write_tables() {
    step("goroutines");
    std::vector<std::uint8_t> leaked = leaked_goroutines({.heap = heap_,
                                                          .edges = out_.edges,
                                                          .goroutines = in_.frozen.goroutines,
                                                          .waits = waits_,
                                                          .statics = statics_,
                                                          .specials = specials_,
                                                          .stacks = stacks_.roots,
                                                          .timer_heaps = in_.frozen.roots.timer_heaps});
    write_goroutines({heap_, in_.frozen.goroutines, stacks_, waits_, leaked, in_.now}, strings_,
                     out_.goroutines);
    if (!knowledge_.map_code_read) {
      knowledge_.map_code = MapCode::read(in_.program.elf, heap_.pclntab());
      knowledge_.map_code_read = true;
    }
    step("labels");
    labels_ = write_labels({.heap = heap_,
                            .frozen = in_.frozen,
                            .stacks = stacks_,
                            .statics = statics_,
                            .owners = owners_,
                            .specials = specials_,
                            .model = knowledge_.model,
                            .names = knowledge_.names,
                            .object_types = out_.objects.type.view()},
                           strings_, out_);
    step("profile");
    if (auto read = read_profile(heap_, in_.frozen.roots.specials, out_, strings_); !read)
      out_.facts.name.push_back(strings_.add("profile.error")),
          out_.facts.value.push_back(strings_.add(read.error().what));
  }

  void read_containers() {
    ContainerInputs in{heap_,
                       knowledge_.programs,
                       types_,
                       stacks_.roots,
                       statics_,
                       labels_.global_root,
                       labels_.goroutine_root};
    std::vector<std::uint16_t> string_lengths;
    write_maps(in, out_);
    if (options_.key_shapes) write_keys(in, options_.key_work, strings_, out_);
    write_arrays(in, string_lengths, out_);
    write_channels(in, out_);
    pool_items_ = write_pools(in, out_);
    heap_.drop_copies();
    if (options_.duplicate_strings)
      write_duplicates(in, string_lengths, options_.string_work, strings_, out_);
  }

  // Half of the memory of a capture: what the tables are made from.
  void forget_target() {
    knowledge_.model.detach();
    descriptors_.reset();
    heap_ = RawHeap();
    in_.frozen = Freeze();
    stacks_ = Stacks();
    statics_ = {};
    owners_ = {};
    specials_ = {};
    types_ = HeapTypes();
  }

  void count() {
    counter("walk.spans", spans_.spans);
    counter("walk.unswept_spans", spans_.unswept);
    counter("walk.objects", heap_.objects());
    counter("walk.bytes", heap_.allocated_bytes());
    counter("walk.edges", out_.edges.target.size());
    counter("walk.frames", stacks_.frames);
    counter("walk.conservative_frames", stacks_.conservative_frames);
    counter("walk.conservative_stacks", stacks_.conservative_stacks);
    counter("walk.typed_objects", types_.typing.typed_objects);
    counter("walk.typed_bytes", types_.typing.typed_bytes);
    std::uint64_t objects = 0, bytes = 0;
    for (std::size_t id = 0; id < out_.objects.rows(); ++id)
      if (out_.objects.flags[id] & kReached)
        ++objects, bytes += out_.objects.bytes(ObjectId(std::uint32_t(id)));
    counter("walk.reached_objects", objects);
    counter("walk.reached_bytes", bytes);
  }

  AnalyseInputs in_;
  Knowledge& knowledge_;
  const CaptureOptions& options_;
  StringPool& strings_;
  const Progress& progress_;
  SpanCounts spans_;
  RawHeap heap_;
  Heap out_;
  Stacks stacks_;
  std::vector<StaticRoot> statics_;
  std::vector<StaticOwner> owners_;
  std::vector<SpecialRoot> specials_;
  Waits waits_;
  std::vector<RtypeReader::Module> modules_;
  std::unique_ptr<RtypeReader> descriptors_;
  HeapTypes types_;
  Labels labels_;
  PoolItems pool_items_;
};

Result<Heap> analyse(AnalyseInputs in, Knowledge& knowledge, const CaptureOptions& options,
                     StringPool& strings, const Progress& progress) {
  return Capture(std::move(in), knowledge, options, strings, progress).run();
}

}  // namespace memsnap
