#include "verbs/escape_log.h"

#include "base/text.h"
#include "golog/json_reader.h"
#include "golog/text_reader.h"
#include "os/files.h"
#include "os/folders.h"
#include "os/run_program.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

using Setting = std::pair<std::string, std::string>;

// The .json files of a folder and of those right below it, which is how the compiler lays them out.
std::vector<std::string> json_files(const std::string& folder) {
  std::vector<std::string> files;
  std::vector<std::string> names = names_in(folder);
  std::ranges::sort(names);
  for (const std::string& name : names) {
    std::string path = folder + "/" + name;
    if (name.ends_with(".json")) files.push_back(path);
    if (!is_folder(path)) continue;
    std::vector<std::string> inner = names_in(path);
    std::ranges::sort(inner);
    for (const std::string& file : inner)
      if (file.ends_with(".json")) files.push_back(path + "/" + file);
  }
  return files;
}

// A folder that the compiler wrote: no Go files, and the first .json file is a log.
bool is_log_folder(const std::string& folder) {
  for (const std::string& name : names_in(folder))
    if (name.ends_with(".go") || name == "go.mod") return false;
  std::vector<std::string> files = json_files(folder);
  if (files.empty()) return false;
  auto file = MappedFile::open(files[0]);
  return file && is_json_log(text_of(file->bytes()).substr(0, 64));
}

Result<void> read_json_files(const std::vector<std::string>& files, EscapeLog& log) {
  JsonLogReader reader(log);
  std::size_t taken = 0;
  for (const std::string& path : files) {
    MappedFile file = TRY(MappedFile::open(path));
    taken += reader.read_file(text_of(file.bytes()));
  }
  reader.finish();
  if (taken == 0)
    return fail(Cause::bad_input,
                "{}: none of {} .json files is a log of the compiler (-gcflags=-json=0,/folder)",
                files.empty() ? "folder" : files[0].substr(0, files[0].rfind('/')), files.size());
  return {};
}

Result<void> read_log_file(const std::string& path, EscapeLog& log) {
  if (path != "-") {
    auto file = MappedFile::open(path);
    if (file && is_json_log(text_of(file->bytes()).substr(0, 64))) return read_json_files({path}, log);
  }
  TextLogReader reader(log);
  auto read = read_pieces(path, [&](std::string_view piece) { reader.feed(piece); });
  if (!read) return read;
  reader.finish();
  if (!log.escapes.empty() || !log.functions.empty() || !log.inlinings.empty() || !log.chains.empty())
    return {};
  return fail(Cause::bad_input, "{}: {} lines, none of which is of go build -gcflags=-m or -m=2",
              path == "-" ? "standard input" : path, log.lines);
}

// go build in the folder that the pattern begins with, when that is not below ours: another module may be
// there.
struct Build {
  std::string folder, pattern;
};
Build build_of(const std::string& word) {
  bool elsewhere = word.starts_with('/') || word.starts_with("..");
  if (!elsewhere) {
    bool needs_dot = is_folder(word) && !word.starts_with('.');
    return {"", needs_dot ? "./" + word : word};
  }
  std::string folder = word, pattern = ".";
  if (constexpr std::string_view kAll = "/..."; folder.ends_with(kAll)) {
    folder.resize(folder.size() - kAll.size());
    pattern = "./...";
  }
  return {folder.empty() ? "/" : folder, pattern};
}

// A second package keeps go build from linking a program that nobody wants.
std::vector<std::string> command_of(const Build& build) {
  std::vector<std::string> words = {"go", "build"};
  if (!build.folder.empty()) words = {"go", "-C", build.folder, "build"};
  words.push_back("-gcflags=" + build.pattern + "=-m=2");
  words.push_back(build.pattern);
  words.push_back("errors");
  return words;
}

Result<void> run_compiler(const std::string& word, EscapeLog& log, Io& io) {
  std::vector<std::string> words = command_of(build_of(word));
  std::string line;
  for (const std::string& one : words) line += " " + shell_word(one);
  io.err.print("memsnap: runs GOTOOLCHAIN=local{}\n",
               io.err_ascii ? escape_ascii(line) : escape_terminal(line));
  io.err.flush();
  const Setting settings[] = {{"GOTOOLCHAIN", "local"}};
  TextLogReader reader(log);
  int status = TRY(run_program(words, settings, [&](std::string_view piece) { reader.feed(piece); }));
  reader.finish();
  if (status == 0) return {};
  for (const std::string& complaint : log.complaints)
    io.err.print("{}\n", io.err_ascii ? escape_ascii(complaint) : escape_terminal(complaint));
  return fail(Cause::bad_input, "go build ended with status {}{}", status,
              log.complaints.empty() ? "" : "; what it said is above");
}

}  // namespace

bool names_packages(const std::string& word) {
  if (word == "..." || word.ends_with("/...")) return true;
  return word != "-" && is_folder(word) && !is_log_folder(word);
}

Result<std::unique_ptr<EscapeLog>> open_escape_log(const std::string& word, Io& io) {
  auto log = std::make_unique<EscapeLog>();
  Result<void> read;
  if (names_packages(word)) {
    read = run_compiler(word, *log, io);
  } else if (word != "-" && is_folder(word)) {
    read = read_json_files(json_files(word), *log);
  } else if (word != "-" && !is_there(word)) {
    read = fail(Cause::bad_input, "{}: no such file or folder; packages are written ./pkg or ./...", word);
  } else {
    read = read_log_file(word, *log);
  }
  if (!read) return std::unexpected(read.error());
  return log;
}

}  // namespace memsnap
