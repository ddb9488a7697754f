#include "verbs/target.h"

#include "base/text.h"
#include "snap/snapshot.h"
#include "verbs/live.h"

#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

namespace memsnap {
namespace {

// A heap whose columns show those of another one.
Heap look_at(const Heap& from) {
  std::vector<std::pair<const void*, std::size_t>> columns;
  Heap::tables(from, [&](std::string_view, const auto& table) {
    table.columns(table, [&](std::string_view, const auto& column, std::string_view) {
      columns.emplace_back(column.data(), column.size());
    });
  });
  Heap view;
  std::size_t at = 0;
  Heap::tables(view, [&](std::string_view, auto& table) {
    table.columns(table, [&](std::string_view, auto& column, std::string_view) {
      using Value = typename std::remove_reference_t<decltype(column)>::value_type;
      auto [data, rows] = columns[at++];
      column = Column<Value>::borrow({static_cast<const Value*>(data), rows});
    });
  });
  return view;
}

struct SnapshotKeeper : OpenHeap::Keeper {
  // Commands in reports name the file as the user did.
  SnapshotKeeper(OpenSnapshot opened, const std::string& path)
      : snapshot(std::move(opened)), view(look_at(snapshot.heap())) {
    add_fact("snapshot.file", path);
  }
  const Heap& heap() const override { return view; }

  void add_fact(std::string_view name, std::string_view value) {
    for (std::string_view text : {name, value}) {
      for (char c : text) view.strings.text.push_back(c);
      view.strings.end.push_back(view.strings.text.size());
    }
    view.facts.name.push_back(StringId{std::uint32_t(view.strings.rows() - 2)});
    view.facts.value.push_back(StringId{std::uint32_t(view.strings.rows() - 1)});
  }

  OpenSnapshot snapshot;
  Heap view;
};

struct CaptureKeeper : OpenHeap::Keeper {
  explicit CaptureKeeper(Heap taken) : capture(std::move(taken)) {}
  const Heap& heap() const override { return capture; }
  Heap capture;
};

struct OpenedBefore : OpenHeap::Keeper {
  explicit OpenedBefore(const Heap& one) : opened(one) {}
  const Heap& heap() const override { return opened; }
  const Heap& opened;
};

}  // namespace

Result<Target> target_of(const std::string& word) {
  if (word.find_first_not_of("0123456789") != std::string::npos) return Target{.pid = 0, .path = word};
  auto pid = parse_number(word);
  if (!pid || *pid == 0 || *pid > std::uint64_t(std::numeric_limits<pid_t>::max()))
    return fail(Cause::usage, "'{}' is no number of a process", word);
  return Target{.pid = pid_t(*pid), .path = {}};
}

Result<std::vector<Target>> targets_of(const Flags& flags) {
  std::vector<Target> targets;
  if (flags.given("p")) targets.push_back(Target{.pid = pid_t(flags.number("p")), .path = {}});
  for (const std::string& word : flags.targets()) targets.push_back(TRY(target_of(word)));
  return targets;
}

Result<Target> one_target(const Flags& flags) {
  std::vector<Target> targets = TRY(targets_of(flags));
  if (targets.size() != 1)
    return fail(Cause::usage, "got {} targets, want one: a PID or a .snap file", targets.size());
  return targets[0];
}

Result<OpenHeap> open_snapshot_file(const std::string& path) {
  auto opened = open_snapshot(path);
  if (!opened) {
    const Error& error = opened.error();
    if (error.what.find(path) != std::string::npos) return std::unexpected(error);
    return fail(error.cause, "{}: {}", path, error.what);
  }
  return OpenHeap(std::make_unique<SnapshotKeeper>(std::move(*opened), path));
}

Result<OpenHeap> open_heap(const Target& target, const Flags& flags, Io& io) {
  if (io.opened) return OpenHeap(std::make_unique<OpenedBefore>(*io.opened));
  if (target.pid == 0) return open_snapshot_file(target.path);
  LiveSession session = TRY(LiveSession::open(target.pid, flags, io));
  session.announce({});
  return OpenHeap(std::make_unique<CaptureKeeper>(TRY(session.capture("capture"))));
}

Result<OpenHeap> open_one(const Flags& flags, Io& io) {
  Target target = TRY(one_target(flags));
  return open_heap(target, flags, io);
}

}  // namespace memsnap
