// memsnap symbolize: what stands at an address of an executable.
#include "base/text.h"
#include "os/console.h"
#include "symbols/symbolizer.h"
#include "verbs/addr2line_words.h"
#include "verbs/address_lines.h"
#include "verbs/all.h"
#include "verbs/source_frames.h"
#include "verbs/target.h"
#include "verbs/thread_places.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "e", .kind = FlagKind::kFile, .value = "FILE", .help = "the executable or library"},
    {.name = "f", .kind = FlagKind::kSwitch, .value = "", .help = "print functions"},
    {.name = "i",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "print all functions that were inlined at the address"},
    {.name = "C", .kind = FlagKind::kSwitch, .value = "", .help = "print names of C++ as in its source"},
    {.name = "a", .kind = FlagKind::kSwitch, .value = "", .help = "print the addresses"},
    {.name = "s", .kind = FlagKind::kSwitch, .value = "", .help = "print files without their folders"},
    {.name = "pretty-print",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "one line per function; -p where -e names an executable"},
    {.name = "source-mode",
     .kind = FlagKind::kChoice,
     .value = "MODE",
     .help = "inline: with each frame its line of source and the variables in scope",
     .standard = "none",
     .choices = "none|inline"},
    {.name = "source",
     .kind = FlagKind::kFolder,
     .value = "FOLDER",
     .help = "where sources are that are neither where they were built nor in the module cache or GOROOT"},
    {.name = "values",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "of a process: the values of the variables too"},
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "write JSON"},
};
constexpr Example kExamples[] = {
    {"symbolize -e shop 0x4a1c20", "file and line, as addr2line prints them"},
    {"symbolize -Cfpie shop <addresses", "a line per address with functions and inlined calls"},
    {"symbolize -e shop --source-mode=inline 0x4a1c20", "the line of source and the variables in scope"},
    {"symbolize -p 4127", "where every thread of a process stands"},
};

