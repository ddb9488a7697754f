#include "profile/churn.h"

#include "profile/graph_nodes.h"
#include "profile/units.h"

#include <algorithm>
#include <map>

namespace memsnap {
namespace {

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return text.find(part) != text.npos; });
}

bool grows_map(std::string_view name) {
  if (name.starts_with("internal/runtime/maps."))
    return is_any_of(name, {").grow", ".rehash", ".split", "growTo"});
  return name.starts_with("runtime.") && is_any_of(name, {"hashGrow", "growWork", "evacuate", "newoverflow"});
}

bool grows_slice(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "runtime.growslice",    "reflect.growslice",       "reflect.Value.grow",     "bytes.growSlice",
      "bytes.(*Buffer).grow", "strings.(*Builder).grow", "strings.(*Builder).Grow"};
  return std::ranges::any_of(kNames, [&](std::string_view one) { return name.starts_with(one); }) ||
         name.starts_with("slices.Grow[") || name.starts_with("slices.Insert[") ||
         name.starts_with("slices.AppendSeq[");
}

bool makes(std::string_view name) {
  return name.starts_with("runtime.makeslice") || name.starts_with("runtime.makemap") ||
         name.starts_with("internal/runtime/maps.New");
}

std::string_view without_blanks(std::string_view line) {
  std::size_t from = line.find_first_not_of(" \t");
  return from == line.npos ? "" : line.substr(from);
}

// m[k] = v, m[k] += v, m[k]++, but not x := a[i] or x == a[i].
bool assigns_element(std::string_view line) {
  for (std::size_t at = 0; (at = line.find(']', at)) != line.npos; ++at) {
    std::string_view rest = without_blanks(line.substr(at + 1));
    if (rest.starts_with("++") || rest.starts_with("--")) return true;
    bool sets = rest.starts_with("=") && !rest.starts_with("==");
    if (sets ||
        (rest.size() > 1 && rest[1] == '=' && is_any_of(rest.substr(0, 1), {"+", "-", "*", "|", "^"})))
      return true;
  }
  return false;
}

}  // namespace

bool is_runtime_function(std::string_view name) {
  return name.starts_with("runtime.") || name.starts_with("internal/runtime/");
}

GrowthKind growth_of_frames(const std::vector<std::string_view>& names) {
  bool makes_one = false;
  for (std::string_view name : names) {
    if (grows_map(name)) return GrowthKind::kMap;
    if (grows_slice(name)) return GrowthKind::kSlice;
    makes_one = makes_one || makes(name);
    if (!is_runtime_function(name)) break;
  }
  return makes_one ? GrowthKind::kMake : GrowthKind::kNone;
}

GrowthKind growth_of_source(std::string_view line) {
  line = without_blanks(line);
  if (line.starts_with("//")) return GrowthKind::kNone;
  if (is_any_of(line, {"append("})) return GrowthKind::kSlice;
  if (assigns_element(line)) return GrowthKind::kMap;
  return is_any_of(line, {"make("}) ? GrowthKind::kMake : GrowthKind::kNone;
}

bool are_growing_sizes(const std::vector<SizeCount>& sizes) {
  constexpr std::size_t kLeastSteps = 3;
  constexpr double kLeastSpan = 4;
  if (sizes.size() < kLeastSteps) return false;
  auto [least, most] = std::ranges::minmax_element(sizes, {}, &SizeCount::size);
  return most->size >= kLeastSpan * least->size;
}

double saved_by_slice_hint(std::vector<SizeCount> sizes) {
  std::ranges::sort(sizes, {}, &SizeCount::size);
  double saved = 0, later = 0;  // later: slices that went on to a larger size
  for (std::size_t i = sizes.size(); i-- > 0;) {
    // Counts are estimates, and a sum of steps cannot have more slices later than earlier.
    saved += std::min(later, sizes[i].count) * sizes[i].size;
    later = std::max(later, sizes[i].count);
  }
  return saved;
}

std::optional<HeapColumns> heap_columns(const Profile& profile) {
  auto column = [&](std::string_view name) -> std::size_t {
    for (std::size_t i = 0; i < profile.types(); ++i)
      if (profile.text(profile.sample_types[i].type) == name) return i;
    return profile.types();
  };
  HeapColumns columns{column("alloc_objects"), column("alloc_space"), column("inuse_objects"),
                      column("inuse_space")};
  for (std::size_t at :
       {columns.alloc_objects, columns.alloc_space, columns.inuse_objects, columns.inuse_space})
    if (at == profile.types()) return std::nullopt;
  return columns;
}

double ChurnRow::churn() const {
  if (alloc_space <= 0 || inuse_space >= alloc_space) return 0;
  return std::min(1.0, 1 - double(inuse_space) / double(alloc_space));
}

void ChurnRow::add(const ChurnRow& one) {
  alloc_objects = wrap_add(alloc_objects, one.alloc_objects);
  alloc_space = wrap_add(alloc_space, one.alloc_space);
  inuse_objects = wrap_add(inuse_objects, one.inuse_objects);
  inuse_space = wrap_add(inuse_space, one.inuse_space);
  slice_growth += one.slice_growth;
  map_growth += one.map_growth;
  saved += one.saved;
}

