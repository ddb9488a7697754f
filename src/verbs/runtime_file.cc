#include "verbs/runtime_file.h"

#include "verbs/diff_files.h"
#include "verbs/target.h"

namespace memsnap {

Result<void> add_runtime_file(AllocReader& reader, const std::string& path, AllocReader::Side side, Io& io) {
  DiffKind kind = diff_kind(path);
  if (kind == DiffKind::kSnapshot) {
    OpenHeap heap = TRY(open_snapshot_file(path));
    return reader.add(*heap, shown_source(path), side);
  }
  if (kind != DiffKind::kProfile)
    return fail(Cause::usage, "{} is a {}: want a heap profile or a snapshot", shown_source(path),
                word(kind));
  Profile profile = TRY(read_profile_source(path, io));
  return reader.add(profile, shown_source(path), side);
}

}  // namespace memsnap
