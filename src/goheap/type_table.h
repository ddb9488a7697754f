// Writes the types that a capture met into its tables.
#pragma once

#include "goheap/go_names.h"
#include "goheap/map_code.h"
#include "goheap/type_model.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <map>
#include <string>

namespace memsnap {

// Rows are the model's, so that a TypeId is the same in both. `code` says which maps are ever deleted from;
// null when nobody knows. The model must be attached. `names` may be kept between captures of one process.
// Import paths by the package's name, with ", " between those of packages with one name; only where the path
// says more than the name.
std::map<std::string, std::string> package_paths(const TypeModel& model, const PackageNames& names);

void write_types(TypeModel& model, PackageNames& names, const MapCode* code, std::uint64_t bias,
                 StringPool& strings, TypeTable& types, FieldTable& fields);

// The name that people read: packages instead of paths, containers instead of their parts.
std::string display_name(const TypeModel& model, const PackageNames& names, TypeId type);

}  // namespace memsnap
