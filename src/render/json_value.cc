#include "render/json_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace memsnap {
namespace {

constexpr int kDeepest = 200;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<JsonValue> document() {
    JsonValue value = TRY(read(0));
    blanks();
    if (at_ != text_.size()) return bad("nothing after the value");
    return value;
  }

 private:
  std::unexpected<Error> bad(std::string_view wanted) const {
    return fail(Cause::bad_input, "JSON: byte {}: expected {}", at_, wanted);
  }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Result<JsonValue> read(int depth) {
    if (depth > kDeepest) return bad("fewer levels");
    blanks();
    if (take("null")) return JsonValue{nullptr};
    if (take("true")) return JsonValue{true};
    if (take("false")) return JsonValue{false};
    if (take("{")) return object(depth);
    if (take("[")) return array(depth);
    if (take("\"")) return JsonValue{TRY(string())};
    return number();
  }

  Result<JsonValue> object(int depth) {
    JsonValue::Object members;
    blanks();
    if (take("}")) return JsonValue{std::move(members)};
    while (true) {
      blanks();
      if (!take("\"")) return bad("a member's name");
      std::string name = TRY(string());
      if (std::ranges::any_of(members, [&](const auto& member) { return member.first == name; }))
        return bad("each member once");
      blanks();
      if (!take(":")) return bad("a colon");
      JsonValue value = TRY(read(depth + 1));
      members.emplace_back(std::move(name), std::move(value));
      blanks();
      if (take("}")) return JsonValue{std::move(members)};
      if (!take(",")) return bad("a comma or the end of the object");
    }
  }

  Result<JsonValue> array(int depth) {
    JsonValue::Array items;
    blanks();
    if (take("]")) return JsonValue{std::move(items)};
    while (true) {
      JsonValue value = TRY(read(depth + 1));
      items.push_back(std::move(value));
      blanks();
      if (take("]")) return JsonValue{std::move(items)};
      if (!take(",")) return bad("a comma or the end of the array");
    }
  }

