// Names in scopes, and fields and methods of types (go/types' LookupFieldOrMethod).
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

// ---- Scopes

ObjectId Checker::lookup_name(NameId name) {
  if (ObjectId object = env_.locals.find(name); is_there(object)) return object;
  if (ObjectId object = d_.package(env_.package).scope.find(name); is_there(object)) return object;
  if (!env_.row) return d_.universe.find(name);
  if (ObjectId object = imported_name(name, true); is_there(object)) return object;
  if (ObjectId object = d_.universe.find(name); is_there(object)) return object;
  return imported_name(name, false);
}

PackageId Checker::imported(ObjectId pkg_name) {
  ObjectRow& row = d_.row(pkg_name);
  FileRow& file = d_.file(row.object.file);
  auto import = std::ranges::find(file.imports, pkg_name, &Import::object);
  if (import == file.imports.end() || import->cgo) return kNoPackage;
  if (row.extra == 0) {
    PackageId package = import_package(d_, file.package, import->path);
    if (package == kNoPackage) return kNoPackage;
    d_.row(pkg_name).extra = std::uint32_t(package);
  }
  PackageId package{d_.row(pkg_name).extra};
  collect(d_, package);
  return package;
}

// `guessed`: only imports whose path looks like the name are read; else all others are, for yaml of go-yaml.
ObjectId Checker::imported_name(NameId name, bool guessed) {
  for (Import& import : env_.row->imports) {
    if (import.dot) {
      if (guessed) continue;
      PackageId package = imported(import.object);
      ObjectId object = d_.package(package).scope.find(name);
      if (is_there(object) && d_.row(object).object.exported) return object;
      continue;
    }
    if (import.name != kNoName) {
      if (import.name == name) return import.object;
      continue;
    }
    if (import.cgo || import.path == "unsafe") {
      if (import.guess == name) return import.object;
      continue;
    }
    if (guessed != (import.guess == name)) continue;
    PackageId package = imported(import.object);
    NameId called = d_.package(package).about.name;
    if (called == kNoName && import.guess == name) return import.object;
    if (called != kNoName) import.guess = d_.row(import.object).object.name = called;
    if (called == name) return import.object;
  }
  return kNoObject;
}

// ---- Fields and methods

struct Checker::Embedded {
  TypeId type = kUnknownType;
  std::vector<std::uint32_t> path;
  bool indirect = false;
  bool multiples = false;  // the same type stands at this depth more than once: what it has is ambiguous
};

TypeId Checker::method_type(ObjectId method, TypeId receiver) {
  TypeId signature = type(method);
  const ObjectRow& row = d_.row(method);
  std::span<const TypeId> arguments = t_.parts(receiver);
  if (row.extra == 0 || arguments.empty()) return signature;
  const FuncInfo& info = d_.func_infos[row.extra];
  if (info.receiver_params.size() != arguments.size()) return kUnknownType;
  return subst(signature, {info.receiver_params, arguments});
}

std::uint32_t Checker::method_place(ObjectId type_name, NameId name) {
  constexpr std::size_t kFew = 32;
  TypeInfo& info = d_.type_infos[d_.row(type_name).extra];
  const std::vector<ObjectId>& methods = info.methods;
  if (methods.size() > kFew) {
    // All methods are there before anybody looks for one.
    if (info.method_places.empty())
      for (std::size_t i = 0; i < methods.size(); ++i)
        info.method_places.insert(d_.row(methods[i]).object.name, std::uint32_t(i + 1));
    return info.method_places.find(name);
  }
  for (std::size_t i = 0; i < methods.size(); ++i)
    if (d_.row(methods[i]).object.name == name) return std::uint32_t(i + 1);
  return 0;
}

const Checker::FieldIndex& Checker::field_index(TypeId structure) {
  auto [row, fresh] = field_indexes_.try_emplace(std::uint32_t(structure));
  if (!fresh) return row->second;
  std::span<const Field> fields = t_.fields(structure);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    row->second.by_name.insert(fields[i].name, std::uint32_t(i + 1));
    if (fields[i].embedded) row->second.embedded.push_back(std::uint32_t(i));
  }
  return row->second;
}

// What is embedded in a field is looked through at the next depth.
void Checker::embed(const Embedded& holder, const Field& field, std::uint32_t i,
                    std::vector<Embedded>& next) const {
  bool pointer = t_.kind(field.type) == TypeKind::kPointer;
  TypeId below = pointer ? t_.elem(field.type) : field.type;
  TypeKind kind = t_.kind(below);
  if (kind != TypeKind::kNamed && kind != TypeKind::kStruct && kind != TypeKind::kInterface) return;
  auto twin = std::ranges::find(next, below, &Embedded::type);
  if (twin != next.end()) {
    twin->multiples = true;
    return;
  }
  Embedded row{below, holder.path, holder.indirect || pointer, holder.multiples};
  row.path.push_back(i);
  next.push_back(std::move(row));
}

