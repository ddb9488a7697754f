// The samples of profile.proto, one message after the other, into a profile whose small tables are read.
#pragma once

#include "pprof/proto_fields.h"
#include "pprof/row_ids.h"
#include "tables/profile.h"

#include <span>
#include <string>
#include <vector>

namespace memsnap {

class SampleReader {
 public:
  SampleReader(Profile& profile, const RowIds& locations, std::span<const StringId> strings)
      : profile_(profile), locations_(locations), strings_(strings), types_(profile.types()) {}

  // False when this is no sample; broken() says why. A sample that google/pprof calls invalid is not stored.
  bool add(ProtoFields fields);
  const char* broken() const { return broken_; }
  const std::string& invalid() const { return invalid_; }  // of the first such sample, in its words; else ""

 private:
  bool stack_field(const ProtoFields& field);
  bool value_field(const ProtoFields& field);
  bool label(ProtoFields fields);
  bool finish();
  bool decode_stack();
  bool store_stack();
  bool broken(const char* what) { return broken_ = what, false; }

  Profile& profile_;
  const RowIds& locations_;
  std::span<const StringId> strings_;
  std::size_t types_;
  std::size_t value_count_ = 0;
  const std::uint8_t* packed_ = nullptr;  // the stack, while it is one packed field
  std::size_t packed_size_ = 0;
  std::vector<std::uint64_t> ids_;  // the stack otherwise
  std::vector<LocationId> rows_;
  const char* broken_ = "";
  std::string invalid_;
};

}  // namespace memsnap
