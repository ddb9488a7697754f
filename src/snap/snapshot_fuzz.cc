// The input is a list of changes to a sound snapshot, 12 bytes each: a column, a row, a value. The checksums
// are made right again, so that what is refused is refused by the checks of what columns say. What is opened
// is then walked as analyses walk it: every row number is followed.
#include "snap/random_heap.h"
#include "snap/snapshot.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace {

using namespace memsnap;

std::string sound_file() {
  std::string name = (std::filesystem::temp_directory_path() / "memsnap_fuzz_XXXXXX").string();
  if (!mkdtemp(name.data())) std::abort();
  std::string path = name + "/sound.snap";
  if (!write_snapshot(RandomHeap(3, 40).make(), path, false)) std::abort();
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  std::filesystem::remove_all(name);
  return bytes;
}

struct Change {
  std::uint16_t section, row;
  std::uint64_t value;
};

void apply(std::string& file, const std::vector<snap::Section>& sections, const Change& change) {
  if (change.section >= sections.size()) {  // the header and the table of sections
    std::size_t head = sizeof(snap::Header) + sections.size() * sizeof(snap::Section);
    std::size_t at = change.row * std::size_t(4) % (head - sizeof change.value);
    std::memcpy(file.data() + at, &change.value, sizeof change.value);
    return;
  }
  const snap::Section& s = sections[change.section];
  if (s.rows == 0) return;
  std::size_t at = s.offset + change.row % s.rows * s.element_size;
  std::memcpy(file.data() + at, &change.value, std::min<std::size_t>(s.element_size, sizeof change.value));
}

// Follows every row number of a column.
template <class Values>
std::size_t follow(const Heap& heap, const Values& values) {
  using Value = typename Values::value_type;
  std::size_t sum = 0;
  for (Value value : values) {
    if constexpr (std::is_same_v<Value, StringId>)
      sum += heap.text(value).size();
    else if constexpr (std::is_same_v<Value, ObjectId>)
      sum += value == kNoObject ? 0 : heap.objects.words[std::size_t(value)];
    else if constexpr (std::is_same_v<Value, TypeId>)
      sum += std::size_t(heap.types.kind[std::size_t(value)]);
    else if constexpr (std::is_same_v<Value, RootId>)
      sum += value == kNoRoot ? 0 : heap.roots.phase[std::size_t(value)];
    else if constexpr (std::is_same_v<Value, FrameId>)
      sum += value == kNoFrame ? 0 : heap.frames.line[std::size_t(value)];
  }
  return sum;
}

std::size_t walk(const Heap& heap) {
  std::size_t sum = 0;
  Heap::tables(heap, [&](std::string_view, const auto& t) {
    t.columns(t,
              [&](std::string_view, const auto& values, std::string_view) { sum += follow(heap, values); });
  });
  for (std::size_t i = 0; i < heap.objects.rows(); ++i) {
    for (std::size_t e = heap.edges.first[i]; e < heap.edges.first[i + 1]; ++e)
      sum += std::size_t(heap.edges.target[e]);
    std::size_t steps = 0;
    NodeId at{std::uint32_t(i)};
    while (heap.is_object(at) && heap.objects.reached(heap.object_of(at))) {
      at = heap.objects.idom[std::size_t(at)];
      if (++steps > heap.objects.rows()) __builtin_trap();  // round in a circle
    }
  }
  for (std::size_t i = 0; i < heap.types.rows(); ++i)
    for (std::size_t f = heap.types.first_field[i]; f < heap.types.first_field[i + 1]; ++f)
      sum += heap.fields.offset[f];
  for (std::size_t i = 0; i < heap.goroutines.rows(); ++i)
    for (std::uint32_t k = 0; k < heap.goroutines.frames[i]; ++k)
      sum += heap.frames.line[heap.goroutines.first_frame[i] + k];
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const std::string sound = sound_file();
  static const std::vector<snap::Section> sections = *snap::read_sections(std::as_bytes(std::span(sound)));
  std::string file = sound;
  Cursor in(std::as_bytes(std::span(data, size)));
  while (in.left() >= 12) {
    auto section = in.fixed<std::uint16_t>();
    auto row = in.fixed<std::uint16_t>();
    apply(file, sections, {section, row, in.fixed<std::uint64_t>()});
  }
  AlignedCopy copy(std::as_bytes(std::span(file)));
  mend_checksums(copy.bytes());
  auto open = open_snapshot_bytes(copy.bytes());
  if (!open) return open.error().what.empty() ? __builtin_trap(), 0 : 0;
  std::size_t sum = walk(open->heap());
  asm volatile("" : : "r"(sum));
  return 0;
}
