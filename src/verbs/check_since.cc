#include "verbs/check_since.h"

#include "base/text.h"
#include "os/folders.h"
#include "os/run_program.h"

#include <filesystem>

namespace memsnap {
namespace {

// What a program prints, without the newline at its end.
Result<std::string> output_of(const std::vector<std::string>& words) {
  std::string text;
  int status = TRY(run_program(words, {}, [&](std::string_view piece) {
    if (text.size() < (1 << 20)) text += piece;
  }));
  while (text.ends_with('\n')) text.pop_back();
  if (status != 0)
    return fail(Cause::bad_input, "{} {} ended with status {}: {}", words[0], words[1], status,
                escape_terminal(text.substr(0, 300)));
  return text;
}

class TemporaryFolder {
 public:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

Result<std::set<std::string>> findings_of_ref(const std::string& ref, const TreeOptions& options) {
  if (ref.starts_with('-')) return fail(Cause::usage, "--new-from: '{}' is no name of a commit", ref);
  std::string top = TRY(output_of({"git", "-C", options.folder, "rev-parse", "--show-toplevel"}));
  std::string inside = TRY(output_of({"git", "-C", options.folder, "rev-parse", "--show-prefix"}));
  std::string commit = TRY(output_of({"git", "-C", top, "rev-parse", "--verify", ref + "^{commit}"}));
  TemporaryFolder folder(TRY(output_of({"mktemp", "-d"})));
  std::string archive = folder.path() + "/tree.tar", tree = folder.path() + "/tree";
  TRY_VOID(make_folders(tree, 0700));
  TRY(output_of({"git", "-C", top, "archive", "--format=tar", "-o", archive, commit}));
  TRY(output_of({"tar", "-xf", archive, "-C", tree}));
  TreeOptions before = options;
  before.folder = tree + "/" + inside;
  before.shown_from = before.folder;
  before.cache.clear();  // the folder is another each time
  CheckedTree checked = TRY(CheckedTree::open(before));
  std::set<std::string> known;
  for (const Diagnostic& one : checked.result().diagnostics) known.insert(one.fingerprint);
  return known;
}

}  // namespace memsnap
