// Whatever a log says, its escapes are explained and printed in every form, in at most six hops each, and
// against the other half of the input; nothing that steers a terminal comes out.
#include "escape/view.h"
#include "golog/text_reader.h"

#include <cstddef>
#include <string_view>

namespace {

void read(std::string_view text, memsnap::EscapeLog& log) {
  memsnap::TextLogReader reader(log);
  reader.feed(text);
  reader.finish();
}

void no_control(const memsnap::Out& out) {
  for (char c : out.text())
    if (c == '\x1b' || c == '\0') __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t cut = text.find("\n---\n");
  memsnap::EscapeLog old_log, log;
  read(text.substr(0, cut), log);
  read(cut == text.npos ? std::string_view{} : text.substr(cut + 5), old_log);
  memsnap::EscapeGraph graph(log), old_graph(old_log);
  memsnap::EscapeChanges changes = memsnap::escape_changes(old_graph, graph);
  if (changes.started.size() + changes.stayed != log.escapes.size()) __builtin_trap();
  for (std::size_t i = 0; i < log.escapes.size(); ++i) {
    memsnap::Explanation why = memsnap::explain(graph, i);
    if (why.hops.size() > memsnap::kMostHops) __builtin_trap();
    if (why.avoidable != ~std::size_t(0) && why.avoidable >= why.hops.size()) __builtin_trap();
  }
  for (bool against : {false, true}) {
    memsnap::EscapeView view{.source = "log", .against = {}, .runtime = {}, .graph = &graph};
    if (against) view.old_graph = &old_graph, view.changes = &changes;
    memsnap::choose_rows(view, {});
    memsnap::Out plain, json, dot;
    memsnap::print_escapes(view, 10, {}, plain);
    memsnap::print_escapes_json(view, 10, json);
    memsnap::print_escapes_dot(view, 10, dot);
    no_control(plain);
    no_control(json);
    no_control(dot);
  }
  return 0;
}
