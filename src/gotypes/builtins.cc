// The predeclared functions and those of package unsafe.
#include "gosrc/walk.h"
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;

Operand Checker::builtin(NodeId n, const ast::CallExpr& c, Builtin id) {
  auto typed = [&](Basic b) { return Operand{.mode = Mode::kValue, .type = t_.basic(b)}; };
  switch (id) {
    case Builtin::kAppend: return append(c);
    case Builtin::kCap:
    case Builtin::kLen: return length(n, c);
    case Builtin::kMake: return make(c);
    case Builtin::kNew: return new_value(c);
    case Builtin::kMax: return extreme(c, true);
    case Builtin::kMin: return extreme(c, false);
    case Builtin::kComplex:
    case Builtin::kReal:
    case Builtin::kImag: return complex_parts(c, id);
    case Builtin::kCopy:
      for (NodeId arg : c.args) value(arg);
      return typed(Basic::kInt);
    case Builtin::kDelete: {
      if (c.args.empty()) return {.mode = Mode::kNoValue};
      Operand map = expr(c.args[0]);
      for (NodeId arg : c.args.subspan(1)) {
        Operand key = expr(arg);
        assign(key, t_.key(core(map.type)));
      }
      return {.mode = Mode::kNoValue};
    }
    case Builtin::kPanic:
      for (NodeId arg : c.args) {
        Operand x = expr(arg);
        assign(x, d_.any_type);
      }
      return {.mode = Mode::kNoValue};
    case Builtin::kRecover: return {.mode = Mode::kValue, .type = d_.any_type};
    case Builtin::kClear:
    case Builtin::kClose:
    case Builtin::kPrint:
    case Builtin::kPrintln:
      for (NodeId arg : c.args) value(arg);
      return {.mode = Mode::kNoValue};
    default: return unsafe_call(c, id);
  }
}

Operand Checker::append(const ast::CallExpr& c) {
  if (c.args.empty()) return {};
  Operand s = expr(c.args[0]);
  TypeId slice = core(s.type), elem = t_.elem(slice);
  for (NodeId arg : c.args.subspan(1)) {
    Operand x = expr(arg);
    // append([]byte, "text"...) leaves the text what it is.
    if (c.ellipsis && is_untyped(x.type))
      convert_untyped(x, x.mode == Mode::kNil ? s.type : default_type(x.type));
    else
      assign(x, c.ellipsis ? s.type : elem);
  }
  return {.mode = Mode::kValue, .type = s.type};
}

// A call or a receive keeps len(array) from being a constant.
bool Checker::has_call_or_receive(NodeId n) {
  bool found = false;
  ast::walk(source(), n, [&](NodeId below) {
    auto call = source().as<ast::CallExpr>(below);
    auto unary = source().as<ast::UnaryExpr>(below);
    if (call && !is_type_expr(call->fun)) found = true;
    if (unary && unary->op == ast::Token::kArrow) found = true;
    return !found && source().kind(below) != Kind::kFuncLit;
  });
  return found;
}

Operand Checker::length(NodeId, const ast::CallExpr& c) {
  Operand result{.mode = Mode::kValue, .type = t_.basic(Basic::kInt)};
  if (c.args.size() != 1) return result;
  Operand x = expr(c.args[0]);
  if (x.mode == Mode::kConstant && is_text(x.type)) {
    result.mode = Mode::kConstant;
    if (x.value.kind == Value::Kind::kString) result.value = Value::of(Int128(x.value.text.size()));
    return result;
  }
  if (t_.kind(x.type) == TypeKind::kTypeParam) return result;
  TypeId under = underlying(x.type);
  if (t_.kind(under) == TypeKind::kPointer) under = underlying(t_.elem(under));
  if (t_.kind(under) != TypeKind::kArray || has_call_or_receive(c.args[0])) return result;
  result.mode = Mode::kConstant;
  if (t_.length(under) >= 0) result.value = Value::of(Int128(t_.length(under)));
  return result;
}

Operand Checker::make(const ast::CallExpr& c) {
  if (c.args.empty()) return {};
  TypeId t = type_expr(c.args[0]);
  for (NodeId arg : c.args.subspan(1)) index_expr(arg);
  return {.mode = Mode::kValue, .type = t};
}

Operand Checker::new_value(const ast::CallExpr& c) {
  if (c.args.size() != 1) return {};
  Operand x = value(c.args[0]);  // new(expr) since go 1.26
  return {.mode = Mode::kValue, .type = known(x.type) ? t_.pointer(x.type) : kUnknownType};
}

Operand Checker::extreme(const ast::CallExpr& c, bool largest) {
  std::vector<Operand> args;
  for (NodeId arg : c.args) args.push_back(expr(arg));
  if (args.empty()) return {};
  Operand best = args[0];
  for (std::size_t i = 1; i < args.size(); ++i) {
    Operand x = args[i];
    match_types(best, x);
    if (best.mode != Mode::kConstant || x.mode != Mode::kConstant) {
      best.mode = Mode::kValue;
      continue;
    }
    ast::Token op = largest ? ast::Token::kGtr : ast::Token::kLss;
    Value better = binary_value(op, x.value, best.value, true, d_.texts);
    if (!better.known())
      best.value = {};
    else if (better.integer != 0)
      best.value = x.value;
  }
  // The others take the type that was found.
  if (best.mode != Mode::kConstant)
    for (Operand& arg : args)
      if (is_untyped(arg.type)) convert_untyped(arg, best.type);
  return {.mode = best.mode, .type = best.type, .value = best.value};
}

