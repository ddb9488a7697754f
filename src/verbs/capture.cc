// memsnap capture: one snapshot of a running process in a file.
#include "base/text.h"
#include "os/files.h"
#include "os/process.h"
#include "render/json_writer.h"
#include "render/report.h"
#include "render/table.h"
#include "snap/snapshot.h"
#include "verbs/all.h"
#include "verbs/live.h"
#include "verbs/target.h"

#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "o",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "file to write; NAME-PID.snap when not given"},
    {.name = "force", .kind = FlagKind::kSwitch, .value = "", .help = "replace an existing file"},
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "write JSON about the capture"},
};
constexpr Example kExamples[] = {
    {"capture -p 4127 -o shop.snap", "a snapshot for later, or for another machine"},
};

// The program's name may hold anything; a file's name is what is harmless of it.
std::string file_name(std::string_view path, pid_t pid) {
  if (path.ends_with(" (deleted)")) path.remove_suffix(10);
  std::string name;
  for (char c : path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1)) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                 c == '-' || c == '.';
    if (plain && name.size() < 64) name.push_back(c);
  }
  if (name.empty() || name.front() == '.' || name.front() == '-') name = "go" + name;
  return fmt::format("{}-{}.snap", name, pid);
}

Result<int> run(const Flags& flags, Io& io) {
  Target target = TRY(one_target(flags));
  if (target.pid == 0) return fail(Cause::usage, "got '{}', want the PID of a running process", target.path);
  LiveSession session = TRY(LiveSession::open(target.pid, flags, io));
  std::string path =
      flags.given("o") ? flags.text("o") : file_name(TRY(executable_path(target.pid)), target.pid);
  TRY_VOID(can_write_file(path, flags.on("force")));  // before anything is stopped
  session.announce({});
  Heap heap = TRY(session.capture("capture"));
  TRY_VOID(write_snapshot(heap, path, flags.on("force")));
  std::vector<std::string> missing = missing_of(heap);
  auto pause = std::uint64_t(heap.counter("capture.pause_ns"));
  if (flags.on("json")) {
    JsonWriter json(io.out, 1);
    json.open_object();
    json.member("schema", "memsnap.capture/1");
    json.member("file", path);
    json.member("pid", std::int64_t(target.pid));
    json.member("pause_ns", pause);
    json.member("objects", std::uint64_t(heap.objects.rows()));
    write_missing(missing, json);
    json.close_object();
    json.end();
    return 0;
  }
  io.out.print("{}: {} objects, paused {}\n", io.style.safe(path), human_count(heap.objects.rows()),
               human_duration(pause));
  for (const std::string& what : missing) io.out.print("partial: {}\n", io.style.safe(what));
  return 0;
}

}  // namespace

constinit const Verb kCapture = {
    .name = "capture",
    .summary = "write a snapshot of a running process, with an announced pause",
    .operands = "-p PID [-o FILE]",
    .targets = Targets::kProcesses,
    .about =
        "The snapshot holds the shape of the heap: objects, pointers, types, maps, slices, goroutines, "
        "heap-profile\n"
        "records, resident memory. It holds no strings, no bytes and no environment of the process. The file "
        "is\n"
        "readable by its owner alone, and is written whole or not at all. memsnap needs about 48 MiB of "
        "memory, "
        "what the\n"
        "process holds in objects with pointers once more, and 56 bytes per object.",
    .flags = {kFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
