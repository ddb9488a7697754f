// JSON with long arrays of numbers, written without a call per number into a stream.
#pragma once

#include "base/text.h"
#include "serve/profile_view.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace memsnap {

class JsonText {
 public:
  // Members and elements: a comma is put before all but the first.
  JsonText& key(std::string_view name) {
    comma();
    text_ += quote_json(name);
    text_ += ':';
    fresh_ = true;
    return *this;
  }
  JsonText& open(char mark) {
    comma();
    text_ += mark;
    fresh_ = true;
    return *this;
  }
  JsonText& close(char mark) {
    text_ += mark;
    fresh_ = false;
    return *this;
  }
  JsonText& value(std::string_view text) {
    comma();
    text_ += quote_json(text);
    return *this;
  }
  JsonText& value(const char* text) { return value(std::string_view(text)); }
  JsonText& value(bool yes) {
    comma();
    text_ += yes ? "true" : "false";
    return *this;
  }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  JsonText& value(Number number) {
    comma();
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}"), number);
    return *this;
  }
  template <class T>
  JsonText& member(std::string_view name, const T& what) {
    return key(name).value(what);
  }
  // An array of of(element) for each element.
  template <class Range, class Of>
  JsonText& list(std::string_view name, const Range& range, Of&& of) {
    key(name).open('[');
    for (const auto& element : range) value(of(element));
    return close(']');
  }
  JsonText& sides(std::string_view value_name, std::string_view base_name, Sides sides) {
    return member(value_name, sides.value).member(base_name, sides.base);
  }
  std::string take() {
    text_ += '\n';
    return std::move(text_);
  }

 private:
  void comma() {
    if (!fresh_) text_ += ',';
    fresh_ = false;
  }
  std::string text_;
  bool fresh_ = true;
};

}  // namespace memsnap
