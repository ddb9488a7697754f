#include "profile/filter.h"

#include "profile/edit.h"
#include "profile/frame_names.h"
#include "profile/regex.h"
#include "profile/tag_filter.h"

#include <optional>

namespace memsnap {
namespace {

Result<std::optional<Regex>> option_regex(const char* name, const std::string& text) {
  if (text.empty()) return std::nullopt;
  Result<Regex> expression = Regex::compile(text);
  if (!expression) return fail(Cause::usage, "parsing {} regexp: {}", name, expression.error().what);
  return std::move(*expression);
}

Result<std::optional<TagFilter>> option_tags(const char* name, const std::string& text,
                                             std::vector<std::string>& remarks) {
  if (text.empty()) return std::nullopt;
  return TRY(TagFilter::compile(name, text, remarks));
}

// One expression over the frames of a profile; each text is matched once.
class FrameMatcher {
 public:
  FrameMatcher(const Profile& profile, const Regex& regex)
      : profile_(profile), regex_(regex), known_(profile.strings.rows(), 0) {}
  bool text(StringId id) {
    std::int8_t& known = known_[std::size_t(id)];
    if (known == 0) known = regex_.matches(profile_.text(id)) ? 1 : -1;
    return known > 0;
  }
  bool mapping(const ProfileLocation& location) {
    return location.mapping != kNoMapping && text(profile_[location.mapping].file);
  }
  bool line(const ProfileLine& line) {
    if (line.function == kNoFunction) return false;
    const ProfileFunction& function = profile_[line.function];
    return text(function.name) || text(function.file);
  }
  bool location(const ProfileLocation& location) {
    for (const ProfileLine& each : profile_.lines_of(location))
      if (line(each)) return true;
    return mapping(location);
  }

