#include "os/files.h"

#include "os/temporary.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>
#include <utility>

namespace memsnap {
namespace {

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened = -1) : fd(opened) {}
  Descriptor(Descriptor&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISLNK(mode)) return "a symbolic link";
  return "a device";
}

std::unexpected<Error> bad(Cause cause, const std::string& path, const char* what, int error) {
  return fail(cause, "{} cannot be {}: {}", path, what, std::strerror(error));
}

std::string random_suffix() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

// A file that becomes `name` in `folder` when all went well, and nothing otherwise.
struct Draft {
  Descriptor folder, file;
  std::string name, temporary;  // temporary: "" while the file has no name (O_TMPFILE)

  ~Draft() { discard(); }
  void discard() {
    if (temporary.empty()) return;
    unlinkat(folder.fd, temporary.c_str(), 0);
    forget_temporary(folder.fd, temporary);
    temporary.clear();
  }
  void name_temporary() {
    temporary = fmt::format(".{}.{}.tmp", name.substr(0, 200), random_suffix());
    remember_temporary(folder.fd, temporary);
  }
};

int open_draft(Draft& draft) {
  int fd = openat(draft.folder.fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOSYS)) {
    draft.name_temporary();
    fd = openat(draft.folder.fd, draft.temporary.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC,
                0600);
  }
  int error = errno;
  draft.file = Descriptor(fd);
  return fd < 0 ? error : 0;
}

// Gives a nameless file the name `to`; EEXIST when it is taken.
int link_nameless(const Draft& draft, const std::string& to) {
  std::string door = fmt::format("/proc/self/fd/{}", draft.file.fd);
  return linkat(AT_FDCWD, door.c_str(), draft.folder.fd, to.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

int publish(Draft& draft, bool force) {
  if (draft.temporary.empty() && !force) return link_nameless(draft, draft.name);
  if (draft.temporary.empty()) {
    draft.name_temporary();
    if (int error = link_nameless(draft, draft.temporary)) return error;
  }
  unsigned flags = force ? 0 : RENAME_NOREPLACE;
  const char *from = draft.temporary.c_str(), *to = draft.name.c_str();
  if (renameat2(draft.folder.fd, from, draft.folder.fd, to, flags) != 0) {
    if (errno != EINVAL || force) return errno;
    // A file system without RENAME_NOREPLACE: a hard link refuses a name that is taken.
    if (linkat(draft.folder.fd, from, draft.folder.fd, to, 0) != 0) return errno;
    return 0;
  }
  forget_temporary(draft.folder.fd, draft.temporary);
  draft.temporary.clear();
  return 0;
}

Result<void> check_goal(const Draft& draft, const std::string& path, bool force) {
  struct stat there{};
  if (fstatat(draft.folder.fd, draft.name.c_str(), &there, AT_SYMLINK_NOFOLLOW) != 0) return {};
  if (!S_ISREG(there.st_mode))
    return fail(Cause::bad_output, "{} is {}, expected a regular file or a new name", path,
                kind_of(there.st_mode));
  if (!force) return fail(Cause::bad_output, "{} is there already: --force replaces it", path);
  return {};
}

// Everything up to the first byte.
Result<void> begin(Draft& draft, const std::string& path, bool force) {
  std::size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  draft.name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (draft.name.empty() || draft.name == "." || draft.name == "..")
    return fail(Cause::bad_output, "{} names a folder, expected a file", path);
  draft.folder = Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (draft.folder.fd < 0) return bad(Cause::bad_output, path, "written", errno);
  TRY_VOID(check_goal(draft, path, force));
  if (int error = open_draft(draft)) return bad(Cause::bad_output, path, "written", error);
  return {};
}

int write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0 ? EIO : errno;
    bytes = bytes.subspan(std::size_t(n));
  }
  return 0;
}

Result<Descriptor> open_for_reading(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) {
    Cause cause = errno == EACCES || errno == EPERM ? Cause::refused : Cause::bad_input;
    return bad(cause, path, "opened", errno);
  }
  return file;
}

