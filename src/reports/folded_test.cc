#include "reports/recorded.h"
#include "reports/stack_rows.h"

#include "render/golden_test.h"

#include <map>
#include <sstream>

namespace memsnap {
namespace {

std::string folded(Profile profile, const char* sample_index = "") {
  ReportRequest request{.kind = ReportKind::kFolded};
  request.config.sample_index = sample_index;
  return report_text(std::move(profile), request);
}

TEST(Folded, EqualStacksAreOneLineInOrder) {
  Profile profile = tiny_profile({{"main;work", 3}, {"main", 1}, {"main;work;alloc", 4}, {"main;work", 2}});
  EXPECT_EQ(folded(std::move(profile)), "main 1\nmain;work 5\nmain;work;alloc 4\n");
}

TEST(Folded, NothingIsPrintedForStacksThatCancelOut) {
  EXPECT_EQ(folded(tiny_profile({{"a;b", 3}, {"a;b", -3}, {"a", -2}})), "a -2\n");
}

TEST(Folded, NamesCannotMakeFramesOrLines) {
  EXPECT_EQ(folded_name("a;b\\c\nd\x1b"), "a\\x3bb\\\\c\\nd\\x1b");
  Profile profile = tiny_profile({{"x", 1}});
  profile.functions[0].name = profile.strings.add("evil;fn\n9");
  EXPECT_EQ(folded(std::move(profile)), "evil\\x3bfn\\n9 1\n");
}

TEST(Folded, LeavesAndTotalAreThoseOfTop) {
  for (const std::string& name : kRecorded) {
    SCOPED_TRACE(name);
    std::map<std::string, std::int64_t> flat;
    std::istringstream lines(folded(recorded(name), "0"));
    std::string line, last;
    while (std::getline(lines, line)) {
      std::size_t blank = line.rfind(' ');
      std::string stack = line.substr(0, blank);
      EXPECT_LT(last + ";", stack + ";");
      last = stack;
      flat[stack.substr(stack.rfind(';') + 1)] += std::stoll(line.substr(blank + 1));
    }
    Profile profile = recorded(name);
    std::map<std::string, std::int64_t> truth;
    for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
      std::vector<LocationId> stack;
      profile.samples.stacks[row].append_to(stack);
      if (stack.empty() || profile.values_of(row)[0] == 0) continue;
      const ProfileLine& leaf = profile.lines_of(profile[stack[0]])[0];
      std::string_view leaf_name = profile.text(profile[leaf.function].name);
      truth[leaf_name.empty() ? "<unknown>" : folded_name(leaf_name)] += profile.values_of(row)[0];
    }
    EXPECT_EQ(flat, truth);
  }
}

TEST(Folded, Golden) { expect_golden("pprof/nats.heap.folded", folded(recorded("nats.heap"))); }

}  // namespace
}  // namespace memsnap
