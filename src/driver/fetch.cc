#include "driver/fetch.h"

#include "base/parallel.h"
#include "base/text.h"
#include "driver/remote.h"
#include "driver/remote_symbols.h"
#include "driver/symbolize.h"
#include "os/clock.h"
#include "os/files.h"
#include "os/folders.h"
#include "pprof/read.h"
#include "profile/combine.h"
#include "profile/prune.h"
#include "profile/rescale.h"
#include "profile/sampling.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

constexpr std::size_t kInputLimit = std::size_t(4) << 30;  // bytes of a pipe

struct MappedInput : ProfileMemory {
  explicit MappedInput(MappedFile opened) : file(std::move(opened)) {}
  MappedFile file;
};
struct TextInput : ProfileMemory {
  explicit TextInput(std::string given) : text(std::move(given)) {}
  std::string text;
};

struct Fetched {
  Profile profile;
  std::optional<Url> from;  // of a server
};

struct Group {
  std::optional<Profile> profile;
  std::size_t fetched = 0;
  MappingSources remote;  // what came from servers
  std::optional<Error> first_error;
};

Result<Profile> read_text(std::string text, const std::string& name, const ReadOptions& options) {
  auto owner = std::make_unique<TextInput>(std::move(text));
  Bytes bytes = std::as_bytes(std::span(owner->text));
  return read_profile(bytes, std::move(owner), name, options);
}

Result<Profile> read_file_or_stream(const std::string& path, const ReadOptions& options) {
  if (path != "-" && !is_folder(path)) {
    if (auto mapped = MappedFile::open(path)) {
      auto owner = std::make_unique<MappedInput>(std::move(*mapped));
      Bytes bytes = owner->file.bytes();
      return read_profile(bytes, std::move(owner), path, options);
    }
  }
  if (is_folder(path)) {
    if (options.go_compat) return fail(Cause::bad_input, "{0}: read {0}: is a directory", path);
    return fail(Cause::bad_input, "{} is a folder, expected a profile", path);
  }
  auto text = read_input(path, kInputLimit);
  if (!text) return fail(text.error().cause, "{}: {}", path, text.error().what);
  return read_text(std::move(*text), path, options);
}

class Fetcher {
 public:
  Fetcher(const ProfileSources& from, const PprofWorld& world) : from_(from), world_(world) {
    options_.go_compat = world.go_compat;
  }

  // Merges what can be read. The others are named on standard error, unless there is only one source.
  Result<Group> grab(const std::vector<std::string>& sources) {
    Group group;
    ProfileFold fold;
    for (std::size_t from = 0; from < sources.size(); from += ProfileFold::kPart) {
      std::size_t count = std::min(ProfileFold::kPart, sources.size() - from);
      std::vector<Profile> part = grab_part(std::span(sources).subspan(from, count), sources.size(), group);
      if (part.empty()) continue;
      group.fetched += part.size();
      TRY_VOID(fold.add(std::move(part)));
    }
    if (group.fetched > 0) group.profile = TRY(fold.finish());
    return group;
  }

  std::vector<Profile> grab_part(std::span<const std::string> sources, std::size_t of, Group& group) {
    std::vector<std::optional<Result<Fetched>>> all(sources.size());
    bool remote = std::ranges::any_of(sources, [&](const std::string& source) { return is_remote(source); });
    // Servers take the time that they profile, whatever we do: all are asked at once.
    int threads = remote ? int(sources.size()) : cpu_count();
    parallel_for(threads, sources.size(), [&](std::size_t i) { all[i] = open_source(sources[i]); });
    std::vector<Profile> part;
    for (auto& one : all) {
      if (*one) {
        locate_programs((*one)->profile, world_);
        override_first_mapping((*one)->profile);
        if ((*one)->from) note_sources((*one)->profile, *(*one)->from, group.remote);
        part.push_back(std::move((*one)->profile));
        continue;
      }
      if (of > 1 || world_.go_compat) world_.say(one->error().what);
      if (!group.first_error) group.first_error = std::move(one->error());
    }
    return part;
  }

  bool is_remote(const std::string& source) const {
    return source != "-" && !is_there(source) && !is_target(source) &&
           remote_source(source, from_).has_value();
  }

 private:
  bool is_target(const std::string& source) const {
    return !world_.go_compat && world_.is_target && world_.is_target(source);
  }

  Result<Fetched> open_source(const std::string& source) {
    if (is_target(source)) return Fetched{TRY(world_.open_target(source)), {}};
    if (source == "-" || is_there(source)) return Fetched{TRY(read_file_or_stream(source, options_)), {}};
    if (auto remote = remote_source(source, from_)) return open_remote(source, *remote);
    if (world_.go_compat) return fail(Cause::bad_input, "{0}: stat {0}: no such file or directory", source);
    return fail(Cause::bad_input, "{}: no such file{}", source, nearest_file(source));
  }

  Result<Fetched> open_remote(const std::string& source, const RemoteSource& remote) {
    std::string name = shown_source(source);
    auto body = fetch_remote(remote, from_, world_);
    if (!body) return fail(body.error().cause, "{}: {}", name, body.error().what);
    return Fetched{TRY(read_text(std::move(*body), name, options_)), remote.url};
  }

