#include "goheap/labels.h"

#include "goheap/goroutine_table.h"
#include "goheap/type_table.h"
#include "gosym/global_lines.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace memsnap {
namespace {

constexpr std::uint8_t kGlobals = 0, kMain = 1, kGoroutines = 2, kRuntime = 3;  // phases
constexpr std::uint64_t kMainGoroutine = 1;

bool of_the_runtime(std::string_view variable) {
  return variable.starts_with("runtime.") || variable.starts_with("internal/runtime/") ||
         variable.starts_with("runtime/");
}

// Pools lend what they keep and the collector empties them, so they hold only what nothing else does: their
// items often point back to the server that uses them, and sync.allPools points into each struct that has a
// pool among its fields.
bool is_pool(const DwarfIndex& dwarf, const DwarfGlobal& global) {
  constexpr int kWrappers = 4;  // *pool.Pool[T] -> pool.Pool[T] -> sync.Pool
  if (global.name == "sync.allPools" || global.name == "sync.oldPools") return true;
  constexpr std::uint8_t kPointer = 22;  // internal/abi.Kind
  DwarfType type = global.type;
  for (int i = 0; i < kWrappers && type < dwarf.types().size(); ++i) {
    const DwarfTypeInfo& info = dwarf.types()[type];
    if (info.name == "sync.Pool") return true;
    const DwarfField* first = info.fields > 0 ? &dwarf.fields()[info.first_field] : nullptr;
    if (info.go_kind == kPointer)
      type = info.elem;
    else if (first && first->offset == 0)
      type = first->type;
    else
      return false;
  }
  return false;
}

struct Label {
  RootKind kind = RootKind::kRuntime;
  std::uint8_t phase = kRuntime;
  StringId name{};
  TypeId type{};
  StringId file{};
  std::uint32_t line = 0;
  std::uint32_t goroutine = kNoRow;
};

struct Pointer {
  std::uint32_t label = 0;
  ObjectId target{};
  StringId ref{};
  FrameId frame = kNoFrame;
  auto key() const { return std::tuple(label, target, ref, frame); }
};

class LabelWriter {
 public:
  LabelWriter(const LabelInputs& in, StringPool& strings) : in_(in), strings_(strings) {}

  Labels write(Heap& out) {
    add_statics();
    add_goroutines();
    add_specials();
    add_runtime();
    write_roots(out);
    write_specials(out);
    Labels labels;
    for (std::uint32_t label : goroutine_label_) labels.goroutine_root.push_back(root_of_[label]);
    labels.global_root.assign(in_.model.dwarf().globals().size(), kNoRoot);
    for (auto [row, label] : global_labels_) labels.global_root[row] = root_of_[label];
    labels.barriers = make_barriers();
    std::span<RootId> roots = out.goroutines.root.mine();
    std::ranges::copy(labels.goroutine_root, roots.begin());
    return labels;
  }

 private:
  std::uint32_t add_label(const Label& label) {
    labels_.push_back(label);
    return std::uint32_t(labels_.size() - 1);
  }

  void point(std::uint32_t label, std::uint64_t value, StringId ref = {}, FrameId frame = kNoFrame) {
    Place place = in_.heap.find(value);
    if (place.id != kNoObject) pointers_.push_back({label, place.id, ref, frame});
  }

  std::uint32_t runtime_label(std::string_view name, RootKind kind = RootKind::kRuntime) {
    auto [place, fresh] = runtime_labels_.try_emplace(std::string(name), 0);
    if (fresh) place->second = add_label({.kind = kind, .phase = kRuntime, .name = strings_.add(name)});
    return place->second;
  }

  std::uint32_t global_label(std::uint32_t row) {
    auto [place, fresh] = global_labels_.try_emplace(row, 0);
    if (!fresh) return place->second;
    const DwarfGlobal& global = in_.model.dwarf().globals()[row];
    bool late = of_the_runtime(global.name) || is_pool(in_.model.dwarf(), global);
    place->second = add_label({.kind = RootKind::kGlobal,
                               .phase = late ? kRuntime : kGlobals,
                               .name = strings_.add(global.name),
                               .type = in_.model.of_dwarf(global.type),
                               .file = strings_.add(declared_[row].file),
                               .line = declared_[row].line});
    return place->second;
  }

