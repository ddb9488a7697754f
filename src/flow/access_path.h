// Which place an expression names: a variable, then fields, indices and explicit dereferences. Two
// expressions with the same PathId name the same place as long as no variable in it is assigned between them.
//
//   PathId p = paths.of(program, file, node);          // c.cache.m, (*c).cache.m and c.m through an embedded
//   if (is_there(p) && paths.root(p) == receiver) ...  // cache are one path
//
// Pointers are followed in silence where Go does so. An index is a constant or a local variable; an
// expression with any other index, or with a call in it, has no path.
#pragma once

#include "flow/functions.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap::flow {

enum class PathId : std::uint32_t {};
constexpr PathId kNoPath{0};
constexpr bool is_there(PathId p) { return p != kNoPath; }

struct PathStep {
  enum class Kind : std::uint8_t { kVariable, kField, kDeref, kConstant, kIndex };
  Kind kind = Kind::kVariable;
  std::uint32_t value = 0;  // ObjectId of the variable, field or index; NameId of a constant's text
  bool operator==(const PathStep&) const = default;
};

class PathTable {
 public:
  PathId of(Program& program, FileId file, NodeId expr);

  PathId variable(ObjectId var) { return add(kNoPath, {PathStep::Kind::kVariable, std::uint32_t(var)}); }
  PathId step(PathId of, PathStep step) { return add(of, step); }
  PathId field(PathId of, ObjectId field) { return add(of, {PathStep::Kind::kField, std::uint32_t(field)}); }
  // The embedded fields that a selection goes through, then its field; a method's own step is left out.
  PathId selected(Program& program, PathId of, const types::Selection& selection);

  PathId parent(PathId p) const { return rows_[std::size_t(p)].parent; }  // kNoPath of a variable
  PathStep last(PathId p) const { return rows_[std::size_t(p)].step; }
  ObjectId root(PathId p) const { return rows_[std::size_t(p)].root; }  // the variable
  ObjectId last_field(PathId p) const;              // kNoObject when the last step is none
  int length(PathId p) const;                       // 1 for a variable
  bool begins_with(PathId p, PathId prefix) const;  // a path begins with itself
  bool mentions(PathId p, ObjectId var) const;      // as root or as index
  // The path with its beginning `from` replaced: c.mu with s.conn for c is s.conn.mu. kNoPath when it does
  // not begin so, or `to` is none.
  PathId rebase(PathId p, PathId from, PathId to);
  std::string string(const Program& program, PathId p) const;  // as Go would write it

 private:
  struct Row {
    PathId parent = kNoPath;
    PathStep step;
    ObjectId root = types::kNoObject;
  };
  PathId add(PathId parent, PathStep step);
  PathId index(Program& program, FileId file, PathId of, NodeId index);

  std::vector<Row> rows_{1};
  std::unordered_multimap<std::uint64_t, PathId> found_;
};

}  // namespace memsnap::flow
