#include "driver/symbolize.h"

#include "driver/simple_names.h"
#include "os/folders.h"
#include "profile/paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

struct How {
  bool nothing = false, local = true, remote = true, force = false;
  DemangleMode names = DemangleMode::kSimple;
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

// False when the word is none.
bool apply_word(std::string_view word, How& how) {
  constexpr std::string_view kNames = "demangle=";
  if (word.starts_with(kNames)) word.remove_prefix(kNames.size());
  if (word == "full" || word == "templates" || word == "none") {
    how.force = true;
    how.names = word == "full"   ? DemangleMode::kFull
                : word == "none" ? DemangleMode::kNone
                                 : DemangleMode::kTemplates;
    return true;
  }
  return word == "default";
}

How read_how(const std::string& text, const PprofWorld& world) {
  How how;
  for (const std::string& word : split_path_list(lower(text))) {
    if (word == "none" || word == "no") {
      how.nothing = true;
      return how;
    }
    if (word == "local" || word == "fastlocal")
      how.local = true, how.remote = false;
    else if (word == "remote")
      how.local = false, how.remote = true;
    else if (word == "force")
      how.force = true;
    else if (!word.empty() && !apply_word(word, how)) {
      world.say(fmt::format("ignoring unrecognized symbolization option: {}", text));
      world.say(
          "expecting "
          "-symbolize=[local|fastlocal|remote|none][:force][:demangle=[none|full|templates|default]");
    }
  }
  return how;
}

// Memory that no file of code stands behind.
bool has_no_code(std::string_view file) {
  std::string name = base_name(file);
  return name.starts_with('[') || name.starts_with("linux-vdso") || file.starts_with("/dev/dri/") ||
         file == "//anon" || file.starts_with("/memfd:");
}

bool is_address_of_web(std::string_view file) {
  std::size_t colon = file.find(':');
  return colon != file.npos && colon > 0 &&
         lower(std::string(file.substr(0, colon))).find("http") != file.npos;
}

class Symbolizing {
 public:
  Symbolizing(Profile& profile, const PprofWorld& world) : profile_(profile), world_(world) {
    of_mapping_.resize(profile.mappings.size());
    for (std::size_t i = 0; i < profile.locations.size(); ++i)
      if (MappingId mapping = profile.locations[i].mapping; mapping != kNoMapping)
        of_mapping_[std::size_t(mapping)].push_back(LocationId(i));
  }

  void all(bool force) {
    for (std::size_t i = 0; i < profile_.mappings.size(); ++i) {
      const ProfileMapping& m = profile_.mappings[i];
      bool done = m.has_functions || m.has_filenames || m.has_line_numbers;
      if (!of_mapping_[i].empty() && (force || !done)) one(i);
    }
    if (missing_)
      world_.say(
          "Some binary filenames not available. Symbolization may be incomplete.\n"
          "Try setting PPROF_BINARY_PATH to the search path for local binaries.");
  }

 private:
  void one(std::size_t number) {
    ProfileMapping& mapping = profile_.mappings[number];
    std::string file(profile_.text(mapping.file));
    std::string_view build_id = profile_.text(mapping.build_id);
    if (file.empty()) {
      if (number == 0)
        world_.say("Main binary filename not available.");
      else
        missing_ = true;
      return;
    }
    if (has_no_code(file) || (build_id.empty() && is_address_of_web(file))) return;
    Result<void> opened = world_.binaries ? world_.binaries->open(file) : Result<void>{};
    auto bias =
        opened && world_.binaries ? world_.binaries->load_bias(file, mapping) : Result<std::uint64_t>{0};
    if (!opened || !bias) {
      std::string id = build_id.empty() ? "" : fmt::format(" (build ID {})", build_id);
      world_.say(fmt::format("Local symbolization failed for {}{}: {}", base_name(file), id,
                             opened ? bias.error().what : opened.error().what));
      missing_ = true;
      return;
    }
    for (LocationId location : of_mapping_[number])
      locate(profile_.locations[std::size_t(location)], mapping, file, *bias);
  }

