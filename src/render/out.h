// Where results go: collected in memory until a piece is worth a write. The first failed write ends it;
// what comes after is dropped, and the program asks error() once, at its end.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace memsnap {

class Out {
 public:
  using Write = std::function<int(std::string_view)>;  // gives 0 or an errno

  Out() = default;  // keeps all of it, for tests and strings
  explicit Out(Write write) : write_(std::move(write)) {}

  void put(std::string_view text) {
    if (error_ != 0) return;
    text_ += text;
    if (write_ && text_.size() >= kPiece) flush();
  }
  template <class... Args>
  void print(fmt::format_string<Args...> text, Args&&... args) {
    put(fmt::format(text, std::forward<Args>(args)...));
  }
  void flush() {
    if (!write_ || text_.empty()) return;
    if (error_ == 0) error_ = write_(text_);
    text_.clear();
  }

  int error() const { return error_; }
  const std::string& text() const { return text_; }

 private:
  static constexpr std::size_t kPiece = 64 << 10;
  Write write_;
  std::string text_;
  int error_ = 0;
};

}  // namespace memsnap
