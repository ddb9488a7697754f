// A module of one package p for tests, beside small stand-ins for sync and net/http; nodes are found by text.
#pragma once

#include "flow/module.h"

#include <gtest/gtest.h>

#include <string>

namespace memsnap::flow {

class TestModule {
 public:
  explicit TestModule(const std::string& text, const std::string& name = "p") {
    const types::Program::NamedText files[] = {
        {"p/p.go", "package " + name +
                       "\nimport \"sync\"\nimport \"net/http\"\nvar _ sync.Mutex\nvar _ http.Request\n" +
                       text},
        {"sync/sync.go",
         "package sync\n"
         "type Mutex struct{ s int }\nfunc (m *Mutex) Lock() {}\nfunc (m *Mutex) Unlock() {}\n"
         "func (m *Mutex) TryLock() bool { return true }\n"
         "type RWMutex struct{ w Mutex }\nfunc (m *RWMutex) Lock() {}\nfunc (m *RWMutex) Unlock() {}\n"
         "func (m *RWMutex) RLock() {}\nfunc (m *RWMutex) RUnlock() {}\n"
         "type Locker interface { Lock(); Unlock() }\n"
         "type WaitGroup struct{ n int }\nfunc (w *WaitGroup) Wait() {}\nfunc (w *WaitGroup) Go(f func()) "
         "{}\n"},
        {"net/http/http.go",
         "package http\ntype Request struct{}\ntype ResponseWriter interface { Write(b []byte) (int, error) "
         "}\n"
         "func HandleFunc(path string, f func(ResponseWriter, *Request)) {}\n"}};
    program_ = types::Program::from_texts(files, {});
    module_ = std::make_unique<Module>(*program_);
    for (types::PackageId package : program_->asked())
      if (program_->package(package).path == "p") file_ = program_->package(package).files[0];
    EXPECT_TRUE(source().errors().empty()) << text;
  }

  Module& module() { return *module_; }
  types::Program& program() { return *program_; }
  FileId file() const { return file_; }
  const SourceFile& source() const { return program_->source(file_); }

  // The outermost node with exactly that text, of the n-th place where it stands, that is a step of the
  // graph.
  NodeId node(std::string_view text, int nth = 0) {
    std::uint32_t last = ~0u;
    NodeId found = ast::kNoNode;
    ast::walk(source(), source().root(), [&](NodeId each) {
      if (source().text(each) != text || source().pos(each) == last) return true;
      FuncId f = around(each);
      if (!is_there(module_->body(f).cfg.point(each))) return true;
      last = source().pos(each);
      if (nth-- == 0) found = each;
      return true;
    });
    EXPECT_TRUE(ast::is_there(found)) << text;
    return found;
  }
  FuncId around(NodeId node) {
    bool closure = source().kind(node) == ast::Kind::kFuncLit;
    FuncId f = module_->functions().at(file_, node);
    return closure ? module_->functions()[f].outer : f;
  }
  Point point(NodeId node) { return module_->body(around(node)).cfg.point(node); }
  FuncId function(std::string_view name) {
    for (std::uint32_t i = 1; i < module_->functions().size(); ++i) {
      const Function& f = module_->functions()[FuncId{i}];
      auto decl = program_->source(f.file).as<ast::FuncDecl>(f.node);
      if (decl && f.file == file_ && source().text(decl->name) == name) return FuncId{i};
    }
    ADD_FAILURE() << "no function " << name;
    return kNoFunc;
  }
  FuncId closure(std::string_view text) { return module_->functions().of(file_, node(text)); }
  ObjectId object(std::string_view ident, int nth = 0) {
    return program_->object_of(file_, node(ident, nth));
  }
  ObjectId field(std::string_view name) {
    ObjectId found = types::kNoObject;
    ast::walk(source(), source().root(), [&](NodeId each) {
      if (source().text(each) != name || source().kind(each) != ast::Kind::kIdent) return true;
      ObjectId o = program_->object_of(file_, each);
      if (program_->object(o).kind == types::ObjectKind::kField && !is_there(found)) found = o;
      return true;
    });
    EXPECT_TRUE(is_there(found)) << name;
    return found;
  }

  // "c.mu W, d.mu R", what is held before the step; a trailing ? where it may be assumed.
  std::string held(std::string_view text, int nth = 0) {
    NodeId at = node(text, nth);
    const LockFacts& locks = module_->locks(around(at));
    std::string all;
    for (const Held& lock : locks.at(point(at)))
      all += (all.empty() ? "" : ", ") + module_->paths().string(*program_, lock.path) +
             (lock.mode == LockMode::kWrite ? " W" : " R");
    return all + (locks.may_be_assumed(point(at)) ? "?" : "");
  }

 private:
  std::unique_ptr<types::Program> program_;
  std::unique_ptr<Module> module_;
  FileId file_ = types::kNoFile;
};

}  // namespace memsnap::flow
