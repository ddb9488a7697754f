// What the go command would see: variables, then `go env -w`, then its defaults.
#include "gomod/modules.h"
#include "os/files.h"

#include <map>
#include <sstream>

namespace memsnap {
namespace {

#if defined(__aarch64__)
constexpr const char* kHostArch = "arm64";
#else
constexpr const char* kHostArch = "amd64";
#endif

using Variable = std::function<std::optional<std::string>(const std::string&)>;

class Settings {
 public:
  explicit Settings(const Variable& variable) : variable_(variable) {
    std::string file = of_process("GOENV");
    if (file == "off") return;
    if (file.empty()) {
      std::string config = of_process("XDG_CONFIG_HOME");
      if (config.empty() && !of_process("HOME").empty()) config = of_process("HOME") + "/.config";
      if (config.empty()) return;
      file = config + "/go/env";
    }
    auto text = read_small_file(file, 1 << 20);
    if (!text) return;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);)
      if (std::size_t equal = line.find('='); equal != std::string::npos && line[0] != '#')
        written_[line.substr(0, equal)] = line.substr(equal + 1);
  }

  std::string of_process(const std::string& name) const { return variable_(name).value_or(""); }
  std::string get(const std::string& name) const {
    std::string value = of_process(name);
    if (!value.empty()) return value;
    auto row = written_.find(name);
    return row == written_.end() ? "" : row->second;
  }

 private:
  const Variable& variable_;
  std::map<std::string, std::string> written_;
};

void read_flags(GoEnvironment& environment, const std::string& flags) {
  std::istringstream words(flags);
  for (std::string word; words >> word;) {
    std::string_view flag = word;
    while (flag.starts_with('-')) flag.remove_prefix(1);
    if (flag.starts_with("mod=")) environment.mod = flag.substr(4);
    if (!flag.starts_with("tags=")) continue;
    for (flag.remove_prefix(5); !flag.empty();) {
      std::string_view tag = flag.substr(0, flag.find(','));
      if (!tag.empty()) environment.tags.emplace_back(tag);
      flag.remove_prefix(std::min(flag.size(), tag.size() + 1));
    }
  }
}

}  // namespace

GoEnvironment read_go_environment(const Variable& variable) {
  Settings settings(variable);
  GoEnvironment environment;
  environment.goroot = settings.get("GOROOT");
  environment.gowork = settings.get("GOWORK");
  environment.path = settings.of_process("PATH");
  environment.goexperiment = settings.get("GOEXPERIMENT");
  environment.toolchain = settings.get("GOTOOLCHAIN");
  std::string gopath = settings.get("GOPATH");
  if (gopath.empty()) gopath = settings.of_process("HOME") + "/go";
  environment.gomodcache = settings.get("GOMODCACHE");
  if (environment.gomodcache.empty())
    environment.gomodcache = gopath.substr(0, gopath.find(':')) + "/pkg/mod";
  auto or_else = [&](const char* name, const char* fallback) {
    std::string value = settings.get(name);
    return value.empty() ? std::string(fallback) : value;
  };
  environment.goos = or_else("GOOS", "linux");
  environment.goarch = or_else("GOARCH", kHostArch);
  std::string cgo = settings.get("CGO_ENABLED");
  bool native = environment.goos == "linux" && environment.goarch == kHostArch;
  environment.cgo = cgo.empty() ? native : cgo == "1";
  read_flags(environment, settings.get("GOFLAGS"));
  return environment;
}

}  // namespace memsnap