Operand Checker::complex_parts(const ast::CallExpr& c, Builtin id) {
  std::vector<Operand> args;
  for (NodeId arg : c.args) args.push_back(expr(arg));
  if (args.empty()) return {};
  if (args.size() == 2) match_types(args[0], args[1]);
  bool constant = std::ranges::all_of(args, [](const Operand& x) { return x.mode == Mode::kConstant; });
  bool untyped = is_untyped(args[0].type);
  bool whole = id == Builtin::kComplex;
  if (untyped && constant)
    return {.mode = Mode::kConstant, .type = t_.basic(whole ? Basic::kUntypedComplex : Basic::kUntypedFloat)};
  if (untyped)
    for (Operand& arg : args) convert_untyped(arg, t_.basic(whole ? Basic::kFloat64 : Basic::kComplex128));
  Basic b = t_.basic(underlying(args[0].type));
  Basic result = whole ? (b == Basic::kFloat32 ? Basic::kComplex64 : Basic::kComplex128)
                       : (b == Basic::kComplex64 ? Basic::kFloat32 : Basic::kFloat64);
  if (b == Basic::kNotBasic) return {.mode = Mode::kValue};
  return {.mode = constant ? Mode::kConstant : Mode::kValue, .type = t_.basic(result)};
}

// As the compiler lays types out on 64-bit machines (types.StdSizes); -1 when it is not known.
std::int64_t Checker::size_of(TypeId t, std::int64_t& align, int depth) {
  auto [row, fresh] = sizes_.try_emplace(std::uint32_t(t));
  Size& size = row->second;  // stays where it is
  if (fresh) size.size = sum_of_sizes(t, size.align, depth);
  align = size.align;
  return size.size;
}

std::int64_t Checker::sum_of_sizes(TypeId t, std::int64_t& align, int depth) {
  static constexpr std::int64_t kWord = 8, kMost = std::int64_t(1) << 50;
  align = kWord;
  if (depth > 500) return -1;
  TypeId under = t_.kind(t) == TypeKind::kTypeParam ? kUnknownType : underlying(t);
  switch (t_.kind(under)) {
    case TypeKind::kBasic: {
      static constexpr std::array<std::int8_t, 19> kSizes = {-1, 1, 8, 1, 2, 4, 8,  8,  1, 2,
                                                             4,  8, 8, 4, 8, 8, 16, 16, 8};
      std::size_t b = std::size_t(t_.basic(under));
      std::int64_t size = b < kSizes.size() ? kSizes[b] : -1;
      align = t_.basic(under) == Basic::kComplex64 ? 4 : std::clamp<std::int64_t>(size, 1, kWord);
      return size;
    }
    case TypeKind::kSlice: return 3 * kWord;
    case TypeKind::kInterface: return 2 * kWord;
    case TypeKind::kPointer:
    case TypeKind::kMap:
    case TypeKind::kChan:
    case TypeKind::kSignature: return kWord;
    case TypeKind::kArray: {
      std::int64_t size = size_of(t_.elem(under), align, depth + 1), length = t_.length(under);
      return size < 0 || length < 0 || (size > 0 && length > kMost / size) ? -1 : size * length;
    }
    case TypeKind::kStruct: {
      std::int64_t at = 0, most = 1, own = 1, last = 1;
      for (const Field& field : t_.fields(under)) {
        last = size_of(field.type, own, depth + 1);
        if (last < 0 || at > kMost) return -1;
        at = (at + own - 1) / own * own + last;
        most = std::max(most, own);
      }
      if (last == 0 && at > 0) ++at;
      align = most;
      return (at + most - 1) / most * most;
    }
    default: return -1;
  }
}

Operand Checker::unsafe_call(const ast::CallExpr& c, Builtin id) {
  std::vector<Operand> args;
  for (NodeId arg : c.args) args.push_back(value(arg));
  if (args.empty()) return {};
  Operand result{.mode = Mode::kValue, .type = t_.basic(Basic::kUnsafePointer)};
  TypeId first = args[0].type;
  switch (id) {
    case Builtin::kUnsafeAdd: return result;
    case Builtin::kUnsafeSlice: {
      TypeId pointer = core(first);
      result.type = t_.kind(pointer) == TypeKind::kPointer ? t_.slice(t_.elem(pointer)) : kUnknownType;
      return result;
    }
    case Builtin::kSliceData: {
      TypeId slice = core(first);
      result.type = t_.kind(slice) == TypeKind::kSlice ? t_.pointer(t_.elem(slice)) : kUnknownType;
      return result;
    }
    case Builtin::kUnsafeString: result.type = t_.basic(Basic::kString); return result;
    case Builtin::kStringData: result.type = t_.pointer(t_.basic(Basic::kUint8)); return result;
    default: break;
  }
  std::int64_t align = 0, size = size_of(first, align);
  result = {.mode = Mode::kConstant, .type = t_.basic(Basic::kUintptr)};
  if (id == Builtin::kSizeof && size >= 0) result.value = Value::of(Int128(size));
  if (id == Builtin::kAlignof && size >= 0) result.value = Value::of(Int128(align));
  return result;
}

}  // namespace memsnap::types
