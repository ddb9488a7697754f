// Whatever the source, a Program answers: every node's type can be written, every object's type asked for,
// and a second check gives the same.
#include "gotypes/types.h"

#include <cstddef>
#include <string_view>

using namespace memsnap;

namespace {

std::size_t sum_of(types::Program& program) {
  std::size_t sum = 0;
  for (types::PackageId package : program.asked()) {
    program.check(package);
    for (types::FileId file : program.package(package).files) {
      const SourceFile& source = program.source(file);
      std::size_t nodes = source.node_count(), step = nodes / 2'000 + 1;
      for (std::size_t n = 1; n < nodes; n += step) {
        ast::NodeId node{std::uint32_t(n)};
        types::TypeId t = program.type_of(file, node);
        sum = sum * 31 + program.string(t).size();
        (void)program.constant_of(file, node);
        (void)program.selection_of(file, node);
        (void)program.callee_of(file, node);
        if (n % 7 == 0) (void)program.comparable(t), (void)program.has_pointers(t);
        if (n % 11 == 0)
          (void)program.assignable(t, program.type_of(file, ast::NodeId{std::uint32_t(n / 2)}));
      }
    }
    for (types::ObjectId object : program.package_objects(package)) {
      sum = sum * 31 + program.string(program.type(object)).size();
      sum = sum * 31 + program.qualified_name(object).size();
    }
    program.forget(package);
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size > 16 << 10) return 0;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t cut = text.find("\n---\n");
  std::vector<types::Program::NamedText> files{{"p/a.go", std::string(text.substr(0, cut))}};
  if (cut != text.npos) files.push_back({"q/b.go", std::string(text.substr(cut + 5))});
  GoEnvironment environment;
  environment.goos = "linux";
  environment.goarch = "amd64";
  auto program = types::Program::from_texts(files, environment);
  if (sum_of(*program) != sum_of(*program)) __builtin_trap();
  return 0;
}