std::optional<std::uint64_t> parse_address(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Addresses from the command line, or one per line of standard input.
class Addresses {
 public:
  static Result<Addresses> open(std::vector<std::string> words, Io& io) {
    Addresses addresses;
    for (const std::string& word : words) {
      auto address = parse_address(word);
      if (!address) return fail(Cause::usage, "'{}' is no address; they are hexadecimal, as 0x4a1c20", word);
      addresses.given_.push_back(*address);
    }
    if (words.empty() && !io.in) return fail(Cause::usage, "got no address");
    addresses.io_ = &io;
    return addresses;
  }

  // Those that are there, at most so many: who asks one by one is answered before the next question is waited
  // for. False at the end.
  bool next(std::vector<std::uint64_t>& batch) {
    batch.clear();
    if (!given_.empty()) {
      batch.swap(given_);
      given_.clear();
      read_ = true;
      return true;
    }
    if (read_) return false;
    if (io_->in->drained()) io_->out.flush();
    do {
      auto line = io_->in->line();
      if (!line) break;
      batch.push_back(address_of(*line));
    } while (batch.size() < kMostAtOnce && !io_->in->drained());
    return !batch.empty();
  }

  Result<void> end() const {
    if (odd_ != 0)
      io_->err.print("memsnap symbolize: {} no address, as '{}'\n",
                     odd_ == 1 ? "one line was" : fmt::format("{} lines were", odd_),
                     io_->err_ascii ? escape_ascii(first_odd_) : escape_terminal(first_odd_));
    if (int error = read_ ? 0 : io_->in->error(); error != 0)
      return fail(Cause::bad_input, "standard input cannot be read: error {}", error);
    return {};
  }

 private:
  static constexpr std::size_t kMostAtOnce = 256;

  // Lines that hold no address count as 0, as addr2line takes them.
  std::uint64_t address_of(std::string_view line) {
    auto address = parse_address(line);
    if (!address && ++odd_ == 1) first_odd_ = line;
    return address.value_or(0);
  }

  Io* io_ = nullptr;
  std::vector<std::uint64_t> given_;
  bool read_ = false;  // those that were given
  std::size_t odd_ = 0;
  std::string first_odd_;
};

// Of a process there is no other tool whose output it should be.
AddressStyle style_of(const Flags& flags, bool process) {
  return {.functions = process || flags.on("f"),
          .inlines = process || flags.on("i"),
          .addresses = process || flags.on("a"),
          .pretty = process || flags.on("pretty-print"),
          .base_names = flags.on("s"),
          .demangle = process || flags.on("C"),
          .ascii = flags.on("ascii")};
}

// What is printed of one address after the other.
class Answers {
 public:
  Answers(const Flags& flags, bool process, Io& io)
      : io_(io),
        json_(io.out),
        as_json_(flags.on("json")),
        with_source_(flags.text("source-mode") == "inline"),
        lines_(style_of(flags, process), io.out),
        source_(flags.text("source"), flags.on("ascii"), io.out) {}

  bool with_source() const { return with_source_; }
  bool as_json() const { return as_json_; }
  JsonWriter& json() { return json_; }

  void add(std::uint64_t address, std::span<const CodeFrame> frames, std::span<const ScopeVariable> variables,
           const ThreadPlace* thread) {
    if (as_json_) return write(address, frames, variables, thread);
    std::string head = thread ? fmt::format("{}: ", thread->tid) : std::string();
    if (with_source_)
      source_.print(fmt::format("{}0x{:016x}: ", head, address), frames, variables);
    else
      lines_.print(address, frames, head);
  }

  // The end of the list, and a remark about what is missing from it.
  void end(std::string_view missing) {
    if (as_json_) {
      json_.close_array();
      if (!missing.empty()) json_.member("partial", true);
      json_.close_object();
      json_.end();
    }
    if (!missing.empty())
      io_.err.print("memsnap symbolize: partial: {}\n",
                    io_.err_ascii ? escape_ascii(missing) : escape_terminal(missing));
  }

 private:
  void write(std::uint64_t address, std::span<const CodeFrame> frames,
             std::span<const ScopeVariable> variables, const ThreadPlace* thread) {
    json_.open_object();
    if (thread) json_.member("tid", std::int64_t(thread->tid));
    if (thread) json_.member("name", thread->name);
    json_.member("address", hex(address));
    if (with_source_)
      source_.write(frames, variables, json_);
    else
      lines_.write(frames, json_);
    json_.close_object();
  }

  Io& io_;
  JsonWriter json_;
  bool as_json_, with_source_;
  AddressLines lines_;
  SourceFrames source_;
};

// prepare, frames_at and variables_at of a file or of a process.
template <class Prepare, class FramesAt, class VariablesAt>
void answer_all(Addresses& addresses, Answers& answers, std::string& missing, Prepare&& prepare,
                FramesAt&& frames_at, VariablesAt&& variables_at) {
  std::vector<std::uint64_t> batch;
  std::vector<CodeFrame> frames;
  std::vector<ScopeVariable> variables;
  while (addresses.next(batch)) {
    prepare(batch);
    for (std::uint64_t address : batch) {
      frames_at(address, frames);
      if (answers.with_source()) {
        variables.clear();
        Result<void> read = variables_at(address, frames, variables);
        if (!read && missing.empty()) missing = "no variables: " + read.error().what;
      }
      answers.add(address, frames, variables, nullptr);
    }
  }
}

Result<int> answer_file(const std::string& path, std::vector<std::string> words, const Flags& flags, Io& io) {
  if (flags.on("values")) return fail(Cause::usage, "--values are those of a process: -p PID");
  Addresses addresses = TRY(Addresses::open(std::move(words), io));
  Symbolizer file = TRY(Symbolizer::open(path));
  Answers answers(flags, false, io);
  if (answers.as_json()) {
    answers.json().open_object();
    answers.json().member("schema", "memsnap.symbolize/1");
    answers.json().member("executable", path);
    answers.json().key("addresses").open_array();
  }
  std::string missing;
  answer_all(
      addresses, answers, missing, [&](const auto& batch) { file.prepare(batch); },
      [&](std::uint64_t at, auto& frames) { file.frames_at(at, frames); },
      [&](std::uint64_t at, auto& frames, auto& variables) {
        return file.variables_at(at, frames, nullptr, variables);
      });
  answers.end(missing.empty() ? file.partial() : missing);
  TRY_VOID(addresses.end());
  return 0;
}

void begin_process(pid_t pid, std::string_view rows, Answers& answers) {
  if (!answers.as_json()) return;
  answers.json().open_object();
  answers.json().member("schema", "memsnap.symbolize/1");
  answers.json().member("pid", std::int64_t(pid));
  answers.json().key(rows).open_array();
}

Result<int> answer_threads(pid_t pid, ProcessCode& code, const Flags& flags, Io& io) {
  Answers answers(flags, true, io);
  bool values = flags.on("values");
  if (values && !answers.with_source())
    return fail(Cause::usage, "--values are shown with --source-mode=inline");
  if (answers.with_source()) TRY_VOID(code.prepare_variables());
  ThreadPlaces places = TRY(read_thread_places(pid, code, flags, answers.with_source(), values, io));
  begin_process(pid, "threads", answers);
  for (const ThreadPlace& thread : places.threads)
    answers.add(thread.address, thread.frames, thread.variables, &thread);
  std::string missing = places.no_variables;
  if (missing.empty() && !code.missing().empty()) missing = code.missing().front();
  answers.end(missing);
  io.err.print("memsnap: process {} was paused {}\n", pid,
               human_duration(std::uint64_t(places.pause.count())));
  return 0;
}

Result<int> answer_process(pid_t pid, std::vector<std::string> words, const Flags& flags, Io& io) {
  if (auto limit = flags.duration("timeout"); limit.count() > 0) end_after(limit);
  if (!words.empty() && flags.on("values"))
    return fail(Cause::usage, "--values are those where the threads stand: leave the addresses out");
  ProcessCode code = TRY(ProcessCode::open(pid));
  if (words.empty()) return answer_threads(pid, code, flags, io);
  Addresses addresses = TRY(Addresses::open(std::move(words), io));
  Answers answers(flags, true, io);
  begin_process(pid, "addresses", answers);
  std::string missing;
  answer_all(
      addresses, answers, missing, [](const auto&) {},
      [&](std::uint64_t at, auto& frames) { code.frames_at(at, frames); },
      [&](std::uint64_t at, auto& frames, auto& variables) -> Result<void> {
        ProcessCode::Place place = code.find(at);
        if (!place.file) return {};
        return place.file->variables_at(place.address, frames, nullptr, variables);
      });
  if (missing.empty() && !code.missing().empty()) missing = code.missing().front();
  answers.end(missing);
  return 0;
}

Result<int> run(const Flags& flags, Io& io) {
  std::vector<std::string> words = flags.targets();
  if (flags.given("p")) {
    if (flags.given("e")) return fail(Cause::usage, "got an executable and a process, want one of them");
    return answer_process(pid_t(flags.number("p")), std::move(words), flags, io);
  }
  std::string path = flags.text("e");
  if (path.empty() && !words.empty()) {
    Target target = TRY(target_of(words.front()));
    words.erase(words.begin());
    if (target.pid != 0) return answer_process(target.pid, std::move(words), flags, io);
    path = target.path;
  }
  if (path.empty()) return fail(Cause::usage, "want an executable or a process: -e FILE, -p PID");
  return answer_file(path, std::move(words), flags, io);
}

}  // namespace

constinit const Verb kSymbolize = {
    .name = "symbolize",
    .summary = "functions, inlined calls, files and lines of addresses; Go and C++",
    .operands = "-e FILE|-p PID [ADDRESS...]",
    .targets = Targets::kProcesses,
    .about =
        "Addresses of the file, in hexadecimal, from the command line or one per line of standard input, are "
        "printed as\n"
        "addr2line prints them; its flags are understood as it takes them (-Cfpie FILE, --functions). Go "
        "code "
        "is read from the\n"
        "runtime's own tables, which stripped programs have too, other code from DWARF and the symbol "
        "table.\n"
        "\n"
        "-p PID prints where each thread of a process stands; the process is paused for it, announced and "
        "for "
        "--max-pause at\n"
        "most. With addresses behind it, those of the process are looked up and nothing is paused.\n"
        "\n"
        "--source-mode=inline prints the line of source of each frame and the variables in scope: * when the "
        "line uses it, name,\n"
        "type, where it lies (a register, [cfa-72] in the frame, gone when the compiler kept it no longer), "
        "the code of its scope.",
    .flags = {kFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
    .spell = addr2line_words,
};

}  // namespace memsnap