  // DWARF says nothing of where package variables are declared; their initialisers do.
  void find_declarations() {
    const DwarfIndex& dwarf = in_.model.dwarf();
    std::vector<PackageVariable> variables;
    variables.reserve(dwarf.globals().size());
    for (const DwarfGlobal& global : dwarf.globals())
      variables.push_back({global.name, global.addr, dwarf.types()[global.type].size});
    const ModuleData& module = in_.heap.modules().front();
    std::uint64_t text = module.text - in_.heap.bias(), gofunc = module.gofunc - in_.heap.bias();
    const ElfFile& elf = in_.heap.program().elf;
    declared_ = declared_at(variables, in_.heap.pclntab(), elf.from(text), text, elf.from(gofunc));
  }

  void add_statics() {
    find_declarations();
    for (std::size_t i = 0; i < in_.statics.size(); ++i) {
      const StaticOwner& owner = in_.owners[i];
      bool owned = owner.global < in_.model.dwarf().globals().size();
      std::uint32_t label = owned ? global_label(owner.global) : runtime_label("static data without a name");
      point(label, in_.statics[i].value, owner.ref);
    }
  }

  void add_goroutines() {
    for (std::uint32_t row = 0; row < in_.frozen.goroutines.size(); ++row) {
      const Goroutine& goroutine = in_.frozen.goroutines[row];
      std::string_view start = function_name(in_.heap, goroutine.start_pc);
      Label label{.kind = RootKind::kGoroutine, .name = strings_.add(start), .goroutine = row};
      label.phase = goroutine.goid == kMainGoroutine ? kMain : is_system(start) ? kRuntime : kGoroutines;
      auto function = goroutine.start_pc
                          ? in_.heap.pclntab().function_at(goroutine.start_pc - in_.heap.bias())
                          : std::nullopt;
      if (function) {
        GoFrame line = in_.heap.pclntab().entry_line(*function);
        label.file = strings_.add(line.file);
        label.line = line.line;
      }
      goroutine_label_.push_back(add_label(label));
      point(goroutine_label_.back(), goroutine.g);
    }
    for (const StackRoot& root : in_.stacks.roots) {
      bool in_register = root.slot == 0 && root.conservative;
      std::uint32_t label =
          in_register ? runtime_label("registers", RootKind::kRegister) : goroutine_label_[root.goroutine];
      point(label, root.value, root.name, root.frame);
    }
  }

  // One label per kind and type of object, or per function when no object is there any more. They come last:
  // what an object with a finalizer points to is held by the object while something else holds that.
  void add_specials() {
    std::map<std::tuple<RootKind, TypeId, std::uint64_t>, std::uint32_t> groups;
    for (const SpecialRoot& root : in_.specials) {
      if (root.kind == RootKind::kRuntime) {
        point(runtime_label("handles of weak pointers"), root.value);
        continue;
      }
      Place object = in_.heap.find(root.object);
      TypeId type = object.id == kNoObject ? TypeId{} : in_.object_types[std::size_t(object.id)];
      std::uint64_t entry = std::size_t(type) != 0 || !root.function ? 0 : in_.heap.word(root.function);
      auto [place, fresh] = groups.try_emplace({root.kind, type, entry}, 0);
      if (fresh) {
        std::string name = std::size_t(type) ? display_name(in_.model, in_.names, type)
                                             : std::string(function_name(in_.heap, entry));
        place->second = add_label({.kind = root.kind, .name = strings_.add(name), .type = type});
      }
      point(place->second, root.value);
    }
  }

  void add_runtime() {
    for (std::uint64_t timers : in_.frozen.roots.timer_heaps)
      point(runtime_label("timers", RootKind::kTimer), timers);
    for (std::uint64_t tiny : in_.frozen.roots.tiny_blocks) point(runtime_label("tiny allocator"), tiny);
    // Always there, as the owner of what may be entered only in the last phase.
    runtime_label("runtime");
  }

