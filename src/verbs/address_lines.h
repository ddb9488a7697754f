// How memsnap symbolize prints addresses: as addr2line does, or as JSON.
#pragma once

#include "render/json_writer.h"
#include "render/out.h"
#include "symbols/demangle.h"
#include "symbols/frame.h"

#include <cstdint>
#include <span>
#include <string>

namespace memsnap {

struct AddressStyle {  // the flags of addr2line
  bool functions = false, inlines = false, addresses = false, pretty = false, base_names = false,
       demangle = false, ascii = false;
};

// Members of an open object.
void write_frame(const CodeFrame& frame, bool inlined, Demangler& demangle, JsonWriter& json);

class AddressLines {
 public:
  AddressLines(const AddressStyle& style, Out& out) : style_(style), out_(out) {}

  // Frames are those of Symbolizer::frames_at. The first line begins with `head`.
  void print(std::uint64_t address, std::span<const CodeFrame> frames, std::string_view head = {});
  void write(std::span<const CodeFrame> frames, JsonWriter& json);  // the member frames of an open object

 private:
  void frame(const CodeFrame& frame);
  void safe(std::string_view text);

  AddressStyle style_;
  Out& out_;
  Demangler demangle_;
  std::string line_;
};

}  // namespace memsnap
