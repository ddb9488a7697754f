#include "snap/format.h"
#include "snap/snapshot.h"

namespace memsnap {
namespace {

struct Plan {
  std::vector<snap::Section> sections;
  std::vector<Bytes> bytes;  // of each section
};

Plan plan_file(const Heap& heap) {
  Plan plan;
  Heap::tables(heap, [&](std::string_view table, const auto& rows) {
    rows.columns(rows, [&](std::string_view column, const auto& values, std::string_view) {
      snap::Section section;
      snap::set_name(section.table, table);
      snap::set_name(section.column, column);
      section.element_size = sizeof *values.data();
      section.rows = values.size();
      plan.sections.push_back(section);
      plan.bytes.push_back(std::as_bytes(values.view()));
    });
  });
  std::uint64_t at = sizeof(snap::Header) + plan.sections.size() * sizeof(snap::Section);
  for (std::size_t i = 0; i < plan.sections.size(); ++i) {
    plan.sections[i].offset = at = snap::align_up(at);
    plan.sections[i].checksum = snap::checksum(plan.bytes[i]);
    at += plan.bytes[i].size();
  }
  return plan;
}

bool fill(const Plan& plan, const Sink& sink) {
  static constexpr std::byte kZeros[snap::kAlign] = {};
  snap::Header header;
  std::ranges::copy(snap::kMagic, header.magic);
  header.version = snap::kVersion;
  header.sections = std::uint32_t(plan.sections.size());
  header.file_size = plan.sections.back().offset + plan.bytes.back().size();
  header.checksum = snap::header_checksum(header, plan.sections);

  std::uint64_t at = 0;
  auto put = [&](Bytes piece) {
    at += piece.size();
    return piece.empty() || sink(piece);
  };
  if (!put(std::as_bytes(std::span(&header, 1))) || !put(std::as_bytes(std::span(plan.sections))))
    return false;
  for (std::size_t i = 0; i < plan.sections.size(); ++i) {
    if (!put(Bytes(kZeros).first(std::size_t(plan.sections[i].offset - at)))) return false;
    if (!put(plan.bytes[i])) return false;
  }
  return true;
}

}  // namespace

Result<void> write_snapshot(const Heap& heap, const std::string& path, bool force) {
  Plan plan = plan_file(heap);
  return write_file(path, force, [&](const Sink& sink) -> Result<void> {
    if (!fill(plan, sink)) return fail(Cause::bad_output, "snapshot: {} could not be written", path);
    return {};
  });
}

}  // namespace memsnap
