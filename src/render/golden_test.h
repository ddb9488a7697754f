// Compares text with a file below tests/golden. MEMSNAP_GOLDEN=update rewrites the file; the diff of the
// commit is then the review.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace memsnap {

inline void expect_golden(const std::string& name, const std::string& now) {
  std::filesystem::path path = std::filesystem::path("tests/golden") / name;
  if (const char* update = std::getenv("MEMSNAP_GOLDEN"); update && std::string(update) == "update") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << now;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is not there; MEMSNAP_GOLDEN=update writes it";
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(now, text.str()) << path;
}

}  // namespace memsnap
