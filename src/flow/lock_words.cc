#include "flow/locks.h"
#include "gosrc/comments.h"

#include <algorithm>
#include <cctype>

namespace memsnap::flow {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

char lower(char c) { return char(std::tolower(static_cast<unsigned char>(c))); }

// Where `phrase`, in small letters, stands in the text; npos when it does not.
std::size_t find_phrase(std::string_view text, std::string_view phrase) {
  auto at = std::ranges::search(text, phrase, [](char a, char b) { return lower(a) == b; });
  return at.empty() ? std::string_view::npos : std::size_t(at.begin() - text.begin());
}

// mu of "c.mu must ...": the last identifier before `at`; empty for common words.
std::string_view name_before(std::string_view text, std::size_t at) {
  while (at > 0 && !is_word(text[at - 1])) --at;
  std::size_t from = at;
  while (from > 0 && is_word(text[from - 1])) --from;
  std::string_view name = text.substr(from, at - from);
  for (std::string_view common : {"lock", "mutex", "caller", "callers", "it", "which", "the", "and", "locks"})
    if (find_phrase(name, common) == 0 && name.size() == common.size()) return {};
  return name;
}

// mu of "c.mu, which ..." behind a phrase.
std::string_view name_behind(std::string_view text) {
  std::size_t from = 0;
  while (from < text.size() && !is_word(text[from])) ++from;
  std::size_t to = from;
  while (to < text.size() &&
         (is_word(text[to]) || (text[to] == '.' && to + 1 < text.size() && is_word(text[to + 1]))))
    ++to;
  std::string_view path = text.substr(from, to - from);
  std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

constexpr std::string_view kBefore[] = {
    "must be held",     "must be locked", "should be held", "is held",   "must already be held",
    "needs to be held", "has to be held", "held by",        "lock held", "be held"};
constexpr std::string_view kBehind[] = {
    "must hold",     "must be holding", "should hold",   "caller holds", "callers hold",     "assumes that",
    "while holding", "called with",     "have acquired", "already hold", "must have locked", "must lock"};

LockPromise said(std::string_view text) {
  if (text.starts_with("LOCK:") || text.starts_with("+checklocks:") || text.starts_with("+checklocksread:")) {
    std::string_view path = text.substr(text.find(':') + 1);
    bool reads = text.starts_with("+checklocksread:") || path.find("RLock") != std::string_view::npos;
    if (std::size_t call = path.find(".RLock"); call != std::string_view::npos) path = path.substr(0, call);
    if (std::size_t call = path.find(".Lock"); call != std::string_view::npos) path = path.substr(0, call);
    return {.any = true, .reads_only = reads, .mutex = name_behind(path)};
  }
  // Without a word of locks "must be held" is about something else.
  bool locks = find_phrase(text, "lock") != std::string_view::npos ||
               find_phrase(text, "mutex") != std::string_view::npos ||
               find_phrase(text, "mu ") != std::string_view::npos ||
               find_phrase(text, "mu.") != std::string_view::npos ||
               find_phrase(text, "mtx") != std::string_view::npos;
  if (!locks) return {};
  for (std::string_view phrase : kBefore)
    if (std::size_t at = find_phrase(text, phrase); at != std::string_view::npos)
      return {.any = true, .mutex = name_before(text, at)};
  for (std::string_view phrase : kBehind)
    if (find_phrase(text, phrase) != std::string_view::npos) return {.any = true, .mutex = {}};
  return {};
}

}  // namespace

LockPromise lock_promise(const Program& program, const Function& function) {
  const SourceFile& source = program.source(function.file);
  auto decl = source.as<ast::FuncDecl>(function.node);
  if (!decl) return {};
  for (const Comment& comment : doc_comments(source, function.node))
    if (LockPromise promise = said(comment_text(source, comment)); promise.any) return promise;
  std::string_view name = program.names().text(source.name(decl->name));
  for (std::string_view ending :
       {"Locked", "WithLock", "UnderLock", "NoLock", "Unsafe", "locked", "WithLockHeld"})
    if (name.ends_with(ending) && !name.ends_with("Unlocked") && !name.ends_with("unlocked"))
      return {.any = true, .mutex = {}};
  return {};
}

std::string_view guarded_by(const Program& program, ObjectId object) {
  const types::Object& o = program.object(object);
  if (o.file == types::kNoFile || !ast::is_there(o.decl)) return {};
  const SourceFile& source = program.source(o.file);
  for (auto comments : {doc_comments(source, o.decl), line_comments(source, o.decl)}) {
    for (const Comment& comment : comments) {
      std::string_view text = comment_text(source, comment);
      for (std::string_view phrase : {"guarded by ", "protected by ", "+checklocks:", "guarded_by("})
        if (std::size_t at = find_phrase(text, phrase); at != std::string_view::npos)
          return name_behind(text.substr(at + phrase.size()));
    }
  }
  return {};
}

}  // namespace memsnap::flow
