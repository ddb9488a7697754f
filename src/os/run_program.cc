#include "os/run_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

extern char** environ;

namespace memsnap {
namespace {

constexpr std::size_t kPiece = 1 << 20;  // bytes

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close_now(); }
  void close_now() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<void> read_all(int fd, const std::string& name, const TakePiece& take) {
  std::string piece(kPiece, '\0');
  for (;;) {
    ssize_t n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Cause::bad_input, "{} cannot be read: {}", name, std::strerror(errno));
    if (n == 0) return {};
    take(std::string_view(piece).substr(0, std::size_t(n)));
  }
}

// Ours, with the settings in place of what has the same names.
std::vector<std::string> environment_with(std::span<const std::pair<std::string, std::string>> settings) {
  std::vector<std::string> all;
  for (char** at = environ; *at; ++at) {
    std::string_view one = *at;
    bool replaced = std::ranges::any_of(
        settings, [&](const auto& set) { return one.substr(0, one.find('=')) == set.first; });
    if (!replaced) all.emplace_back(one);
  }
  for (const auto& [name, value] : settings) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::span<const std::string> words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

Result<int> run_program(std::span<const std::string> words,
                        std::span<const std::pair<std::string, std::string>> environment,
                        const TakePiece& take) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(Cause::refused, "no pipe for {}: {}", words[0], std::strerror(errno));
  Descriptor in(ends[0]), out(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDERR_FILENO);
  std::vector<std::string> settings = environment_with(environment);
  pid_t pid = 0;
  int error = ::posix_spawnp(&pid, words[0].c_str(), &actions, nullptr, pointers_to(words).data(),
                             pointers_to(settings).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail(Cause::refused, "{} cannot be started: {}", words[0], std::strerror(error));
  out.close_now();
  Result<void> read = read_all(in.get(), "what " + words[0] + " prints", take);
  in.close_now();
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return fail(Cause::bad_input, "{} is gone: {}", words[0], std::strerror(errno));
  if (!read) return std::unexpected(read.error());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<void> read_pieces(const std::string& path, const TakePiece& take) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", take);
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail(Cause::bad_input, "{} cannot be opened: {}", path, std::strerror(errno));
  return read_all(file.get(), path, take);
}

}  // namespace memsnap
