// What may be said about a key without telling it: its class mask, and hashes of its normal forms.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

// The classes of a text's characters, each run of one class folded into one: small letters a, capitals A,
// digits 9, punctuation that gives structure (/ . - _ : ? & = % @ space) as it is, everything else '?'. A run
// of equal punctuation is one as well, so that lengths do not show: "/orders/4711//Paris" is "/a/9/Aa". At
// most 64.
std::string class_mask(std::string_view text);

// Spellings that usually mean the same key. kAll applies all of them.
enum class NormalForm : std::uint8_t { kAsIs, kCase, kTrim, kUrl, kQuery, kSlash, kAll };
inline constexpr std::size_t kNormalForms = 7;

// Lower case is of ASCII letters; kTrim takes blanks, tabs and line ends off both ends; kUrl decodes %41 and
// +; kQuery cuts at ? or #; kSlash folds // and /./ and takes a trailing / away (a lone / stays).
std::string normal_form(std::string_view text, NormalForm form);

// Hashes of all normal forms of a text, with a salt that the caller draws anew for every run.
std::array<std::uint64_t, kNormalForms> normal_hashes(std::string_view text, std::uint64_t salt);
std::uint64_t salted_hash(std::string_view text, std::uint64_t salt);

}  // namespace memsnap