  void locate(ProfileLocation& location, ProfileMapping& mapping, const std::string& file,
              std::uint64_t bias) {
    auto place = world_.binaries ? world_.binaries->place_of(file, location.address - bias) : std::nullopt;
    if (!place) return;
    if (!place->function.empty()) mapping.has_functions = true;
    if (!place->file.empty()) mapping.has_filenames = true;
    if (place->line != 0) mapping.has_line_numbers = true;
    mapping.has_inline_frames = true;
    location.first_line = std::uint32_t(profile_.lines.size());
    location.line_count = 1;
    location.folded = false;
    profile_.lines.push_back({.function = function(*place), .line = place->line, .column = 0});
  }

  FunctionId function(const CodePlace& place) {
    StringId name = profile_.strings.add(place.function), file = profile_.strings.add(place.file);
    auto [at, fresh] = functions_.try_emplace({name, file}, FunctionId(profile_.functions.size()));
    if (fresh)
      profile_.functions.push_back(
          {.id = profile_.functions.size() + 1, .name = name, .system_name = name, .file = file});
    return at->second;
  }

  Profile& profile_;
  const PprofWorld& world_;
  std::vector<std::vector<LocationId>> of_mapping_;
  std::map<std::pair<StringId, StringId>, FunctionId> functions_;  // those that are new
  bool missing_ = false;
};

// Where a program of this name and build may lie below a folder.
std::vector<std::string> candidates(const std::string& folder, const std::string& file,
                                    const std::string& build_id) {
  std::string base = file.empty() ? "" : base_name(file);
  std::string above = file.empty() ? "" : file.substr(0, file.rfind('/') + 1);
  std::vector<std::string> paths;
  auto add = [&](const std::string& path) { paths.push_back(clean_path(folder + "/" + path)); };
  if (!build_id.empty()) {
    add(build_id + "/" + base);
    for (const std::string& name : names_in(folder + "/" + build_id)) add(build_id + "/" + name);
    add(file + "/" + build_id);
    if (build_id.size() >= 2) add(build_id.substr(0, 2) + "/" + build_id.substr(2) + ".debug");
  }
  if (file.empty()) return paths;
  add(base);
  add(file);
  add(file + ".debug");
  add(above + "/.debug/" + base + ".debug");
  add("usr/lib/debug/" + above + "/" + base + ".debug");
  return paths;
}

void locate_program(Profile& profile, ProfileMapping& mapping, const std::vector<std::string>& folders,
                    const PprofWorld& world) {
  std::string file(profile.text(mapping.file)), build_id(profile.text(mapping.build_id));
  for (const std::string& folder : folders) {
    for (const std::string& path : candidates(folder, file, build_id)) {
      if (!world.binaries->open(path)) continue;
      if (build_id.empty()) {
        mapping.file = profile.strings.add(path);
        return;
      }
      // Go's reader of programs knows no build ids, so that none is the one that is wanted.
      world.say(fmt::format("Ignoring local file {}: build-id mismatch ({} != )", path, build_id));
    }
  }
}

}  // namespace

void locate_programs(Profile& profile, const PprofWorld& world) {
  if (!world.binaries) return;
  std::string path = world.environment("PPROF_BINARY_PATH");
  if (path.empty()) path = clean_path(world.environment("HOME") + "/pprof/binaries");
  std::vector<std::string> folders = split_path_list(path);
  for (ProfileMapping& mapping : profile.mappings) locate_program(profile, mapping, folders, world);
}

Result<void> symbolize_profile(Profile& profile, const std::string& text, const PprofWorld& world,
                               const std::function<Result<void>(bool force)>& remote) {
  How how = read_how(text, world);
  if (how.nothing) return {};
  if (how.local) Symbolizing(profile, world).all(how.force);
  if (how.remote) TRY_VOID(remote(how.force));
  simplify_names(profile, how.names, how.force);
  return {};
}

}  // namespace memsnap
