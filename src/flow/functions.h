// The functions of checked packages, closures among them: each a body of its own, with the function it is
// written in.
//
//   for (FuncId id : table.in_package(package))
//     if (const Function& f = table[id]; is_there(f.body)) see(f);
//   FuncId around = table.at(file, node);       // the innermost function that holds the node
#pragma once

#include "gotypes/types.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap::flow {

using ast::NodeId;
using types::FileId;
using types::ObjectId;
using types::PackageId;
using types::Program;
using types::TypeId;

enum class FuncId : std::uint32_t {};
constexpr FuncId kNoFunc{0};
constexpr bool is_there(FuncId f) { return f != kNoFunc; }
using ast::is_there;
using types::is_there;

struct Function {
  FileId file = types::kNoFile;
  NodeId node = ast::kNoNode;            // FuncDecl, FuncLit, or the File: what initialises its variables
  NodeId type = ast::kNoNode;            // FuncType; kNoNode for a File
  NodeId body = ast::kNoNode;            // kNoNode: written outside Go
  ObjectId object = types::kNoObject;    // of a FuncDecl
  ObjectId receiver = types::kNoObject;  // its variable; kNoObject when it has no name
  FuncId outer = kNoFunc;  // of a FuncLit: where it is written, at package level that of the File
};

class FunctionTable {
 public:
  // Of closures nested deeper nothing is said of what they take from outside: what is within is looked at
  // once for each level.
  static constexpr int kMaxDepth = 50;

  void add(const Program& program, PackageId package);  // once for each package, after check()

  std::size_t size() const { return rows_.size(); }  // ids are below; 0 is none
  const Function& operator[](FuncId id) const { return rows_[std::size_t(id)]; }
  std::span<const FuncId> in_package(PackageId package) const;  // in the order of the source
  FuncId of(ObjectId func) const;                    // the declaration; kNoFunc outside the packages added
  FuncId of(FileId file, NodeId function) const;     // of a FuncDecl, FuncLit or File
  FuncId at(FileId file, NodeId node) const;         // the innermost around the node, itself included
  int depth(FuncId f) const;                         // 0 of a declaration, 1 of a closure in it
  bool is_inside(FuncId inner, FuncId outer) const;  // also when they are the same

 private:
  struct Range {
    std::uint32_t first = 0, count = 0;
  };
  void add_file(const Program& program, FileId file);
  static std::uint64_t key(FileId file, NodeId node) {
    return std::uint64_t(file) << 32 | std::uint64_t(node);
  }

  const Program* program_ = nullptr;

  std::vector<Function> rows_{1};
  std::vector<FuncId> ids_{kNoFunc};
  std::vector<std::uint32_t> pos_{0}, end_{0};  // where the function lies in its file
  std::unordered_map<std::uint32_t, Range> of_file_, of_package_;
  std::unordered_map<std::uint32_t, FuncId> of_object_;
  std::unordered_map<std::uint64_t, FuncId> of_node_;
};

// Parameters (the receiver first) or named results of a function, one for each name; kNoObject for `_` and
// for those without a name.
std::vector<ObjectId> parameters(const Program& program, const Function& function);
std::vector<ObjectId> named_results(const Program& program, const Function& function);

}  // namespace memsnap::flow
