// Where imports lead: the main module (or those of go.work), the versions that minimal version selection
// takes, vendor folders, the module cache and GOROOT. Nothing is downloaded; a module that is not there is
// named once and the rest goes on.
#pragma once

#include "base/result.h"
#include "gomod/constraint.h"
#include "gomod/mod_file.h"
#include "gomod/version.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// What the go command takes from its environment and from `go env -w`. An empty GOROOT means: of the go on
// PATH.
struct GoEnvironment {
  std::string goroot, gomodcache, gowork;  // gowork: "", "off" or a file
  std::string goos, goarch;
  std::string path;  // PATH
  std::string mod;   // of -mod in GOFLAGS: "", "mod", "readonly" or "vendor"
  std::string goexperiment;
  std::string toolchain;          // GOTOOLCHAIN: "local" takes the go on PATH whatever go.mod says
  std::vector<std::string> tags;  // of -tags
  bool cgo = true;
};
// `variable` is getenv, or a table of a test.
GoEnvironment read_go_environment(
    const std::function<std::optional<std::string>(const std::string&)>& variable);

struct Module {
  std::string path, version, folder;
  GoVersion go;       // of its go line; the language is 1.16 when it has none, as in go
  bool main = false;  // of the module or workspace itself
  bool std = false;   // GOROOT
  bool missing = false;
  bool fixed = false;  // in GOROOT or the module cache: the files of that version never change
};

// The file of that name in the folder, an absolute one, or in the nearest above it; "" when there is none.
std::string find_above(std::string folder, const char* name);

// The path of the module that a line of Modules::why_missing says is not in the module cache; the import path
// that no module has. Both are parts of the line, "" when it says something else.
std::string_view module_not_in_cache(std::string_view line);
std::string_view package_of_no_module(std::string_view line);

class Modules {
 public:
  // Looks for go.work or go.mod in `folder` and above. Without one, only GOROOT is known and the folder is a
  // module without a name.
  static Result<Modules> find(const std::string& folder, const GoEnvironment& environment);
  // No module, only GOROOT, and not even that when the environment names none. Reads nothing.
  static Modules none(const GoEnvironment& environment);
  Modules(Modules&&) noexcept;
  Modules& operator=(Modules&&) noexcept;
  ~Modules();

  struct Place {
    std::string folder;
    std::uint32_t module = 0;  // index into all()
  };
  // The folder of an import path; nullopt when no module has it. `from_std`: written in a file of GOROOT,
  // whose golang.org/x/... is vendored there. Keeps what it finds, so that asking again costs nothing.
  std::optional<Place> find_package(std::string_view import_path, bool from_std);
  // Why find_package has not found it: which module is not there, or that none has it.
  std::string why_missing(std::string_view import_path);
  // Folders with packages that a pattern names: ./..., ./dir, dir/..., an import path with or without /...;
  // `std`.
  struct Found {
    std::string import_path;
    Place place;
    std::vector<std::string> files;  // names of its .go files that the build context takes by their names
  };
  Result<std::vector<Found>> match(std::string_view pattern);
  Found package_in(const std::string& folder);  // of a folder inside a main module or GOROOT

  // Names of the .go files of a folder that the build context takes by their names. One readdir.
  std::vector<std::string> files_in(const std::string& folder);

  const std::vector<Module>& all() const;
  const BuildContext& context() const;
  const std::string& goroot() const;
  GoVersion release() const;                         // of GOROOT
  std::string toolchain_note() const;                // "go1.27.0 of the module cache, as go.mod asks"
  const std::vector<std::string>& problems() const;  // one line each

 private:
  struct State;
  explicit Modules(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace memsnap
