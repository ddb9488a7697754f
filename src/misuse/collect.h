// Gathers the facts of a package while it is checked.
#pragma once

#include "misuse/package_facts.h"
#include "misuse/rule.h"

#include <deque>
#include <string>
#include <unordered_map>

namespace memsnap::misuse {

class Collector {
 public:
  explicit Collector(types::Program& program) : program_(program) {}

  void add(const FileFacts& facts);  // of each file, in order
  // After the last file. The texts live as long as the collector and the sources.
  const PackageFacts& finish();

 private:
  struct Body {  // of a function: its bytes, and those of all bodies before it
    std::uint32_t from = 0, to = 0, before = 0;
  };
  const std::vector<Body>& bodies_of(types::FileId file);

  void add_functions(const FileFacts& facts);
  void add_calls(const FileFacts& facts);
  void note_arguments(const Code& code, NodeId node, Call& call);
  void add_uses(const FileFacts& facts);
  void add_use(const FileFacts& facts, ObjectId object, NodeId ident);
  void add_types(const Code& code);
  void note_making(types::TypeId type, NodeId function, int depth = 0);
  void note_lives();
  // collect_rlocks.cc
  void add_rlocks(const FileFacts& facts);
  void note_write(const FileFacts& facts, NodeId node, NodeId place);
  void count_touch(const FileFacts& facts, NodeId selector);
  bool has_rwmutex(TypeId type);
  FunctionRow row_at(NodeId function) const;

  SymbolId symbol(ObjectId object);
  Symbol about(ObjectId object);
  void identify(ObjectId object, Symbol& symbol);
  bool is_of_module(ObjectId object) const;
  Place place(const Code& code, NodeId node);
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  types::Program& program_;
  std::uint32_t module_ = 0;  // of the package
  PackageFacts facts_;
  std::deque<std::string> texts_;
  std::unordered_map<std::uint32_t, FunctionRow> row_of_node_;   // of the file that is being added
  std::unordered_map<std::uint32_t, SymbolId> symbol_of_;        // by ObjectId
  std::unordered_map<std::uint32_t, bool> few_values_;           // by TypeId
  std::unordered_map<std::uint32_t, std::vector<Body>> bodies_;  // by FileId
  std::unordered_map<std::uint32_t, std::size_t> touched_;       // by ObjectId of the field
  std::unordered_map<std::uint32_t, bool> has_rwmutex_;          // by TypeId
  std::vector<types::TypeId> held_;                              // by package variables
};

}  // namespace memsnap::misuse