namespace {

class ChurnCounter {
 public:
  using Source = std::function<const std::string*(std::string_view file, std::int64_t line)>;
  ChurnCounter(const Profile& profile, const HeapColumns& columns, const Source& source)
      : profile_(profile),
        columns_(columns),
        source_(source),
        of_location_(make_nodes(profile, {}, nodes_)),
        bytes_(profile.strings.find("bytes")) {}

  Churn run() {
    rows_.resize(nodes_.size());
    for (std::size_t row = 0; row < profile_.samples.rows(); ++row) add_sample(row);
    add_places();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].alloc_space == 0 && rows_[i].inuse_space == 0) continue;
      rows_[i].info = nodes_[i].info;
      rows_[i].node = std::uint32_t(i);
      churn_.rows.push_back(rows_[i]);
      churn_.total.add(rows_[i]);
    }
    return std::move(churn_);
  }

 private:
  // Where a sample was allocated: the innermost frame that is none of the runtime, by node and by location.
  struct Site {
    std::uint32_t node = ~0u;
    LocationId location{};
    GrowthKind growth = GrowthKind::kNone;
    bool by_frames = false;
  };
  // All samples of one location, which is one call instruction.
  struct Place {
    std::uint32_t node = 0;
    std::map<std::int64_t, SizeCount> sizes;
    double bytes = 0;
  };

  std::string_view name_of(std::uint32_t node) const { return profile_.text(nodes_[node].info.name); }

  Site site_of(std::size_t row) const {
    Site site;
    std::vector<std::string_view> names;
    bool found = false;
    profile_.samples.stacks[row].each([&](LocationId location) {
      for (std::uint32_t node : of_location_.of(location)) {
        if (found) return;
        if (site.node == ~0u) site.node = node, site.location = location;
        names.push_back(name_of(node));
        if (is_runtime_function(names.back())) continue;
        site.node = node;
        site.location = location;
        found = true;
      }
    });
    site.growth = growth_of_frames(names);
    site.by_frames = names.size() > 1 && found;
    return site;
  }

  void add_sample(std::size_t row) {
    std::span<const std::int64_t> values = profile_.values_of(row);
    std::int64_t size = 0;
    for (const ProfileLabel& label : profile_.samples.labels_of(row))
      if (label.key == bytes_ && !label.is_text()) size = label.value;
    Site site = site_of(row);
    if (site.node == ~0u) return;
    ChurnRow one{.info = {},
                 .alloc_objects = values[columns_.alloc_objects],
                 .alloc_space = values[columns_.alloc_space],
                 .inuse_objects = values[columns_.inuse_objects],
                 .inuse_space = values[columns_.inuse_space]};
    rows_[site.node].add(one);
    churn_.has_runtime_frames = churn_.has_runtime_frames || site.by_frames;
    bool grown = site.growth == GrowthKind::kSlice || site.growth == GrowthKind::kMap;
    if (!grown && (site.by_frames || site.growth == GrowthKind::kMake)) return;
    if (size <= 0 && one.alloc_objects != 0) size = one.alloc_space / one.alloc_objects;
    Place& place = places_[{std::size_t(site.location), site.growth}];
    place.node = site.node;
    SizeCount& step = place.sizes[size];
    step.size = double(size);
    step.count += double(one.alloc_objects);
    place.bytes += double(one.alloc_space);
  }

  // What the source says of a place whose sizes grow.
  GrowthKind growth_by_source(const Place& place) const {
    const NodeInfo& info = nodes_[place.node].info;
    const std::string* line = info.line > 0 ? source_(profile_.text(info.file), info.line) : nullptr;
    return line ? growth_of_source(*line) : GrowthKind::kNone;
  }

  void add_places() {
    for (auto& [key, place] : places_) {
      std::vector<SizeCount> sizes;
      for (const auto& [size, step] : place.sizes)
        if (step.count > 0) sizes.push_back(step);
      GrowthKind growth = key.second;
      if (growth == GrowthKind::kNone && are_growing_sizes(sizes)) growth = growth_by_source(place);
      double bytes = std::max(0.0, place.bytes);
      ChurnRow& row = rows_[place.node];
      if (growth == GrowthKind::kSlice) {
        row.slice_growth += bytes;
        row.saved += std::min(bytes, saved_by_slice_hint(sizes));
      } else if (growth == GrowthKind::kMap) {
        row.map_growth += bytes;
        row.saved += bytes * kSavedByMapHint;
      }
    }
  }

  const Profile& profile_;
  const HeapColumns& columns_;
  const Source& source_;
  std::vector<GraphNode> nodes_;
  LocationNodes of_location_;
  StringId bytes_;
  std::vector<ChurnRow> rows_;
  std::map<std::pair<std::size_t, GrowthKind>, Place> places_;
  Churn churn_;
};

}  // namespace

Churn churn_of(const Profile& profile, const HeapColumns& columns, const ChurnCounter::Source& source) {
  return ChurnCounter(profile, columns, source).run();
}

}  // namespace memsnap
