// Rule make-len-append: s := make([]T, n), and the first thing that is done with s is to append to it.
//
// Silent as soon as anything else is done with the slice before the append, or an element is written
// anywhere.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId make : code.calls(Known::kMake)) {
    auto call = *code.as<ast::CallExpr>(make);
    if (call.args.size() != 2 || code.integer(call.args[1]) == 0 || !code.is_slice(make)) continue;
    NodeId place = ast::kNoNode;
    for (const Code::Write& write : code.writes())
      if (is_there(write.value) && code.inner(write.value) == make && write.define)
        place = code.inner(write.place);
    ObjectId variable = code.object(place);
    if (code.kind(place) != Kind::kIdent || !types::is_there(variable) || !code.is_local(variable)) continue;
    NodeId append = ast::kNoNode;
    bool other = false;
    for (NodeId use : code.uses(variable)) {
      if (use == place || code.pos(use) < code.pos(make)) continue;
      Access access = access_of(code, use);
      if (access.how == How::kAppended) continue;
      bool counts = !is_there(append) && access.how != How::kAppend;
      bool harmless = access.how == How::kLen || access.how == How::kReturn || access.how == How::kRead ||
                      access.how == How::kAppend;
      if (access.how == How::kInsert || access.how == How::kInner || (counts && !harmless)) other = true;
      if (counts && access.how == How::kRead) other = true;
      if (access.how == How::kAppend && !is_there(append)) append = access.node;
    }
    if (other || !is_there(append)) continue;
    if (is_there(code.loop(make)) && code.loop(make) != code.loop(append) &&
        !code.inside(append, code.loop(make)))
      continue;
    Diagnostic& found = report.at(code, append,
                                  "appends behind the " + code.shown(call.args[1]) + " zero values of " +
                                      std::string(code.text(place)));
    lead(found, code, make, "made with a length here");
    found.fix = "make it with length 0 and this capacity";
    std::uint32_t at = code.pos(call.args[1]);
    found.edits = {{code.source().path(), at, at, "0, "}};
  }
}

}  // namespace

constinit const Rule kMakeLenAppend{.name = "make-len-append", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
