// What earlier runs of check found out, in the user's cache folder: one file for each tree and way of looking
// at it. Records are taken by the digest of what they depend on, and each has a checksum, so a file that is
// damaged, cut or forged by accident costs time and nothing else. Runs at once do not disturb each other: a
// file is replaced whole, and the last one stays.
#pragma once

#include "gotypes/index.h"
#include "os/files.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap {

// The parts of a cache file; every slice lies in the bytes.
struct CacheEntry {
  std::string_view folder;  // the packages' own
  types::Digest key, checksum;
  std::uint32_t unseen = 0;  // runs since somebody asked for it
  Bytes record;
};
struct CacheFile {
  Bytes index;
  std::vector<CacheEntry> entries;
};
// nullopt: not a cache file, or its head is damaged. Records are not looked at.
std::optional<CacheFile> read_cache_file(Bytes bytes);
bool is_whole(const CacheEntry& entry);

class CheckCache {
 public:
  // `way` is all but the sources that decides what is found. A folder without a file is an empty cache.
  CheckCache(const std::string& folder, const types::Digest& way);

  types::SourceIndex& index() { return index_; }
  // The record of a folder, and the digest it was put under. Valid as long as the cache.
  struct Kept {
    types::Digest key;
    Bytes record;
  };
  std::optional<Kept> find(const std::string& folder);
  void put(const std::string& folder, const types::Digest& key, std::string record);
  // Writes what was found and put, when it differs from what is there, and removes the oldest files when the
  // folder grows beyond its bound. The folder is made, for its owner alone.
  Result<void> save();

  std::size_t damaged() const { return damaged_; }  // records and files that were not taken
  std::size_t size() const { return size_; }        // bytes of the file, as it is now
  const std::string& path() const { return path_; }

 private:
  struct Fresh {
    types::Digest key;
    std::string record;
  };
  std::string assemble(std::vector<std::string_view>& records) const;
  void bound() const;

  std::string folder_, path_;
  // Of the file as it was; mapped it could be cut under us.
  std::string bytes_;
  std::unordered_map<std::string_view, CacheEntry> old_;
  std::unordered_map<std::string, Fresh> fresh_;
  types::SourceIndex index_;
  std::size_t damaged_ = 0, size_ = 0;
};

// $XDG_CACHE_HOME/memsnap/check or ~/.cache/memsnap/check; "" when there is neither.
std::string check_cache_folder();

}  // namespace memsnap
