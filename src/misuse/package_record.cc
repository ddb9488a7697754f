// Numbers are LEB128, texts and lists begin with their number of bytes or elements, flags are bits of one
// number. Both directions walk the same members: the names in a structured binding are all that a struct has,
// so a member that is forgotten here does not compile.
#include "misuse/package_record.h"

#include <algorithm>
#include <type_traits>

namespace memsnap::misuse {
namespace {

// Writes what it is given.
class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(char(value | 0x80));
    out_.push_back(char(value));
  }
  void text(std::string_view text) {
    number(text.size());
    out_ += text;
  }
  template <class T>
  void one(const T& value) {
    if constexpr (std::is_enum_v<T>)
      number(std::uint64_t(value));
    else if constexpr (std::is_signed_v<T>)
      number(std::uint64_t(std::uint32_t(value)));
    else if constexpr (std::is_integral_v<T>)
      number(value);
    else if constexpr (std::is_convertible_v<const T&, std::string_view>)
      text(value);
    else
      members(*this, value);
  }
  template <class T>
  void one(const std::vector<T>& list) {
    number(list.size());
    for (const T& value : list) one(value);
  }
  template <class... T>
  void all(const T&... values) {
    (one(values), ...);
  }
  void flags(auto... bits) {
    std::uint64_t number_of_bits = 0, value = 0;
    ((value |= std::uint64_t(bits) << number_of_bits++), ...);
    number(value);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Fills what it is given; after the first mistake with nothing.
class Reader {
 public:
  explicit Reader(Bytes bytes) : in_(bytes) {}
  bool done() const { return in_.ok() && in_.done(); }

  template <class T>
  void one(T& value) {
    if constexpr (std::is_enum_v<T>) {
      std::uint64_t number = in_.varint();
      if (number > largest(value)) in_.fail();
      value = T(in_.ok() ? number : 0);
    } else if constexpr (std::is_integral_v<T>) {
      std::uint64_t number = in_.varint();
      using Unsigned = std::make_unsigned_t<T>;
      if (number > Unsigned(-1)) in_.fail();
      value = T(in_.ok() ? number : 0);
    } else if constexpr (std::is_assignable_v<T&, std::string_view>) {
      value = text_of(in_.take(in_.varint()));
    } else {
      members(*this, value);
    }
  }
  template <class T>
  void one(std::vector<T>& list) {
    std::uint64_t count = in_.varint();
    if (count > in_.left()) in_.fail();
    list.clear();
    if (in_.ok()) list.reserve(std::min<std::uint64_t>(count, in_.left() / 4 + 1));
    for (std::uint64_t i = 0; i < count && in_.ok(); ++i) one(list.emplace_back());
  }
  template <class... T>
  void all(T&... values) {
    (one(values), ...);
  }
  void flags(auto&... bits) {
    std::uint64_t value = in_.varint();
    ((bits = (value & 1) != 0, value >>= 1), ...);
  }

 private:
  static std::uint64_t largest(TypeKind) { return std::uint64_t(TypeKind::kUnion); }
  static std::uint64_t largest(How) { return std::uint64_t(How::kStore); }
  static std::uint64_t largest(Severity) { return std::uint64_t(Severity::kHigh); }
  static std::uint64_t largest(Confidence) { return std::uint64_t(Confidence::kProven); }
  static std::uint64_t largest(SymbolId) { return ~std::uint32_t(0); }

  Cursor in_;
};

template <class T, class Of>
concept Same = std::same_as<std::remove_const_t<T>, Of>;

void members(auto& to, Same<Symbol> auto& of) {
  auto& [key, place, name, kind, elem_kind, field, package_level, exported, embedded, light, few_keys,
         has_lock] = of;
  to.all(key, place, name, kind, elem_kind);
  to.flags(field, package_level, exported, embedded, light, few_keys, has_lock);
}
void members(auto& to, Same<Function> auto& of) {
  auto& [object, name, around, is_test, exported, is_init, says_locked, sets_lock, handler, goroutine,
         in_loop, as_value, lent] = of;
  to.all(object, name, around);
  to.flags(is_test, exported, is_init, says_locked, sets_lock, handler, goroutine, in_loop, as_value);
  to.one(lent);
}
void members(auto& to, Same<Outside> auto& of) {
  auto& [argument, what] = of;
  to.all(argument, what);
}
void members(auto& to, Same<Argument> auto& of) {
  auto& [argument, parameter] = of;
  to.all(argument, parameter);
}
void members(auto& to, Same<Call> auto& of) {
  auto& [callee, from, go, in_loop, at_start, fresh, made, locked, held, outside, fresh_arguments,
         constant_arguments, forwarded] = of;
  bool more = !held.empty() || !outside.empty();
  bool passes = fresh_arguments != 0 || constant_arguments != 0 || !forwarded.empty();
  to.all(callee, from);
  to.flags(go, in_loop, at_start, fresh, made, locked, more, passes);
  if (more) to.all(held, outside);
  if (passes) to.all(fresh_arguments, constant_arguments, forwarded);
}
void members(auto& to, Same<Guard> auto& of) {
  auto& [mutex, write] = of;
  to.one(mutex);
  to.flags(write);
}
void members(auto& to, Same<Place> auto& of) {
  auto& [file, from, end, line, column, end_line, end_column, text] = of;
  to.all(file, from, end, line, column, end_line, end_column, text);
}
void members(auto& to, Same<Use> auto& of) {
  auto& [object, how, place, function, fresh, nil, empty, returned, lets_nil_by, constant_key, plain_key,
         key_call, on_receiver, drains, bounded, in_loop, other_lock, shifts, inner_write, registers,
         stores_parameter, before_go, given_up, key_parameter, of_parameter, outside, guards] = of;
  to.all(object, how, place, function);
  to.flags(fresh, nil, empty, returned, lets_nil_by, constant_key, plain_key, key_call, on_receiver, drains,
           bounded, in_loop, other_lock, shifts, inner_write, registers, stores_parameter, before_go,
           given_up);
  to.all(key_parameter, of_parameter, outside, guards);
}
void members(auto& to, Same<Owner> auto& of) {
  auto& [field, type] = of;
  to.all(field, type);
}
void members(auto& to, Same<Maker> auto& of) {
  auto& [type, function] = of;
  to.all(type, function);
}
void members(auto& to, Same<RlockWrite> auto& of) {
  auto& [field, function, at, lock, shown] = of;
  to.all(field, function, at, lock, shown);
}
void members(auto& to, Same<Touched> auto& of) {
  auto& [field, bare, for_writing] = of;
  to.all(field, bare, for_writing);
}
void members(auto& to, Same<PackageFacts> auto& of) {
  auto& [files, symbols, functions, calls, uses, owners, makers, rlock_writes, touched, living] = of;
  to.all(files, symbols, functions, calls, uses, owners, makers, rlock_writes, touched, living);
}

void members(auto& to, Same<Span> auto& of) {
  auto& [file, from, end, line, column, end_line, end_column] = of;
  to.all(file, from, end, line, column, end_line, end_column);
}
void members(auto& to, Same<Related> auto& of) {
  auto& [at, words] = of;
  to.all(at, words);
}
void members(auto& to, Same<Edit> auto& of) {
  auto& [file, from, end, text] = of;
  to.all(file, from, end, text);
}
void members(auto& to, Same<Diagnostic> auto& of) {
  // Live bytes and fingerprints come later.
  auto& [rule, severity, confidence, at, message, function, subject, related, related_is_path, fix, edits,
         live, fingerprint] = of;
  to.all(rule, severity, confidence, at, message, function, subject, related);
  to.flags(related_is_path);
  to.all(fix, edits);
}
void members(auto& to, Same<Suppression> auto& of) {
  auto& [at, from, end, rules, reason, ours, used] = of;
  to.all(at, from, end, rules, reason);
  to.flags(ours, used);
}
void members(auto& to, Same<PackageRecord> auto& of) {
  auto& [path, facts, diagnostics, suppressions, bad_suppressions, missing, files, lines, unknown] = of;
  to.all(path, facts, diagnostics, suppressions, bad_suppressions, missing, files, lines, unknown);
}

void members(auto& to, Same<types::Digest> auto& of) {
  auto& [high, low] = of;
  to.all(high, low);
}
void members(auto& to, Same<FilePart> auto& of) {
  auto& [name, content, locks, record] = of;
  to.all(name, content, locks, record);
}
void members(auto& to, Same<FolderRecord> auto& of) {
  auto& [rest, parts] = of;
  to.all(rest, parts);
}
void members(auto& to, Same<flow::NamedPath> auto& of) {
  auto& [parameter, package, variable, steps] = of;
  to.all(parameter, package, variable, steps);
}
void members(auto& to, Same<flow::NamedLock> auto& of) {
  auto& [path, write] = of;
  to.one(path);
  to.flags(write);
}
void members(auto& to, Same<flow::DeclaredFunction> auto& of) {
  auto& [file, row] = of;
  to.all(file, row);
}
void members(auto& to, Same<flow::OutsideCalls> auto& of) {
  auto& [callee, opens, apart, whole, held, deeper] = of;
  to.one(callee);
  to.flags(opens, apart, whole);
  to.all(held, deeper);
}
void members(auto& to, Same<flow::LockHelper> auto& of) {
  auto& [row, locks, whole, left] = of;
  to.one(row);
  to.flags(locks, whole);
  to.one(left);
}
void members(auto& to, Same<flow::FileLocks> auto& of) {
  auto& [calls, helpers, asked] = of;
  to.all(calls, helpers, asked);
}

template <class T>
std::string written(const T& value) {
  Writer writer;
  writer.one(value);
  return writer.take();
}
template <class T>
bool read(Bytes bytes, T& value) {
  Reader reader(bytes);
  reader.one(value);
  return reader.done();
}

// Every number that names a row names one that is there.
bool is_whole(const PackageFacts& facts) {
  auto symbol = [&](SymbolId one) { return std::size_t(one) < facts.symbols.size(); };
  auto row = [&](FunctionRow one) { return one < facts.functions.size(); };
  if (facts.symbols.empty() || facts.functions.empty()) return false;
  for (std::size_t i = 0; i < facts.functions.size(); ++i) {
    const Function& one = facts.functions[i];
    if (!symbol(one.object) || (one.around >= i && one.around != 0)) return false;
    if (!std::ranges::all_of(one.lent, symbol)) return false;
  }
  for (const Call& call : facts.calls)
    if (!symbol(call.callee) || !row(call.from) || !std::ranges::all_of(call.held, symbol)) return false;
  for (const Use& use : facts.uses) {
    if (!symbol(use.object) || !row(use.function) || use.place.file >= facts.files.size()) return false;
    if (!std::ranges::all_of(use.guards, symbol, &Guard::mutex)) return false;
  }
  for (const RlockWrite& one : facts.rlock_writes)
    if (!symbol(one.field) || !row(one.function) || one.at.file >= facts.files.size() ||
        one.lock.file >= facts.files.size())
      return false;
  return std::ranges::all_of(facts.touched, symbol, &Touched::field) &&
         std::ranges::all_of(facts.owners,
                             [&](const Owner& one) { return symbol(one.field) && symbol(one.type); }) &&
         std::ranges::all_of(facts.makers,
                             [&](const Maker& one) { return symbol(one.type) && row(one.function); }) &&
         std::ranges::all_of(facts.living, symbol);
}

}  // namespace

std::string encode(const std::vector<PackageRecord>& records) { return written(records); }
std::string encode(const flow::FileLocks& locks) { return written(locks); }
std::string encode(const FolderRecord& folder) { return written(folder); }

bool decode(Bytes bytes, FolderRecord& folder) { return read(bytes, folder); }
bool decode(Bytes bytes, flow::FileLocks& locks) { return read(bytes, locks); }

bool decode_packages(Bytes bytes, std::vector<PackageRecord>& records) {
  std::vector<PackageRecord> found;
  bool well = read(bytes, found);
  if (!well || !std::ranges::all_of(found, [](const PackageRecord& one) { return is_whole(one.facts); }))
    return false;
  std::ranges::move(found, std::back_inserter(records));
  return true;
}

bool decode(Bytes bytes, std::vector<PackageRecord>& records) {
  FolderRecord folder;
  if (!decode(bytes, folder)) return false;
  std::size_t before = records.size();
  bool well = decode_packages(std::as_bytes(std::span(folder.rest)), records);
  for (const FilePart& part : folder.parts)
    well = well && decode_packages(std::as_bytes(std::span(part.record)), records);
  if (!well) records.resize(before);
  return well;
}

}  // namespace memsnap::misuse
