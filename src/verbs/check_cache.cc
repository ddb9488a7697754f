// The file: "memsnap check 1\n", the digest of the head, the length of the head; the head: length and bytes
// of the index, then for each folder its name (length and bytes), the digest of what it depends on, the
// digest, the offset and the length of its record, runs since it was asked for; then the records. Numbers are
// 8 bytes, little-endian.
#include "verbs/check_cache.h"

#include "os/clock.h"
#include "os/folders.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace memsnap {
namespace {

constexpr std::string_view kMagic = "memsnap check 1\n";
constexpr std::string_view kEnding = ".cache";
constexpr std::uint32_t kMostUnseen = 20;           // runs
constexpr std::uint64_t kMostBytes = 512ull << 20;  // of all files in the folder

types::Digest digest_of(Bytes bytes) {
  types::Digester digester;
  digester.add(text_of(bytes));
  return digester.result();
}
Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

void put_number(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out.push_back(char(number >> (8 * i)));
}
void put_digest(std::string& out, const types::Digest& digest) {
  put_number(out, digest.high), put_number(out, digest.low);
}

types::Digest read_digest(Cursor& in) {
  types::Digest digest;
  digest.high = in.fixed<std::uint64_t>(), digest.low = in.fixed<std::uint64_t>();
  return digest;
}

std::string of_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::optional<CacheFile> read_cache_file(Bytes bytes) {
  Cursor in(bytes);
  if (text_of(in.take(kMagic.size())) != kMagic) return {};
  types::Digest checksum = read_digest(in);
  Bytes head = in.take(in.fixed<std::uint64_t>());
  if (!in.ok() || digest_of(head) != checksum) return {};
  Bytes records = bytes.subspan(in.at());
  CacheFile file;
  Cursor row(head);
  file.index = row.take(row.fixed<std::uint64_t>());
  while (row.ok() && !row.done()) {
    CacheEntry entry;
    entry.folder = text_of(row.take(row.fixed<std::uint64_t>()));
    entry.key = read_digest(row), entry.checksum = read_digest(row);
    std::uint64_t from = row.fixed<std::uint64_t>(), size = row.fixed<std::uint64_t>();
    entry.unseen = std::uint32_t(std::min<std::uint64_t>(row.fixed<std::uint64_t>(), kMostUnseen)) + 1;
    if (!row.ok() || from > records.size() || size > records.size() - from) return {};
    entry.record = records.subspan(std::size_t(from), std::size_t(size));
    file.entries.push_back(entry);
  }
  return row.ok() ? std::optional(std::move(file)) : std::nullopt;
}

bool is_whole(const CacheEntry& entry) { return digest_of(entry.record) == entry.checksum; }

CheckCache::CheckCache(const std::string& folder, const types::Digest& way)
    : folder_(folder), path_(folder + "/" + types::hex(way) + std::string(kEnding)) {
  auto text = read_regular_file(path_, kMostBytes);
  if (!text) return;
  bytes_ = std::move(*text);
  auto file = read_cache_file(bytes_of(bytes_));
  if (!file || !index_.read(file->index)) {
    ++damaged_;
    return;
  }
  size_ = bytes_.size();
  for (const CacheEntry& entry : file->entries) old_.emplace(entry.folder, entry);
}

std::optional<CheckCache::Kept> CheckCache::find(const std::string& folder) {
  auto found = old_.find(folder);
  if (found == old_.end()) return {};
  if (found->second.unseen != 0 && !is_whole(found->second)) {
    ++damaged_;
    old_.erase(found);
    return {};
  }
  found->second.unseen = 0;
  return Kept{found->second.key, found->second.record};
}

void CheckCache::put(const std::string& folder, const types::Digest& key, std::string record) {
  fresh_.insert_or_assign(folder, Fresh{key, std::move(record)});
}

// The head and, in the order of the file, what stands behind it.
std::string CheckCache::assemble(std::vector<std::string_view>& records) const {
  std::string index = index_.bytes(), head;
  put_number(head, index.size());
  head += index;
  std::uint64_t size = 0;
  auto add = [&](std::string_view folder, const types::Digest& key, const types::Digest& checksum,
                 std::string_view record, std::uint32_t unseen) {
    put_number(head, folder.size());
    head += folder;
    put_digest(head, key), put_digest(head, checksum);
    put_number(head, size), put_number(head, record.size()), put_number(head, unseen);
    size += record.size();
    bool behind = !records.empty() && records.back().data() + records.back().size() == record.data();
    if (behind)
      records.back() = {records.back().data(), records.back().size() + record.size()};
    else
      records.push_back(record);
  };
  std::vector<const CacheEntry*> old;
  for (const auto& [folder, entry] : old_)
    if (!fresh_.contains(std::string(folder)) && entry.unseen <= kMostUnseen) old.push_back(&entry);
  std::ranges::sort(old, {}, [](const CacheEntry* one) { return one->record.data(); });
  for (const CacheEntry* one : old)
    add(one->folder, one->key, one->checksum, text_of(one->record), one->unseen);
  for (const auto& [folder, one] : fresh_)
    add(folder, one.key, digest_of(bytes_of(one.record)), one.record, 0);
  std::string out(kMagic);
  put_digest(out, digest_of(bytes_of(head)));
  put_number(out, head.size());
  return out + head;
}

Result<void> CheckCache::save() {
  if (fresh_.empty() && !index_.changed()) return {};
  TRY_VOID(make_folders(folder_, 0700));
  std::vector<std::string_view> pieces;
  std::string head = assemble(pieces);
  pieces.insert(pieces.begin(), head);
  TRY_VOID(replace_cached_file(path_, pieces));
  size_ = 0;
  for (std::string_view piece : pieces) size_ += piece.size();
  bound();
  return {};
}

// The oldest files go first; this one stays.
void CheckCache::bound() const {
  struct Row {
    std::string path;
    FileStamp stamp;
  };
  std::vector<Row> rows;
  std::uint64_t sum = 0;
  for (const std::string& name : names_in(folder_)) {
    if (!name.ends_with(kEnding)) continue;
    auto stamp = stamp_of(folder_ + "/" + name);
    if (!stamp) continue;
    rows.push_back({folder_ + "/" + name, *stamp});
    sum += stamp->size;
  }
  std::ranges::sort(rows, {}, [](const Row& row) { return row.stamp.changed_ns; });
  for (const Row& row : rows) {
    if (sum <= kMostBytes) return;
    if (row.path == path_) continue;
    std::error_code ignored;
    std::filesystem::remove(row.path, ignored);
    sum -= row.stamp.size;
  }
}

std::string check_cache_folder() {
  std::string base = of_environment("XDG_CACHE_HOME");
  if (!base.starts_with('/')) {
    base = of_environment("HOME");
    if (!base.starts_with('/')) return "";
    base += "/.cache";
  }
  return base + "/memsnap/check";
}

}  // namespace memsnap
