// Imports that lead back to where they begin. The go command refuses them; types around them are known as far
// as they do not depend on themselves.
#include "gotypes/program_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace memsnap::types {
namespace {

constexpr std::ptrdiff_t kMostNamed = 8;

// Depth first, with the packages between the first one and where we are on a stack of its own.
class Search {
 public:
  explicit Search(ProgramData& data) : data_(data), state_(data.packages.size()) {
    for (PackageId package : data.asked) by_path_.emplace(data.package(package).about.path, package);
  }

  void from(PackageId first) {
    if (state(first) != State::kNew) return;
    enter(first);
    while (!way_.empty()) {
      Step& step = way_.back();
      if (step.next == step.imports.size()) {
        state(step.package) = State::kDone;
        way_.pop_back();
        continue;
      }
      PackageId imported = step.imports[step.next++];
      if (state(imported) == State::kNew)
        enter(imported);
      else if (state(imported) == State::kOnWay)
        note(imported);
    }
  }

 private:
  enum class State : unsigned char { kNew, kOnWay, kDone };
  struct Step {
    PackageId package;
    std::vector<PackageId> imports;
    std::size_t next = 0;
  };

  State& state(PackageId package) { return state_[std::size_t(package)]; }

  void enter(PackageId package) {
    state(package) = State::kOnWay;
    Step step{.package = package, .imports = {}};
    for (FileId id : data_.package(package).about.files) {
      const FileRow& file = data_.file(id);
      if (file.test) continue;
      for (const Import& import : file.imports)
        if (auto one = by_path_.find(import.path); one != by_path_.end()) step.imports.push_back(one->second);
    }
    way_.push_back(std::move(step));
  }

  void note(PackageId again) {
    auto begin = std::ranges::find(way_, again, &Step::package);
    std::string text = "import cycle: ";
    for (auto step = begin; step != way_.end(); ++step) {
      if (step - begin == kMostNamed) {
        text += fmt::format("({} more) ", way_.end() - step);
        break;
      }
      text += data_.package(step->package).about.path + " imports ";
    }
    const Package& about = data_.package(again).about;
    Problem problem{about.folder, text + about.path};
    if (std::ranges::find(data_.problems, problem) == data_.problems.end())
      data_.problems.push_back(std::move(problem));
  }

  ProgramData& data_;
  std::vector<State> state_;
  std::unordered_map<std::string_view, PackageId> by_path_;
  std::vector<Step> way_;
};

}  // namespace

void note_import_cycles(ProgramData& data) {
  Search search(data);
  for (PackageId package : data.asked) search.from(package);
}

}  // namespace memsnap::types
