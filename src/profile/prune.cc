#include "profile/prune.h"

#include "profile/frame_names.h"
#include "profile/regex.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {
namespace {

enum class Cut : std::uint8_t {
  kNothing,
  kBelow,  // some of its lines are cut, and all frames towards the leaf
  kHere,   // and the location itself
};

class Pruner {
 public:
  Pruner(Profile& profile, const Regex& drop, const Regex* keep)
      : profile_(profile), drop_(drop), keep_(keep) {}
  void run();

 private:
  bool is_dropped(FunctionId id);
  Cut cut_lines(ProfileLocation& location);
  void cut_stack(PackedStack& stack);

  enum class Known : std::uint8_t { kNo, kDropped, kKept };
  Profile& profile_;
  const Regex& drop_;
  const Regex* keep_;
  std::vector<Known> functions_;
  std::vector<Cut> cuts_;           // by location
  std::vector<LocationId> frames_;  // of the stack at hand, leaf first
  std::vector<std::uint32_t> at_;   // where each begins
};

bool Pruner::is_dropped(FunctionId id) {
  Known& known = functions_[std::size_t(id)];
  if (known == Known::kNo) {
    std::string_view name = profile_.text(profile_[id].name), simple = without_arguments(name);
    bool dropped = !name.empty() && drop_.matches(simple) && !(keep_ && keep_->matches(simple));
    known = dropped ? Known::kDropped : Known::kKept;
  }
  return known == Known::kDropped;
}

Cut Pruner::cut_lines(ProfileLocation& location) {
  for (std::uint32_t i = location.line_count; i-- > 0;) {
    const ProfileLine& line = profile_.lines[location.first_line + i];
    if (line.function == kNoFunction || !is_dropped(line.function)) continue;
    if (i + 1 == location.line_count) return Cut::kHere;
    location.first_line += i + 1;
    location.line_count -= i + 1;
    return Cut::kBelow;
  }
  return Cut::kNothing;
}

void Pruner::cut_stack(PackedStack& stack) {
  frames_.clear();
  at_.assign(1, 0);
  bool any = false;
  for (std::uint32_t i = 0; i < stack.size; ++i)
    if (stack.bytes[i] < 0x80) at_.push_back(i + 1);
  stack.each([&](LocationId id) {
    frames_.push_back(id);
    any = any || cuts_[std::size_t(id)] != Cut::kNothing;
  });
  if (!any) return;
  bool found_user = false;
  for (std::size_t i = frames_.size(); i-- > 0;) {
    Cut cut = cuts_[std::size_t(frames_[i])];
    if (cut == Cut::kNothing) {
      found_user = true;
    } else if (found_user) {
      std::uint32_t from = at_[cut == Cut::kHere ? i + 1 : i];
      stack = {stack.bytes + from, stack.size - from};
      return;
    }
  }
}

void Pruner::run() {
  functions_.assign(profile_.functions.size(), Known::kNo);
  cuts_.reserve(profile_.locations.size());
  bool any = false;
  for (ProfileLocation& location : profile_.locations)
    any |= cuts_.emplace_back(cut_lines(location)) != Cut::kNothing;
  if (!any) return;
  for (PackedStack& stack : profile_.samples.stacks) cut_stack(stack);
}

Result<Regex> whole_name(std::string_view expression) {
  auto regex = Regex::compile("^(" + std::string(expression) + ")$");
  if (!regex)
    return fail(Cause::bad_input, "failed to compile regexp {}: {}", expression, regex.error().what);
  return regex;
}

}  // namespace

Result<void> remove_uninteresting(Profile& profile) {
  if (profile.text(profile.drop_frames).empty()) return {};
  Regex drop = TRY(whole_name(profile.text(profile.drop_frames)));
  std::optional<Regex> keep;
  if (std::string_view text = profile.text(profile.keep_frames); !text.empty()) keep = TRY(whole_name(text));
  Pruner(profile, drop, keep ? &*keep : nullptr).run();
  return {};
}

}  // namespace memsnap
