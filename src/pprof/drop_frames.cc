// The expressions are those of addLegacyFrameInfo in profile/legacy_profile.go of google/pprof, since they
// are written into -proto.
#include "pprof/drop_frames.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace memsnap {
namespace {

constexpr const char* kAllocators =
    "calloc|cfree|malloc|free|memalign|do_memalign|(__)?posix_memalign|pvalloc|valloc|realloc|tcmalloc::.*|"
    "tc_calloc|tc_cfree|tc_malloc|tc_free|tc_memalign|tc_posix_memalign|tc_pvalloc|tc_valloc|tc_realloc|tc_"
    "new|"
    "tc_delete|tc_newarray|tc_deletearray|tc_new_nothrow|tc_newarray_nothrow|malloc_zone_malloc|"
    "malloc_zone_calloc|malloc_zone_valloc|malloc_zone_realloc|malloc_zone_memalign|malloc_zone_free|"
    "runtime\\..*|BaseArena::.*|(::)?do_malloc_no_errno|(::)?do_malloc_pages|(::)?do_malloc|"
    "DoSampledAllocation|MallocedMemBlock::MallocedMemBlock|_M_allocate|__builtin_(vec_)?delete|"
    "__builtin_(vec_)?new|__gnu_cxx::new_allocator::allocate|__libc_malloc|__malloc_alloc_template::allocate|"
    "allocate|cpp_alloc|operator new(\\[\\])?|simple_alloc::allocate";
constexpr const char* kRuntimeToKeep = "runtime\\.panic|runtime\\.reflectcall|runtime\\.call[0-9]*";
constexpr const char* kSignalHandlers =
    "ProfileData::Add|ProfileData::prof_handler|CpuProfiler::prof_handler|__pthread_sighandler|__restore";
constexpr const char* kLocks =
    "RecordLockProfileData|(base::)?RecordLockProfileData.*|(base::)?SubmitMutexProfileData.*|"
    "(base::)?SubmitSpinLockProfileData.*|(base::Mutex::)?AwaitCommon.*|(base::Mutex::)?Unlock.*|"
    "(base::Mutex::)?UnlockSlow.*|(base::Mutex::)?ReaderUnlock.*|(base::MutexLock::)?~MutexLock.*|"
    "(Mutex::)?AwaitCommon.*|(Mutex::)?Unlock.*|(Mutex::)?UnlockSlow.*|(Mutex::)?ReaderUnlock.*|"
    "(MutexLock::)?~MutexLock.*|(SpinLock::)?Unlock.*|(SpinLock::)?SlowUnlock.*|"
    "(SpinLockHolder::)?~SpinLockHolder.*";

bool has_types(const Profile& profile, std::initializer_list<std::string_view> names) {
  return std::ranges::equal(profile.sample_types, names, [&](ValueType type, std::string_view name) {
    return profile.text(type.type) == name;
  });
}

}  // namespace

void set_drop_frames(Profile& profile) {
  bool is_heap = has_types(profile, {"allocations", "size"}) || has_types(profile, {"objects", "space"}) ||
                 has_types(profile, {"inuse_objects", "inuse_space"}) ||
                 has_types(profile, {"alloc_objects", "alloc_space"}) ||
                 has_types(profile, {"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"});
  const char* drop = kSignalHandlers;
  if (is_heap) drop = kAllocators;
  if (has_types(profile, {"contentions", "delay"})) drop = kLocks;
  profile.drop_frames = profile.strings.add(drop);
  profile.keep_frames = profile.strings.add(is_heap ? kRuntimeToKeep : "");
}

}  // namespace memsnap