// Looks through one level of embedding. True when the search is over, with or without a find.
bool Checker::find_at_depth(std::vector<Embedded>& level, std::vector<Embedded>& next, PackageId from,
                            NameId name, Found& found) {
  bool exported = is_exported(d_.names.text(name));
  int hits = 0;
  auto visible = [&](PackageId package) { return exported || package == from; };
  auto hit = [&](Found::Kind kind, ObjectId object, TypeId type, const Embedded& e, std::uint32_t i) {
    hits += e.multiples ? 2 : 1;
    found = {.kind = kind, .object = object, .type = type, .path = e.path, .indirect = e.indirect};
    found.path.push_back(i);
  };
  for (const Embedded& e : level) {
    if (t_.kind(e.type) == TypeKind::kNamed) {
      ObjectId type_name = t_.object(e.type);
      std::uint32_t place = method_place(type_name, name);
      if (place != 0 && visible(d_.row(type_name).object.package)) {
        ObjectId method = d_.type_infos[d_.row(type_name).extra].methods[place - 1];
        hit(Found::Kind::kMethod, method, method_type(method, e.type), e, place - 1);
        continue;
      }
    }
    TypeId under = underlying(e.type);
    if (t_.kind(under) == TypeKind::kInterface) {
      const std::vector<Method>& methods = method_set(under);
      for (auto m = std::ranges::lower_bound(methods, name, {}, &Method::name);
           m != methods.end() && m->name == name; ++m) {
        if (!visible(m->package)) continue;
        hit(Found::Kind::kMethod, m->object, m->type, e, std::uint32_t(m - methods.begin()));
        found.indirect = true;
      }
      continue;
    }
    std::span<const Field> fields = t_.fields(under);
    if (fields.empty()) continue;
    const FieldIndex& index = field_index(under);
    std::uint32_t place = index.by_name.find(name);
    if (place != 0 && visible(d_.row(fields[place - 1].object).object.package))
      hit(Found::Kind::kField, fields[place - 1].object, fields[place - 1].type, e, place - 1);
    if (hits == 0)
      for (std::uint32_t i : index.embedded) embed(e, fields[i], i, next);
  }
  if (hits > 1) found = {};
  return hits > 0;
}

