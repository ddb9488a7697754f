// One column of a table: values that we own and may append to, or values that lie in a mapped snapshot.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace memsnap {

template <class T>
class Column {
 public:
  using value_type = T;

  Column() = default;
  Column(std::vector<T> values) : own_(std::move(values)) { look(); }
  Column(const Column& other) : own_(other.begin(), other.end()) { look(); }
  Column(Column&& other) noexcept : own_(std::move(other.own_)), view_(other.view_) {
    other.own_.clear();
    other.view_ = {};
  }
  Column& operator=(const Column& other) { return *this = Column(other); }
  Column& operator=(Column&& other) noexcept {
    if (this == &other) return *this;
    own_ = std::move(other.own_);  // a moved vector keeps its storage, so the view stays right
    view_ = other.view_;
    other.own_.clear();
    other.view_ = {};
    return *this;
  }

  // The column then shows memory that the caller keeps alive; appending to it copies first.
  static Column borrow(std::span<const T> values) {
    Column column;
    column.view_ = values;
    return column;
  }

  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  const T* data() const { return view_.data(); }
  const T* begin() const { return view_.data(); }
  const T* end() const { return view_.data() + view_.size(); }
  const T& operator[](std::size_t row) const { return view_[row]; }
  const T& back() const { return view_.back(); }
  std::span<const T> view() const { return view_; }

  void push_back(T value) {
    keep();
    own_.push_back(std::move(value));
    look();
  }
  void reserve(std::size_t rows) {
    keep();
    own_.reserve(rows);
    look();
  }
  void resize(std::size_t rows, T value = {}) {
    keep();
    own_.resize(rows, value);
    look();
  }
  // For writing single rows or handing the storage to an algorithm; valid until the next append.
  std::span<T> mine() {
    keep();
    look();
    return own_;
  }

 private:
  void look() { view_ = own_; }
  void keep() {
    if (own_.empty() && !view_.empty()) own_.assign(view_.begin(), view_.end());
  }

  std::vector<T> own_;
  std::span<const T> view_;
};

}  // namespace memsnap
