#include "os/folders.h"

#include "os/console.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace memsnap {
namespace {

// As Go has it: without a capital letter.
std::string reason(int error) {
  std::string text = std::strerror(error);
  if (text.size() > 1 && text[1] >= 'a' && text[1] <= 'z') text[0] = char(text[0] | 0x20);
  return text;
}

Result<std::string> read_all(int descriptor, const std::string& path, std::size_t limit) {
  std::string text;
  std::size_t filled = 0;
  for (;;) {
    if (filled == text.size()) text.resize(std::max<std::size_t>(64 << 10, text.size() * 2));
    ssize_t n = ::read(descriptor, text.data() + filled, text.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Cause::bad_input, "{} cannot be read: {}", path, std::strerror(errno));
    filled += std::size_t(n);
    if (filled > limit)
      return fail(Cause::bad_input, "{} is larger than {} bytes, which is the most expected", path, limit);
    if (n > 0) continue;
    text.resize(filled);
    return text;
  }
}

}  // namespace

Result<std::string> read_input(const std::string& path, std::size_t limit) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", limit);
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(Cause::bad_input, "{} cannot be opened: {}", path, std::strerror(errno));
  auto text = read_all(descriptor, path, limit);
  ::close(descriptor);
  return text;
}

Result<OutputFile> OutputFile::open(const std::string& path) {
  int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EACCES)  // a device that may only be written
    descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return fail(Cause::bad_output, "open {}: {}", path, reason(errno));
  return OutputFile(descriptor, path);
}

Result<OutputFile> OutputFile::open_new(const std::string& folder, const std::string& prefix,
                                        const std::string& suffix) {
  for (int index = 1; index < 10000; ++index) {
    std::string path = folder.empty() || folder.ends_with('/') ? folder : folder + "/";
    path += fmt::format("{}{:03}{}", prefix, index, suffix);
    int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor >= 0) return OutputFile(descriptor, path);
    if (errno != EEXIST) return fail(Cause::bad_output, "open {}: {}", path, std::strerror(errno));
  }
  return fail(Cause::bad_output, "could not create file of the form {}001{}", prefix, suffix);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      error_(other.error_),
      path_(std::move(other.path_)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int OutputFile::write(std::string_view text) {
  if (error_ == 0) error_ = write_to(descriptor_, text);
  return error_;
}

Result<void> OutputFile::close() {
  int closed = ::close(std::exchange(descriptor_, -1));
  if (error_ == 0 && closed != 0) error_ = errno;
  if (error_ != 0) return fail(Cause::bad_output, "write {}: {}", path_, std::strerror(error_));
  return {};
}

Result<void> make_folders(const std::string& path, std::uint32_t mode) {
  for (std::size_t at = 0; at != std::string::npos;) {
    at = path.find('/', at + 1);
    std::string part = path.substr(0, at);
    if (part.empty() || ::mkdir(part.c_str(), mode) == 0 || errno == EEXIST) continue;
    int error = errno;
    struct stat there{};
    if (::stat(part.c_str(), &there) == 0 && S_ISDIR(there.st_mode))
      continue;  // on a file system that is read only
    return fail(Cause::bad_output, "mkdir {}: {}", part, std::strerror(error));
  }
  struct stat there{};
  if (::stat(path.c_str(), &there) != 0 || !S_ISDIR(there.st_mode))
    return fail(Cause::bad_output, "mkdir {}: not a directory", path);
  return {};
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* open = ::opendir(folder.c_str());
  if (!open) return names;
  while (const dirent* entry = ::readdir(open)) {
    std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(open);
  std::ranges::sort(names);
  return names;
}

Result<std::vector<FolderEntry>> entries_in(const std::string& folder) {
  DIR* open = ::opendir(folder.c_str());
  if (!open)
    return fail(errno == EACCES ? Cause::refused : Cause::bad_input, "{} cannot be read: {}", folder,
                std::strerror(errno));
  std::vector<FolderEntry> entries;
  while (const dirent* row = ::readdir(open)) {
    std::string_view name = row->d_name;
    if (name == "." || name == "..") continue;
    FolderEntry entry{.name = std::string(name),
                      .folder = row->d_type == DT_DIR,
                      .link = row->d_type == DT_LNK,
                      .file = row->d_type == DT_REG};
    struct stat about{};
    if (row->d_type == DT_UNKNOWN &&
        ::fstatat(::dirfd(open), row->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
      entry.folder = S_ISDIR(about.st_mode);
      entry.link = S_ISLNK(about.st_mode);
      entry.file = S_ISREG(about.st_mode);
    }
    if (entry.link && ::fstatat(::dirfd(open), row->d_name, &about, 0) == 0)
      entry.file = S_ISREG(about.st_mode);
    entries.push_back(std::move(entry));
  }
  ::closedir(open);
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

std::string real_path(const std::string& path) {
  char* found = ::realpath(path.c_str(), nullptr);
  if (!found) return "";
  std::string text = found;
  std::free(found);
  return text;
}

}  // namespace memsnap
