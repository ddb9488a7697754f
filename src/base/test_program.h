// For tests: a Go program built by the go on PATH into a folder of its own, and what commands print.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace memsnap {

// Standard output of a shell command; "" when it cannot be run.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return text;
  std::array<char, 4096> piece;
  for (std::size_t n; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;) text.append(piece.data(), n);
  return pclose(pipe) == 0 ? text : std::string();
}

class TestProgram {
 public:
  // A main package of one file. settings: VAR=value words before `go build`, flags: words behind it.
  explicit TestProgram(const std::string& text, const std::string& flags = "",
                       const std::string& settings = "") {
    std::string name = (std::filesystem::temp_directory_path() / "memsnap_test_XXXXXX").string();
    if (!mkdtemp(name.data())) return;
    folder_ = name;
    std::ofstream(folder_ / "main.go") << text;
    std::ofstream(folder_ / "go.mod") << "module example.com/probe\n\ngo 1.24\n";
    std::string command =
        "cd " + folder_.string() + " && GOFLAGS=-mod=mod " + settings + " go build -o program " + flags;
    built_ = std::system((command + " .").c_str()) == 0;
  }
  ~TestProgram() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  TestProgram(const TestProgram&) = delete;
  TestProgram& operator=(const TestProgram&) = delete;

  bool built() const { return built_; }
  std::string path() const { return (folder_ / "program").string(); }
  std::string folder() const { return folder_.string(); }
  std::string run(const std::string& arguments = "") const { return output_of(path() + " " + arguments); }
  std::string bytes() const { return file("program"); }
  std::string file(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

 private:
  std::filesystem::path folder_;
  bool built_ = false;
};

}  // namespace memsnap
