// How a function that can fail on its input answers, and how its caller passes the failure up.
#pragma once

#include <fmt/core.h>

#include <expected>
#include <string>
#include <utility>

namespace memsnap {

// Why something failed. The exit status of the program follows from it (exit_status below).
enum class Cause {
  usage,        // wrong words on the command line or in a configuration
  bad_input,    // a file or a target cannot be read: not there, not Go, corrupt, gone meanwhile
  refused,      // not permitted, not supported, over the pause or the memory budget
  let_go,       // the target was let go before it was read; another attempt may do better
  bad_output,   // what was asked for could not be written
  timed_out,    // --timeout ran out
  interrupted,  // SIGINT or SIGTERM
};

// What was read, what was found, what was expected: one sentence, no newline.
struct Error {
  Cause cause = Cause::bad_input;
  std::string what;
};

template <class T>
using Result = std::expected<T, Error>;

template <class... Args>
std::unexpected<Error> fail(Cause cause, fmt::format_string<Args...> text, Args&&... args) {
  return std::unexpected(Error{cause, fmt::format(text, std::forward<Args>(args)...)});
}

// The documented exit status of a failure: 2, 3, 4, 5, 124 or 130.
constexpr int exit_status(Cause cause) {
  switch (cause) {
    case Cause::usage: return 2;
    case Cause::bad_input: return 3;
    case Cause::refused:
    case Cause::let_go: return 4;
    case Cause::bad_output: return 5;
    case Cause::timed_out: return 124;
    case Cause::interrupted: return 130;
  }
  return 3;
}

// A promise between our own functions; when it is broken, the program is wrong and stops.
[[noreturn]] void check_failed(const char* what, const char* file, int line);

}  // namespace memsnap

// TRY(x) is x's value, or returns its error from the enclosing function.
#define TRY(expression)                                                       \
  (__extension__({                                                            \
    auto&& try_result_ = (expression);                                        \
    if (!try_result_) return std::unexpected(std::move(try_result_.error())); \
    std::move(*try_result_);                                                  \
  }))

// The same for a Result<void>.
#define TRY_VOID(expression)                                                  \
  do {                                                                        \
    auto&& try_result_ = (expression);                                        \
    if (!try_result_) return std::unexpected(std::move(try_result_.error())); \
  } while (false)

#define CHECK(promise) ((promise) ? void() : ::memsnap::check_failed(#promise, __FILE__, __LINE__))