  void write_roots(Heap& out) {
    std::vector<std::uint32_t> order(labels_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return labels_[i].phase; });
    root_of_.resize(labels_.size());
    RootTable& roots = out.roots;
    for (std::uint32_t i : order) {
      const Label& label = labels_[i];
      root_of_[i] = RootId(std::uint32_t(roots.rows()));
      roots.kind.push_back(label.kind);
      roots.phase.push_back(label.phase);
      roots.name.push_back(label.name);
      roots.type.push_back(label.type);
      roots.file.push_back(label.file);
      roots.line.push_back(label.line);
      roots.goroutine.push_back(label.goroutine);
      roots.retained.push_back(0);
      roots.objects.push_back(0);
    }
    for (Pointer& pointer : pointers_) pointer.label = std::uint32_t(root_of_[pointer.label]);
    std::ranges::sort(pointers_, {}, &Pointer::key);
    auto same = std::ranges::unique(pointers_, {}, &Pointer::key);
    pointers_.erase(same.begin(), same.end());
    RootEdgeTable& edges = out.root_edges;
    edges.root.reserve(pointers_.size());
    for (const Pointer& pointer : pointers_) {
      edges.root.push_back(RootId(pointer.label));
      edges.target.push_back(pointer.target);
      edges.ref.push_back(pointer.ref);
      edges.frame.push_back(pointer.frame);
    }
  }

  void write_specials(Heap& out) {
    const SpecialKinds kinds = in_.heap.program().layout.special_kinds();
    const Layout& layout = in_.heap.program().layout;
    const bool one_word = layout.has("runtime.specialCleanup", "fn");
    const std::uint64_t finalizer = layout.at("runtime.specialfinalizer", "fn"),
                        cleanup = layout.at("runtime.specialCleanup", one_word ? "fn" : "cleanup.fn");
    for (const SpecialRecord& special : in_.frozen.roots.specials) {
      Place object = in_.heap.find(special.object);
      if (object.id == kNoObject || special.kind == kinds.profile || special.kind == kinds.tiny_block)
        continue;
      SpecialKind kind = special.kind == kinds.finalizer ? SpecialKind::kFinalizer
                         : special.kind == kinds.cleanup ? SpecialKind::kCleanup
                         : special.kind == kinds.weak    ? SpecialKind::kWeak
                                                         : SpecialKind::kOther;
      std::uint64_t function = kind == SpecialKind::kFinalizer ? in_.heap.word(special.at + finalizer)
                               : kind == SpecialKind::kCleanup ? in_.heap.word(special.at + cleanup)
                                                               : 0;
      out.specials.object.push_back(object.id);
      out.specials.kind.push_back(kind);
      out.specials.function.push_back(
          strings_.add(function ? function_name(in_.heap, in_.heap.word(function)) : std::string_view()));
    }
  }

  // g, m and p lead everywhere: they count only from their own goroutine, or in the last phase.
  std::vector<Barrier> make_barriers() {
    std::vector<Barrier> barriers;
    auto guard = [&](std::uint64_t addr, RootId owner) {
      Place place = in_.heap.find(addr);
      if (place.id != kNoObject) barriers.push_back({std::uint32_t(place.id), std::uint32_t(owner)});
    };
    RootId runtime = root_of_[runtime_label("runtime")];
    for (std::uint64_t g : in_.frozen.all_g) guard(g, runtime);
    for (std::uint64_t m : in_.frozen.all_m) guard(m, runtime);
    for (std::uint64_t p : in_.frozen.roots.processors) guard(p, runtime);
    for (std::size_t row = 0; row < in_.frozen.goroutines.size(); ++row)
      guard(in_.frozen.goroutines[row].g, root_of_[goroutine_label_[row]]);
    return one_per_node(std::move(barriers));
  }

  const LabelInputs& in_;
  StringPool& strings_;
  std::vector<DeclaredAt> declared_;  // of each variable of the DWARF index
  std::vector<Label> labels_;
  std::vector<Pointer> pointers_;
  std::vector<std::uint32_t> goroutine_label_;
  std::vector<RootId> root_of_;  // of each label, in the order of the table
  std::map<std::string, std::uint32_t, std::less<>> runtime_labels_;
  std::unordered_map<std::uint32_t, std::uint32_t> global_labels_;
};

}  // namespace

Labels write_labels(const LabelInputs& in, StringPool& strings, Heap& out) {
  return LabelWriter(in, strings).write(out);
}

}  // namespace memsnap
