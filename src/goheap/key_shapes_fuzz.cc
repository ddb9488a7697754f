// A mask tells classes only, whatever the text; normal forms are never longer than the text and do not change
// when made again, but for decoding, which a doubly encoded text survives once.
#include "goheap/key_shapes.h"

#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using memsnap::NormalForm;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string mask = memsnap::class_mask(text);
  if (mask.size() > 64 || mask.size() > size) __builtin_trap();
  for (char c : mask)
    if (std::string_view("aA9/.-_:?&=%@ ").find(c) == std::string_view::npos) __builtin_trap();
  for (NormalForm form : {NormalForm::kAsIs, NormalForm::kCase, NormalForm::kTrim, NormalForm::kUrl,
                          NormalForm::kQuery, NormalForm::kSlash, NormalForm::kAll}) {
    std::string plain = memsnap::normal_form(text, form);
    if (plain.size() > size) __builtin_trap();
    if (form == NormalForm::kUrl || form == NormalForm::kAll) continue;
    if (memsnap::normal_form(plain, form) != plain) __builtin_trap();
  }
  memsnap::normal_hashes(text, size);
  return 0;
}
