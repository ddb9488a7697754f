#include "misuse/grow.h"

#include <algorithm>

namespace memsnap::misuse {

Growth growth_of(Module& module, UseList uses) {
  Growth growth;
  for (const Use* use : uses) {
    bool start = module.only_at_start(use->function) || module.function(use->function).is_test;
    switch (use->how) {
      case How::kDelete:
      case How::kClear:
      case How::kAddress:
      case How::kOther:
      case How::kMethod:
      case How::kArgument:
      case How::kSlice:
      case How::kAppendTo:
      case How::kStore: growth.bounded = true; break;
      case How::kAssign:
        if (!use->fresh && !start) growth.bounded = true;
        break;
      case How::kLen:
        if (use->bounded) growth.bounded = true;
        break;
      case How::kInsert:
        if (!start && !use->constant_key && !use->fresh && !use->nil && !use->registers &&
            !module.callers_pass_constants(use->function, use->key_parameter))
          growth.adds.push_back(use);
        break;
      case How::kAppend:
        if (!start && !use->fresh) growth.adds.push_back(use);
        break;
      default: break;
    }
  }
  return growth;
}

bool few_values(types::Program& program, types::TypeId type) {
  switch (program.types().basic(program.underlying(type))) {
    case types::Basic::kBool:
    case types::Basic::kInt8:
    case types::Basic::kUint8: return true;
    default: break;
  }
  if (program.is_named(type, "reflect", "Type")) return true;
  if (program.types().kind(type) != TypeKind::kNamed) return false;
  ObjectId name = program.types().object(type);
  int constants = 0;
  for (ObjectId one : program.package_objects(program.object(name).package))
    if (program.object(one).kind == types::ObjectKind::kConst && program.type(one) == type) ++constants;
  return constants >= 2;
}

}  // namespace memsnap::misuse