Found Checker::lookup(TypeId receiver, PackageId from, NameId name) {
  Found found;
  if (name == kBlank || name == kNoName || !known(receiver)) return found;
  Embedded start{receiver, {}, false, false};
  bool named_pointer =
      t_.kind(receiver) == TypeKind::kNamed && t_.kind(underlying(receiver)) == TypeKind::kPointer;
  if (named_pointer) start.type = underlying(receiver);
  if (t_.kind(start.type) == TypeKind::kPointer) {
    start.type = t_.elem(start.type);
    start.indirect = true;
    // A pointer to an interface or type parameter has no methods.
    if (t_.kind(underlying(start.type)) == TypeKind::kInterface) return found;
  }
  std::vector<Embedded> level{std::move(start)}, next;
  std::vector<TypeId> seen;
  while (!level.empty()) {
    std::erase_if(level, [&](const Embedded& e) {
      if (t_.kind(e.type) != TypeKind::kNamed) return false;
      bool again = std::ranges::find(seen, e.type) != seen.end();
      if (!again) seen.push_back(e.type);
      return again;
    });
    next.clear();
    if (find_at_depth(level, next, from, name, found)) break;
    if (seen.size() > 2'000) break;  // type T[P any] struct { *T[[]P] } embeds without end
    level.swap(next);
  }
  if (named_pointer && found.kind == Found::Kind::kMethod) return {};
  return found;
}

// ---- Text

namespace {

constexpr std::size_t kLongestText = 64 << 10;

class Writer {
 public:
  explicit Writer(Checker& checker) : d_(checker.data()), t_(d_.types) {}
  std::string out;

  void type(TypeId t) {
    if (out.size() > kLongestText) return;
    switch (t_.kind(t)) {
      case TypeKind::kUnknown: out += "invalid type"; break;
      case TypeKind::kBasic: out += word(t_.basic(t)); break;
      case TypeKind::kPointer: prefixed("*", t_.elem(t)); break;
      case TypeKind::kSlice: prefixed("[]", t_.elem(t)); break;
      case TypeKind::kArray:
        prefixed(t_.length(t) < 0 ? "[...]" : "[" + std::to_string(t_.length(t)) + "]", t_.elem(t));
        break;
      case TypeKind::kMap:
        prefixed("map[", t_.key(t));
        prefixed("]", t_.elem(t));
        break;
      case TypeKind::kChan: chan(t); break;
      case TypeKind::kTypeParam: out += d_.names.text(d_.row(t_.object(t)).object.name); break;
      case TypeKind::kNamed: named(t); break;
      case TypeKind::kSignature:
        out += "func";
        signature(t);
        break;
      case TypeKind::kTuple: tuple(t, false); break;
      case TypeKind::kStruct: structure(t); break;
      case TypeKind::kInterface: interface(t); break;
      case TypeKind::kUnion: terms(t_.terms(t)); break;
    }
  }

 private:
  void prefixed(std::string_view front, TypeId t) {
    out += front;
    type(t);
  }

  void chan(TypeId t) {
    ast::ChanDir dir = t_.direction(t);
    TypeId elem = t_.elem(t);
    out += dir == ast::ChanDir::kSend ? "chan<- " : dir == ast::ChanDir::kRecv ? "<-chan " : "chan ";
    bool parens = dir == ast::ChanDir::kBoth && t_.kind(elem) == TypeKind::kChan &&
                  t_.direction(elem) == ast::ChanDir::kRecv;
    if (parens) out += "(";
    type(elem);
    if (parens) out += ")";
  }

  void list(std::span<const TypeId> types) {
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (i > 0) out += ",";
      type(types[i]);
    }
  }

  void named(TypeId t) {
    const Object& object = d_.row(t_.object(t)).object;
    if (object.package != kNoPackage) {
      out += d_.package(object.package).about.path;
      out += ".";
    }
    out += d_.names.text(object.name);
    if (t_.parts(t).empty()) return;
    out += "[";
    list(t_.parts(t));
    out += "]";
  }

  void tuple(TypeId t, bool variadic) {
    out += "(";
    std::span<const TypeId> parts = t_.parts(t);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) out += ", ";
      bool rest = variadic && i + 1 == parts.size();
      if (rest) out += "...";
      // append([]byte, string...) is the one variadic parameter that is no slice.
      type(rest && t_.kind(parts[i]) == TypeKind::kSlice ? t_.elem(parts[i]) : parts[i]);
    }
    out += ")";
  }

  void signature(TypeId t) {
    std::span<const TypeId> params = t_.type_params(t);
    if (!params.empty()) {
      out += "[";
      for (std::size_t i = 0; i < params.size(); ++i) {
        if (i > 0) out += ", ";
        type(params[i]);
        out += " ";
        type(d_.type_infos[d_.row(t_.object(params[i])).extra].underlying);
      }
      out += "]";
    }
    tuple(t_.params(t), t_.variadic(t));
    std::span<const TypeId> results = t_.parts(t_.results(t));
    if (results.empty()) return;
    out += " ";
    if (results.size() == 1)
      type(results[0]);
    else
      tuple(t_.results(t), false);
  }

  void structure(TypeId t) {
    out += "struct{";
    std::span<const std::string_view> tags = t_.tags(t);
    for (std::size_t i = 0; const Field& field : t_.fields(t)) {
      if (i > 0) out += "; ";
      if (!field.embedded) (out += d_.names.text(field.name)) += " ";
      type(field.type);
      if (!tags.empty() && !tags[i].empty()) (out += " ") += tags[i];
      ++i;
    }
    out += "}";
  }

  void interface(TypeId t) {
    if (t == d_.any_type) {
      out += "any";
      return;
    }
    std::vector<Method> methods(t_.methods(t).begin(), t_.methods(t).end());
    std::ranges::sort(methods, {}, [&](const Method& m) { return d_.names.text(m.name); });
    std::span<const Term> embedded = t_.embedded(t);
    if (methods.empty() && embedded.size() == 1 && t_.kind(embedded[0].type) == TypeKind::kUnion)
      return terms(t_.terms(embedded[0].type));
    out += "interface{";
    bool first = true;
    for (const Method& method : methods) {
      if (!std::exchange(first, false)) out += "; ";
      out += d_.names.text(method.name);
      signature(method.type);
    }
    for (const Term& term : embedded) {
      if (!std::exchange(first, false)) out += "; ";
      if (known(term.type))
        type(term.type);
      else
        out += "comparable";
    }
    out += "}";
  }

  void terms(std::span<const Term> list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out += " | ";
      if (list[i].tilde) out += "~";
      type(list[i].type);
    }
  }

  ProgramData& d_;
  const TypeTable& t_;
};

}  // namespace

std::string Checker::write(TypeId t) {
  Writer writer(*this);
  writer.type(t);
  return std::move(writer.out);
}

}  // namespace memsnap::types
