#include "gomod/goroot.h"

#include "os/files.h"
#include "os/folders.h"

#include <algorithm>

namespace memsnap {
namespace {

GoVersion release_of(const std::string& root) {
  auto text = read_small_file(root + "/VERSION", 4096);
  if (!text) return {};
  return parse_go_version(std::string_view(*text).substr(0, text->find_first_of(" \n\r")));
}

std::string text_of_version(GoVersion v) {
  static constexpr const char* kStage[] = {"", "beta", "rc", "."};
  std::string text = fmt::format("go{}.{}", v.major, v.minor);
  return v.stage == 0 ? text : fmt::format("{}{}{}", text, kStage[v.stage], v.patch);
}

std::string folder_on_path(const std::string& path) {
  for (std::size_t from = 0; from <= path.size();) {
    std::size_t end = std::min(path.find(':', from), path.size());
    std::string program = real_path(path.substr(from, end - from) + "/go");
    from = end + 1;
    // …/bin/go, by which GOROOT is two up.
    std::size_t bin = program.rfind("/bin/go");
    if (program.empty() || bin == std::string::npos || bin + 7 != program.size()) continue;
    std::string root = program.substr(0, bin);
    if (is_folder(root + "/src/runtime")) return root;
  }
  return "";
}

// The oldest toolchain of the module cache that is at least `wanted`.
GoRoot from_cache(const GoEnvironment& environment, GoVersion wanted, bool exactly) {
  GoRoot best;
  std::string folder = environment.gomodcache + "/golang.org";
  std::string ending = fmt::format(".{}-{}", environment.goos, environment.goarch);
  constexpr std::string_view kFront = "toolchain@v0.0.1-";
  for (const std::string& name : names_in(folder)) {
    std::string_view text = name;
    if (!text.starts_with(kFront) || !text.ends_with(ending)) continue;
    text = text.substr(kFront.size(), text.size() - kFront.size() - ending.size());
    GoVersion version = parse_go_version(text);
    if (exactly && version != wanted) continue;
    if (version < wanted || (best.release.known() && best.release <= version)) continue;
    if (!is_folder(folder + "/" + name + "/src/runtime")) continue;
    best.folder = folder + "/" + name;
    best.release = version;
  }
  if (best.release.known())
    best.note = fmt::format("{} of the module cache, as go.mod asks", text_of_version(best.release));
  return best;
}

}  // namespace

GoRoot find_goroot(const GoEnvironment& environment, GoVersion least, GoVersion wanted) {
  GoRoot local;
  local.folder = environment.goroot.empty() ? folder_on_path(environment.path) : environment.goroot;
  for (const char* usual : {"/usr/local/go", "/usr/lib/go"})
    if (local.folder.empty() && is_folder(std::string(usual) + "/src/runtime")) local.folder = usual;
  if (!local.folder.empty()) local.release = release_of(local.folder);
  if (local.release.known())
    local.note = fmt::format("{} of {}", text_of_version(local.release), local.folder);
  if (local.release < wanted && environment.toolchain != "local") {
    GoRoot asked = from_cache(environment, wanted, true);
    if (!asked.folder.empty()) return asked;
  }
  if (local.release >= least && !local.folder.empty()) return local;
  GoRoot cached = from_cache(environment, least, false);
  if (!cached.folder.empty()) return cached;
  if (local.folder.empty())
    local.problem = "no Go installation is on PATH: types of the standard library are not known";
  else
    local.problem = fmt::format("go.mod asks for {}, and only {} is installed: that is used",
                                text_of_version(least), text_of_version(local.release));
  return local;
}

std::vector<std::string> experiment_tags(const std::string& goroot, const std::string& goexperiment) {
  std::vector<std::string> tags;
  auto tag = [](std::string_view name) {
    std::string text = "goexperiment.";
    for (char c : name) text.push_back(c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c);
    return text;
  };
  // internal/buildcfg/exp.go: baseline := goexperiment.Flags{ Name: true, … }
  std::string source = read_small_file(goroot + "/src/internal/buildcfg/exp.go", 1 << 20).value_or("");
  std::size_t from = source.find("baseline := goexperiment.Flags{");
  std::size_t end = from == std::string::npos ? from : source.find('}', from);
  std::string_view rest;
  if (end != std::string::npos) {
    from = source.find('{', from) + 1;
    rest = std::string_view(source).substr(from, end - from);
  }
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    std::size_t name = line.find_first_not_of(" \t"), colon = line.find(':');
    if (colon == std::string_view::npos || line.starts_with("//")) continue;
    if (line.find("false") == std::string_view::npos) tags.push_back(tag(line.substr(name, colon - name)));
  }
  for (std::string_view words = goexperiment; !words.empty();) {
    std::string_view word = words.substr(0, words.find(','));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (word == "none")
      tags.clear();
    else if (word.starts_with("no"))
      std::erase(tags, tag(word.substr(2)));
    else if (!word.empty())
      tags.push_back(tag(word));
  }
  return tags;
}

}  // namespace memsnap