  // The executable of the command line belongs to the first mapping.
  void override_first_mapping(Profile& profile) const {
    if (profile.mappings.empty()) return;
    ProfileMapping& first = profile.mappings[0];
    if (!from_.executable.empty()) first.file = profile.strings.add(from_.executable);
    if (!from_.build_id.empty() && profile.text(first.build_id).empty())
      first.build_id = profile.strings.add(from_.build_id);
  }

  const ProfileSources& from_;
  const PprofWorld& world_;
  ReadOptions options_;
};

Result<void> check_group(const Group& group, std::size_t wanted, const char* what, const PprofWorld& world) {
  if (wanted == 0) return {};
  if (group.fetched == 0) {
    if (wanted == 1 && !world.go_compat && group.first_error) return std::unexpected(*group.first_error);
    Cause cause = group.first_error ? group.first_error->cause : Cause::bad_input;
    return fail(cause, "failed to fetch any {} profiles", what);
  }
  return {};
}

void say_partial(const Group& group, std::size_t wanted, const char* what, const PprofWorld& world) {
  if (group.fetched != wanted)
    world.say(fmt::format("Fetched {} {} profiles out of {}", group.fetched, what, wanted));
}

// In Go's words, which show its memory.
Result<void> check_periods(const Profile& profile, const Profile& base, const PprofWorld& world) {
  auto words = [](const Profile& p) {
    return fmt::format("&{{{} {} 0 0}}", p.text(p.period_type.type), p.text(p.period_type.unit));
  };
  if (!world.go_compat || words(profile) == words(base)) return {};
  return fail(Cause::bad_input, "incompatible period types {} and {}", words(profile), words(base));
}

Result<Profile> without_base(Profile profile, Profile base, const ProfileSources& from,
                             const PprofWorld& world) {
  if (from.diff_base)
    set_label(base, kBaseLabel, "true");
  else if (from.keep_base_apart)
    set_label(base, kBaseLabel, kMinusLabel);
  if (from.normalize) TRY_VOID(check_periods(profile, base, world));
  if (from.normalize) TRY_VOID(normalize_profile(profile, base));
  scale_profile(base, -1);
  std::vector<Profile> both;
  both.push_back(std::move(profile));
  both.push_back(std::move(base));
  return combine_profiles(std::move(both));
}

// Small slips only: a file that happens to be the nearest of a large folder is no help.
std::string near_name(const std::string& name, const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 4) + 1;
  for (const std::string& candidate : names) {
    std::size_t distance = edit_distance(name, candidate);
    if (distance < least) least = distance, best = candidate;
  }
  return best;
}

}  // namespace

std::string nearest_file(const std::string& path) {
  std::size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string name = path.substr(folder.size());
  if (name.empty() || name.size() > 255) return "";
  std::string near = near_name(name, names_in(folder.empty() ? "." : folder));
  return near.empty() ? "" : fmt::format("; did you mean {}{}?", folder, near);
}

Result<Profile> fetch_profiles(const ProfileSources& from, const PprofWorld& world) {
  Fetcher fetcher(from, world);
  Result<Group> sources, bases;
  auto remote = [&](const std::string& source) { return fetcher.is_remote(source); };
  bool at_once = std::ranges::any_of(from.base, remote) && std::ranges::any_of(from.sources, remote);
  parallel_for(at_once ? 2 : 1, 2, [&](std::size_t i) {
    (i == 0 ? sources : bases) = fetcher.grab(i == 0 ? from.sources : from.base);
  });
  if (!sources)
    return fail(sources.error().cause, "problem fetching source profiles: {}", sources.error().what);
  if (!bases) return fail(bases.error().cause, "problem fetching base profiles: {},", bases.error().what);
  TRY_VOID(check_group(*sources, from.sources.size(), "source", world));
  TRY_VOID(check_group(*bases, from.base.size(), "base", world));
  say_partial(*sources, from.sources.size(), "source", world);
  say_partial(*bases, from.base.size(), "base", world);

  Profile profile = std::move(*sources->profile);
  if (bases->profile)
    profile = TRY(without_base(std::move(profile), std::move(*bases->profile), from, world));
  if (from.all_frames) profile.drop_frames = profile.keep_frames = StringId{};
  MappingSources servers = std::move(sources->remote);
  for (auto& [key, list] : bases->remote) std::ranges::move(list, std::back_inserter(servers[key]));
  TRY_VOID(symbolize_profile(profile, from.symbolize, world, [&](bool force) {
    return ask_for_symbols(profile, force, servers, [&](const Url& page, const std::string& addresses) {
      return post_addresses(page, addresses, world);
    });
  }));
  std::ignore = remove_uninteresting(profile);  // expressions that are none cut nothing, as in go tool pprof
  forget_sources(profile);
  if (!from.comment.empty()) profile.comments.push_back(profile.strings.add(from.comment));
  if (!servers.empty()) save_fetched(profile, world);
  return profile;
}

}  // namespace memsnap
