// What the nodes above an expression do with it.
#pragma once

#include "flow/uses.h"

namespace memsnap::flow {

class UseContext {
 public:
  UseContext(Program& program, FileId file, const ast::Parents& parents)
      : program_(program), file_(file), source_(program.source(file)), parents_(parents) {}

  void decide(NodeId node, Use& use);  // fills kind and other

 private:
  // The way up from the node while what is above is still the same value, or a part of it in place.
  struct At {
    NodeId node;                     // what has been reached
    bool part = false;               // it is an element, field or target of the value
    UseKind plain = UseKind::kRead;  // what it is when nothing is done to the part
  };
  bool up(At& at) const;
  bool through_index(At& at, NodeId above) const;
  bool through_selector(At& at, NodeId above) const;
  bool through_call(At& at, NodeId above) const;

  void end(const At& at, NodeId above, Use& use) const;
  bool stored(const At& at, NodeId above, Use& use) const;
  void assigned(const At& at, NodeId above, Use& use) const;
  void specified(const At& at, NodeId above, Use& use) const;
  void argument(const At& at, NodeId above, Use& use) const;
  bool builtin(const At& at, const ast::CallExpr& call, NodeId above, Use& use) const;
  void pair(const At& at, NodeId above, Use& use) const;
  void binary(const At& at, NodeId above, Use& use) const;
  NodeId above_parens(NodeId node) const;
  bool is_target(NodeId node) const;
  bool same_text(NodeId a, NodeId b) const {
    return source_.text(ast::unparen(source_, a)) == source_.text(ast::unparen(source_, b));
  }
  types::TypeKind kind_of(NodeId expr) const { return program_.kind(program_.type_of(file_, expr)); }

  Program& program_;
  FileId file_;
  const SourceFile& source_;
  const ast::Parents& parents_;
};

// The name of the builtin that is called; empty when it is none.
std::string_view builtin_of(const Program& program, FileId file, NodeId call);

}  // namespace memsnap::flow
