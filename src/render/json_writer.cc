#include "render/json_writer.h"

#include "base/result.h"
#include "base/text.h"

#include <cmath>
#include <string>

namespace memsnap {

void JsonWriter::break_line() {
  if (empty_.size() > broken_levels_) return;
  out_.put("\n" + std::string(empty_.size(), ' '));
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (empty_.empty()) return;
  if (!empty_.back()) out_.put(empty_.size() > broken_levels_ ? ", " : ",");
  empty_.back() = false;
  break_line();
}

JsonWriter& JsonWriter::key(std::string_view name) {
  CHECK(!after_key_);
  before_value();
  out_.put(quote_json(name));
  out_.put(": ");
  after_key_ = true;
  return *this;
}

void JsonWriter::open(char mark) {
  before_value();
  out_.put(std::string_view(&mark, 1));
  empty_.push_back(true);
}

void JsonWriter::close(char mark) {
  CHECK(!empty_.empty() && !after_key_);
  bool was_empty = empty_.back();
  bool broken = empty_.size() <= broken_levels_;
  empty_.pop_back();
  if (!was_empty && broken) out_.put("\n" + std::string(empty_.size(), ' '));
  out_.put(std::string_view(&mark, 1));
}

void JsonWriter::value(std::string_view text) {
  before_value();
  out_.put(quote_json(text));
}

void JsonWriter::put_digits(const fmt::format_int& digits) {
  before_value();
  out_.put(std::string_view(digits.data(), digits.size()));
}

void JsonWriter::value(std::uint64_t number) { put_digits(fmt::format_int(number)); }
void JsonWriter::value(std::int64_t number) { put_digits(fmt::format_int(number)); }

void JsonWriter::value(double number) {
  before_value();
  if (!std::isfinite(number)) return out_.put("null");
  // Whole numbers without an exponent or a fraction, as everything that reads JSON expects them.
  if (number == std::floor(number) && std::abs(number) < 1e15)
    return out_.put(fmt::format("{:.0f}", number + 0.0));
  out_.put(fmt::format("{}", number));
}

void JsonWriter::value(bool yes) {
  before_value();
  out_.put(yes ? "true" : "false");
}

void JsonWriter::end() {
  CHECK(empty_.empty() && !after_key_);
  out_.put("\n");
}

}  // namespace memsnap
