#include "symbols/process_code.h"

#include <algorithm>

namespace memsnap {

Result<ProcessCode> ProcessCode::open(pid_t pid) {
  ProcessCode code;
  code.pid_ = pid;
  TRY(identify(pid));
  code.executable_ = TRY(executable_path(pid));
  code.mappings_ = TRY(read_mappings(pid, false));
  return code;
}

Symbolizer* ProcessCode::symbolizer_of(const Mapping& mapping) {
  auto [row, fresh] = files_.try_emplace(mapping.name);
  if (fresh) {
    // The executable may have been replaced since, and the process may live in another root.
    std::string door = mapping.name == executable_ ? executable_door(pid_)
                                                   : fmt::format("/proc/{}/root{}", pid_, mapping.name);
    auto opened = Symbolizer::open(door);
    if (opened)
      row->second.emplace(std::move(*opened));
    else
      missing_.push_back(opened.error().what);
  }
  return row->second ? &*row->second : nullptr;
}

Result<void> ProcessCode::prepare_variables() {
  auto mapping = std::ranges::find(mappings_, executable_, &Mapping::name);
  if (mapping == mappings_.end()) return {};
  Symbolizer* file = symbolizer_of(*mapping);
  // Without DWARF there are lines all the same.
  if (file)
    if (auto read = file->prepare_variables(); !read && read.error().cause != Cause::refused) return read;
  return {};
}

ProcessCode::Place ProcessCode::find(std::uint64_t address) {
  auto next = std::ranges::upper_bound(mappings_, address, {}, &Mapping::from);
  if (next == mappings_.begin() || address >= (next - 1)->to) return {};
  const Mapping& mapping = *(next - 1);
  Place place{.name = mapping.name};
  if (!mapping.name.starts_with('/')) return place;
  Symbolizer* file = symbolizer_of(mapping);
  if (!file) return place;
  auto at = file->address_of(address - mapping.from + mapping.file_offset);
  if (!at) return place;
  place.file = file;
  place.address = *at;
  place.bias = address - *at;
  return place;
}

void ProcessCode::frames_at(std::uint64_t address, std::vector<CodeFrame>& frames) {
  frames.clear();
  Place place = find(address);
  if (place.file) place.file->frames_at(place.address, frames);
  if (frames.empty() && !place.name.empty()) frames.push_back({.function = place.name, .file = {}});
}

}  // namespace memsnap