 private:
  const Profile& profile_;
  const Regex& regex_;
  std::vector<std::int8_t> known_;  // by StringId: 0 not asked yet
};

// What became of a location.
enum : std::uint8_t { kFocused = 1, kIgnored = 2, kHidden = 4 };

struct Matched {
  bool focus = false, ignore = false, hide = false, show = false;
};

// Leaves of a location's lines those that `keep` wants.
template <class Keep>
void filter_lines(Profile& profile, ProfileLocation& location, Keep&& keep) {
  std::vector<ProfileLine> kept;
  for (const ProfileLine& line : profile.lines_of(location))
    if (keep(line)) kept.push_back(line);
  set_lines(profile, location, kept);
}

std::vector<std::uint8_t> judge_locations(Profile& profile, const std::optional<Regex>& focus,
                                          const std::optional<Regex>& ignore,
                                          const std::optional<Regex>& hide, const std::optional<Regex>& show,
                                          Matched& matched) {
  auto matcher = [&](const std::optional<Regex>& regex) {
    return regex ? std::make_optional<FrameMatcher>(profile, *regex) : std::nullopt;
  };
  auto focuses = matcher(focus), ignores = matcher(ignore), hides = matcher(hide), shows = matcher(show);
  std::vector<std::uint8_t> marks(profile.locations.size(), 0);
  for (std::size_t row = 0; row < marks.size(); ++row) {
    ProfileLocation& location = profile.locations[row];
    if (ignores && ignores->location(location))
      matched.ignore = true, marks[row] |= kIgnored;
    else if (!focuses || focuses->location(location))
      matched.focus = true, marks[row] |= kFocused;
    if (hides && hides->location(location)) {
      matched.hide = true;
      bool all = hides->mapping(location);
      filter_lines(profile, location, [&](const ProfileLine& line) { return !all && !hides->line(line); });
      if (location.line_count == 0) marks[row] |= kHidden;
    }
    if (shows) {
      bool all = shows->mapping(location);
      filter_lines(profile, location, [&](const ProfileLine& line) {
        return all || line.function == kNoFunction || shows->line(line);
      });
      if (location.line_count == 0)
        marks[row] |= kHidden;
      else
        matched.show = true;
    }
  }
  return marks;
}

Matched filter_by_name(Profile& profile, const std::optional<Regex>& focus,
                       const std::optional<Regex>& ignore, const std::optional<Regex>& hide,
                       const std::optional<Regex>& show) {
  Matched matched;
  if (!focus && !ignore && !hide && !show) {
    matched.focus = true;
    return matched;
  }
  std::vector<std::uint8_t> marks = judge_locations(profile, focus, ignore, hide, show, matched);
  std::vector<LocationId> left;
  keep_samples(profile, [&](std::size_t row) {
    PackedStack& stack = profile.samples.stacks[row];
    std::uint8_t seen = 0;
    stack.each([&](LocationId location) { seen |= marks[std::size_t(location)]; });
    if (!(seen & kFocused) || (seen & kIgnored)) return false;
    if (!(seen & kHidden)) return true;
    left.clear();
    stack.each([&](LocationId location) {
      if (!(marks[std::size_t(location)] & kHidden)) left.push_back(location);
    });
    if (left.empty()) return false;
    stack = profile.arena.pack(left);
    return true;
  });
  return matched;
}

// Keeps of each stack the part from the matching frame nearest to the root down to the leaf.
bool show_from(Profile& profile, const Regex& regex) {
  FrameMatcher matcher(profile, regex);
  std::vector<bool> from(profile.locations.size());
  bool matched = false;
  for (std::size_t row = 0; row < from.size(); ++row) {
    ProfileLocation& location = profile.locations[row];
    std::span<const ProfileLine> lines = profile.lines_of(location);
    bool whole = matcher.mapping(location);
    std::size_t last = lines.size();
    while (!whole && last > 0 && !matcher.line(lines[last - 1])) --last;
    if (!whole && last == 0) continue;
    if (!whole) location.line_count = std::uint32_t(last);
    from[row] = matched = true;
  }
  std::vector<LocationId> stack;
  keep_samples(profile, [&](std::size_t row) {
    stack.clear();
    profile.samples.stacks[row].append_to(stack);
    while (!stack.empty() && !from[std::size_t(stack.back())]) stack.pop_back();
    if (stack.empty()) return false;
    profile.samples.stacks[row] = profile.arena.pack(stack);
    return true;
  });
  return matched;
}

struct TagsMatched {
  bool focus = false, ignore = false;
};

TagsMatched filter_by_tag(Profile& profile, const std::optional<TagFilter>& focus,
                          const std::optional<TagFilter>& ignore, const LabelUnits& units) {
  TagsMatched matched;
  if (!focus && !ignore) return {true, false};
  keep_samples(profile, [&](std::size_t row) {
    std::span<const ProfileLabel> labels = profile.samples.labels_of(row);
    bool focused = !focus || focus->matches(profile, labels, units);
    bool ignored = ignore && ignore->matches(profile, labels, units);
    matched.focus |= focused;
    matched.ignore |= ignored;
    return focused && !ignored;
  });
  return matched;
}

TagsMatched filter_tags(Profile& profile, const std::optional<Regex>& show,
                        const std::optional<Regex>& hide) {
  TagsMatched matched;
  if (!show && !hide) return matched;
  keep_labels(profile, [&](const ProfileLabel& label) {
    bool shown = !show || show->matches(profile.text(label.key));
    bool hidden = hide && hide->matches(profile.text(label.key));
    matched.focus |= shown;
    matched.ignore |= hidden;
    return shown && !hidden;
  });
  return matched;
}

// Cuts each stack from the leaf up to the first frame that matches, which stays.
void prune_from(Profile& profile, const Regex& regex) {
  std::vector<bool> beneath(profile.locations.size());
  for (std::size_t row = 0; row < beneath.size(); ++row) {
    ProfileLocation& location = profile.locations[row];
    std::span<const ProfileLine> lines = profile.lines_of(location);
    for (std::uint32_t i = 0; i < lines.size(); ++i) {
      if (lines[i].function == kNoFunction) continue;
      std::string_view name = profile.text(profile[lines[i].function].name);
      if (name.empty() || !regex.matches(without_arguments(name))) continue;
      beneath[row] = true;
      location.first_line += i;
      location.line_count -= i;
      break;
    }
  }
  std::vector<LocationId> stack;
  for (PackedStack& packed : profile.samples.stacks) {
    stack.clear();
    packed.append_to(stack);
    for (std::size_t i = 0; i < stack.size(); ++i) {
      if (!beneath[std::size_t(stack[i])]) continue;
      packed = profile.arena.pack(std::span(stack).subspan(i));
      break;
    }
  }
}

}  // namespace

Result<void> apply_filters(Profile& profile, const PprofConfig& config, const LabelUnits& units,
                           std::vector<std::string>& remarks) {
  auto focus = TRY(option_regex("focus", config.focus));
  auto ignore = TRY(option_regex("ignore", config.ignore));
  auto hide = TRY(option_regex("hide", config.hide));
  auto show = TRY(option_regex("show", config.show));
  auto from = TRY(option_regex("show_from", config.show_from));
  auto tag_focus = TRY(option_tags("tagfocus", config.tagfocus, remarks));
  auto tag_ignore = TRY(option_tags("tagignore", config.tagignore, remarks));
  auto prune = TRY(option_regex("prune_from", config.prune_from));
  auto warn = [&](bool asked, bool matched, const char* name) {
    if (asked && !matched) remarks.push_back(std::string(name) + " expression matched no samples");
  };

  Matched names = filter_by_name(profile, focus, ignore, hide, show);
  warn(focus.has_value(), names.focus, "Focus");
  warn(ignore.has_value(), names.ignore, "Ignore");
  warn(hide.has_value(), names.hide, "Hide");
  warn(show.has_value(), names.show, "Show");
  if (from) warn(true, show_from(profile, *from), "ShowFrom");
  TagsMatched samples = filter_by_tag(profile, tag_focus, tag_ignore, units);
  warn(tag_focus.has_value(), samples.focus, "TagFocus");
  warn(tag_ignore.has_value(), samples.ignore, "TagIgnore");

  auto tag_show = TRY(option_regex("tagshow", config.tagshow));
  auto tag_hide = TRY(option_regex("taghide", config.taghide));
  TagsMatched tags = filter_tags(profile, tag_show, tag_hide);
  warn(tag_show.has_value(), tags.focus, "TagShow");
  warn(tag_hide.has_value(), tags.ignore, "TagHide");
  if (prune) prune_from(profile, *prune);
  return {};
}

}  // namespace memsnap
