// Finds the calls of one file and the functions that are handed on as values.
#pragma once

#include "flow/calls.h"
#include "gosrc/walk.h"

#include <vector>

namespace memsnap::flow {

class CallCollector {
 public:
  CallCollector(Program& program, const FunctionTable& functions, CallGraph& graph, FileId file)
      : program_(program),
        functions_(functions),
        graph_(graph),
        file_(file),
        source_(program.source(file)),
        parents_(source_) {}
  void run();

 private:
  void function_name(NodeId node, ObjectId object);
  void literal(NodeId node);
  void value(NodeId node, FuncId callee, ObjectId object);
  void called(NodeId node, NodeId call, FuncId callee, ObjectId object);
  void called_variable(NodeId node, ObjectId variable);
  void held_by_variable(NodeId node, FuncId callee);
  void note_lock(NodeId node, ObjectId method);
  void note_service(NodeId call, ObjectId callee);
  void note_request(NodeId decl);
  NodeId call_of(NodeId node) const;
  CallKind kind_of(NodeId call) const;
  void note_loop(NodeId node);
  void add(CallSite site, ObjectId callee, TypeId interface = types::kUnknownType);

  Program& program_;
  const FunctionTable& functions_;
  CallGraph& graph_;
  FileId file_;
  const SourceFile& source_;
  ast::Parents parents_;
  std::vector<bool> in_loop_;  // by node, within its function
};

// A parameter of the signature is a request: *http.Request, or the context of a web framework.
bool takes_request(Program& program, TypeId signature);

}  // namespace memsnap::flow