Result<struct stat> status_of_regular(const Descriptor& file, const std::string& path) {
  struct stat about{};
  if (fstat(file.fd, &about) != 0) return bad(Cause::bad_input, path, "opened", errno);
  if (!S_ISREG(about.st_mode))
    return fail(Cause::bad_input, "{} is {}, expected a regular file", path, kind_of(about.st_mode));
  return about;
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  Descriptor file = TRY(open_for_reading(path));
  struct stat about = TRY(status_of_regular(file, path));
  MappedFile mapped;
  if (about.st_size == 0) return mapped;
  void* at = mmap(nullptr, std::size_t(about.st_size), PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (at == MAP_FAILED)
    return bad(errno == ENOMEM ? Cause::refused : Cause::bad_input, path, "mapped", errno);
  mapped.bytes_ = Bytes(static_cast<const std::byte*>(at), std::size_t(about.st_size));
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

namespace {

Result<void> write_draft(const std::string& path, bool force, bool durable,
                         const std::function<Result<void>(const Sink&)>& fill) {
  Draft draft;
  TRY_VOID(begin(draft, path, force));
  int error = 0;
  Result<void> filled = fill([&](Bytes piece) {
    if (error == 0) error = write_all(draft.file.fd, piece);
    return error == 0;
  });
  if (error) return bad(Cause::bad_output, path, "written", error);
  if (!filled) return filled;
  // What was written must be on the disk before the name shows it, else a crash leaves an empty file.
  if (durable && fsync(draft.file.fd) != 0) return bad(Cause::bad_output, path, "written", errno);
  TRY_VOID(check_goal(draft, path, force));
  error = publish(draft, force);
  if (error == EEXIST) return fail(Cause::bad_output, "{} is there already: --force replaces it", path);
  if (error) return bad(Cause::bad_output, path, "written", error);
  if (durable && fsync(draft.folder.fd) != 0 && errno != EINVAL)
    return bad(Cause::bad_output, path, "made durable", errno);
  return {};
}

}  // namespace

Result<void> write_file(const std::string& path, bool force,
                        const std::function<Result<void>(const Sink&)>& fill) {
  return write_draft(path, force, true, fill);
}

Result<void> replace_cached_file(const std::string& path, std::span<const std::string_view> pieces) {
  return write_draft(path, true, false, [&](const Sink& sink) -> Result<void> {
    for (std::string_view piece : pieces) sink(std::as_bytes(std::span(piece)));
    return {};
  });
}

Result<void> can_write_file(const std::string& path, bool force) {
  Draft draft;
  return begin(draft, path, force);
}

Result<void> write_file(const std::string& path, bool force, std::string_view text) {
  return write_file(path, force, [&](const Sink& sink) -> Result<void> {
    sink(std::as_bytes(std::span(text)));
    return {};
  });
}

bool is_there(const std::string& path) {
  struct stat about{};
  return lstat(path.c_str(), &about) == 0;
}

bool is_folder(const std::string& path) {
  struct stat about{};
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

Result<std::string> read_small_file(const std::string& path, std::size_t limit) {
  Descriptor file = TRY(open_for_reading(path));
  // The size is believed for what to reserve only: it is 0 in /proc, and a file may grow. Room for one read
  // more tells the end without another allocation.
  constexpr std::size_t kLeast = 512;
  struct stat about{};
  bool sized = fstat(file.fd, &about) == 0 && about.st_size > 0;
  std::size_t expected = sized ? std::size_t(about.st_size) + kLeast : 64 << 10;
  std::string text;
  for (;;) {
    std::size_t at = text.size();
    std::size_t want = std::min(std::max(expected > at ? expected - at : 0, kLeast), limit + 1 - at);
    ssize_t n = 0;
    int error = 0;
    text.resize_and_overwrite(at + want, [&](char* bytes, std::size_t) {
      n = ::read(file.fd, bytes + at, want);
      error = errno;
      return at + (n > 0 ? std::size_t(n) : 0);
    });
    if (n < 0 && error == EINTR) continue;
    if (n < 0) return bad(error == EACCES ? Cause::refused : Cause::bad_input, path, "read", error);
    if (n == 0) return text;
    if (text.size() > limit)
      return fail(Cause::bad_input, "{} is larger than {} bytes, which is the most expected", path, limit);
  }
}

Result<FileStamp> stamp_of(const std::string& path) {
  struct stat about{};
  if (stat(path.c_str(), &about) != 0) return bad(Cause::bad_input, path, "read", errno);
  return FileStamp{.size = std::uint64_t(about.st_size),
                   .inode = about.st_ino,
                   .changed_ns = std::int64_t(about.st_mtim.tv_sec) * 1'000'000'000 + about.st_mtim.tv_nsec};
}

Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
  Descriptor file = TRY(open_for_reading(path));
  struct stat about = TRY(status_of_regular(file, path));
  std::size_t size = std::size_t(about.st_size);
  if (size > limit)
    return fail(Cause::bad_input, "{} is larger than {} bytes, which is the most expected", path, limit);
  std::string text;
  int error = 0;
  text.resize_and_overwrite(size, [&](char* to, std::size_t room) {
    std::size_t filled = 0;
    while (filled < room) {
      ssize_t n = ::read(file.fd, to + filled, room - filled);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) error = errno;
      if (n <= 0) break;
      filled += std::size_t(n);
    }
    return filled;
  });
  if (error != 0) return bad(error == EACCES ? Cause::refused : Cause::bad_input, path, "read", error);
  return text;
}

}  // namespace memsnap
