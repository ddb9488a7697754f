// Names of source files: made shorter, made plain.
#pragma once

#include "tables/profile.h"

#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// As filepath.Clean of Go leaves it.
std::string clean_path(std::string_view path);
// What is behind the last slash; "." of "", "/" of slashes.
std::string base_name(std::string_view path);
// The parts of a list of folders, separated by ':'.
std::vector<std::string> split_path_list(std::string_view list);
// Without the prefixes that the user names, or else up to the base name of a folder of the search path.
// Facts: trimPath of internal/report/source.go of google/pprof.
std::string_view trim_path(std::string_view path, std::string_view trim, std::string_view search);

// Gives every function the name of its file as graphs show it: trimmed and clean.
void trim_files(Profile& profile, std::string_view trim, std::string_view search);
// Only clean, as -traces shows it.
void clean_files(Profile& profile);

}  // namespace memsnap