  Result<std::uint32_t> unit() {
    std::uint32_t value = 0;
    if (text_.size() - at_ < 4) return bad("four hexadecimal digits");
    auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, value, 16);
    if (error != std::errc{} || end != text_.data() + at_ + 4) return bad("four hexadecimal digits");
    at_ += 4;
    return value;
  }

  static void append(std::string& out, std::uint32_t c) {
    auto put = [&](std::uint32_t byte) { out.push_back(char(static_cast<unsigned char>(byte))); };
    if (c < 0x80)
      put(c);
    else if (c < 0x800)
      put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
    else if (c < 0x10000)
      put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
    else
      put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  }

  Result<std::string> string() {
    std::string out;
    while (at_ < text_.size()) {
      char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) return bad("no control character in a string");
      if (c != '\\') {
        out.push_back(c);
        continue;
      }
      if (at_ == text_.size()) break;
      char escape = text_[at_++];
      static constexpr std::string_view kNames = "\"\\/bfnrt", kMeans = "\"\\/\b\f\n\r\t";
      if (std::size_t which = kNames.find(escape); which != std::string_view::npos) {
        out.push_back(kMeans[which]);
        continue;
      }
      if (escape != 'u') return bad("an escape");
      std::uint32_t value = TRY(unit());
      if (value >= 0xd800 && value < 0xdc00) {
        if (!take("\\u")) return bad("the second half of a surrogate pair");
        std::uint32_t low = TRY(unit());
        if (low < 0xdc00 || low > 0xdfff) return bad("the second half of a surrogate pair");
        value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
      } else if (value >= 0xdc00 && value < 0xe000) {
        return bad("the first half of a surrogate pair");
      }
      append(out, value);
    }
    return bad("the end of the string");
  }

  Result<JsonValue> number() {
    std::size_t from = at_;
    auto digits = [&] {
      std::size_t before = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      return at_ - before;
    };
    take("-");
    std::size_t first = at_, whole = digits();
    if (whole == 0 || (whole > 1 && text_[first] == '0')) return bad("a value");
    if (take(".") && digits() == 0) return bad("digits after the point");
    if (take("e") || take("E")) {
      if (!take("+")) take("-");
      if (digits() == 0) return bad("digits of the exponent");
    }
    double value = 0;
    auto [end, error] = std::from_chars(text_.data() + from, text_.data() + at_, value);
    if (error != std::errc{} || end != text_.data() + at_) return bad("a number that fits");
    return JsonValue{value};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_type(const JsonValue& value, std::string_view type) {
  if (type == "object") return value.object() != nullptr;
  if (type == "array") return value.array() != nullptr;
  if (type == "string") return value.text() != nullptr;
  if (type == "number") return value.number() != nullptr;
  if (type == "integer") return value.number() && *value.number() == std::floor(*value.number());
  if (type == "boolean") return std::holds_alternative<bool>(value.is);
  return type == "null" && std::holds_alternative<std::nullptr_t>(value.is);
}

class Checker {
 public:
  explicit Checker(const JsonValue& root) : root_(root) {}

  std::string check(const JsonValue& schema, const JsonValue& value, const std::string& place) const {
    const JsonValue::Object* words = schema.object();
    if (!words) return place + ": the schema is no object";
    for (const auto& [word, wanted] : *words) {
      std::string wrong = check_word(schema, word, wanted, value, place);
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

 private:
  std::string check_word(const JsonValue& schema, const std::string& word, const JsonValue& wanted,
                         const JsonValue& value, const std::string& place) const {
    if (word == "$schema" || word == "$id" || word == "$defs" || word == "title" || word == "description")
      return {};
    if (word == "$ref") return check_reference(wanted, value, place);
    if (word == "const") return value == wanted ? "" : place + ": is not the constant";
    if (word == "enum")
      return wanted.array() && std::ranges::find(*wanted.array(), value) != wanted.array()->end()
                 ? ""
                 : place + ": is none of the enum";
    if (word == "type")
      return wanted.text() && is_type(value, *wanted.text()) ? "" : place + ": is no " + *wanted.text();
    if (word == "minimum")
      return !value.number() || *value.number() >= *wanted.number() ? "" : place + ": is below the minimum";
    if (word == "maximum")
      return !value.number() || *value.number() <= *wanted.number() ? "" : place + ": is above the maximum";
    if (word == "minItems")
      return !value.array() || double(value.array()->size()) >= *wanted.number()
                 ? ""
                 : place + ": has too few items";
    if (word == "required") return check_required(wanted, value, place);
    if (word == "properties") return check_properties(wanted, value, place);
    if (word == "additionalProperties") return check_additional(schema, value, place);
    if (word == "items") return check_items(wanted, value, place);
    return place + ": the checker does not know " + word;
  }

  std::string check_reference(const JsonValue& wanted, const JsonValue& value,
                              const std::string& place) const {
    constexpr std::string_view kHere = "#/$defs/";
    const JsonValue* all = root_.member("$defs");
    if (!wanted.text() || !wanted.text()->starts_with(kHere) || !all)
      return place + ": a reference that leads nowhere";
    const JsonValue* one = all->member(std::string_view(*wanted.text()).substr(kHere.size()));
    return one ? check(*one, value, place) : place + ": a reference that leads nowhere";
  }

  static std::string check_required(const JsonValue& wanted, const JsonValue& value,
                                    const std::string& place) {
    if (!value.object()) return {};
    for (const JsonValue& name : *wanted.array())
      if (!value.member(*name.text())) return place + ": lacks " + *name.text();
    return {};
  }

  std::string check_properties(const JsonValue& wanted, const JsonValue& value,
                               const std::string& place) const {
    for (const auto& [name, schema] : *wanted.object()) {
      const JsonValue* member = value.member(name);
      if (!member) continue;
      if (std::string wrong = check(schema, *member, place + "/" + name); !wrong.empty()) return wrong;
    }
    return {};
  }

  static std::string check_additional(const JsonValue& schema, const JsonValue& value,
                                      const std::string& place) {
    const JsonValue* known = schema.member("properties");
    if (!value.object() || !known) return {};
    for (const auto& [name, member] : *value.object())
      if (!known->member(name)) return place + ": has " + name + ", which the schema does not know";
    return {};
  }

  std::string check_items(const JsonValue& wanted, const JsonValue& value, const std::string& place) const {
    if (!value.array()) return {};
    for (std::size_t i = 0; i < value.array()->size(); ++i)
      if (std::string wrong = check(wanted, (*value.array())[i], fmt::format("{}/{}", place, i));
          !wrong.empty())
        return wrong;
    return {};
  }

  const JsonValue& root_;
};

}  // namespace

const JsonValue* JsonValue::member(std::string_view name) const {
  if (!object()) return nullptr;
  for (const auto& [key, value] : *object())
    if (key == name) return &value;
  return nullptr;
}

Result<JsonValue> read_json(std::string_view text) { return Reader(text).document(); }

std::string check_schema(const JsonValue& schema, const JsonValue& value) {
  return Checker(schema).check(schema, value, "");
}

}  // namespace memsnap
