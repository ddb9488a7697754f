// Where lines come from: standard input, or a string in tests.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace memsnap {

class In {
 public:
  // Fills the front of the span and gives the number of bytes: 0 at the end, minus errno when it failed.
  using Read = std::function<long(std::span<char>)>;

  In() = default;  // nothing to read
  explicit In(std::string text) : text_(std::move(text)) {}
  explicit In(Read read) : read_(std::move(read)) {}

  // The next line without its newline; nullopt at the end. Valid until the next call. A line that is longer
  // than 1 MiB comes in pieces of that size.
  std::optional<std::string_view> line() {
    while (true) {
      std::size_t end = text_.find('\n', searched_);
      if (end != text_.npos) return take(end, end + 1);
      searched_ = text_.size();
      if (searched_ - at_ >= kLongest) return take(searched_, searched_);
      if (!fill()) return at_ == text_.size() ? std::nullopt : take(text_.size(), text_.size());
    }
  }
  // No whole line is here: the next one has to be waited for.
  bool drained() const { return text_.find('\n', at_) == text_.npos; }
  int error() const { return error_; }  // errno of a read that failed; 0: none did

 private:
  static constexpr std::size_t kPiece = 64 << 10, kLongest = 1 << 20;

  std::optional<std::string_view> take(std::size_t end, std::size_t next) {
    std::string_view found = std::string_view(text_).substr(at_, end - at_);
    at_ = searched_ = next;
    return found;
  }
  bool fill() {
    if (!read_ || error_ != 0) return false;
    text_.erase(0, at_);
    at_ = 0;
    searched_ = text_.size();
    text_.resize(searched_ + kPiece);
    long got = read_(std::span(text_).subspan(searched_));
    if (got < 0) error_ = int(-got);
    text_.resize(searched_ + std::size_t(got > 0 ? got : 0));
    return got > 0;
  }

  Read read_;
  std::string text_;
  std::size_t at_ = 0, searched_ = 0;  // searched_: no newline lies before it
  int error_ = 0;
};

}  // namespace memsnap
