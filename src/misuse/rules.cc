#include "misuse/all.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace memsnap::misuse {

std::span<const Rule* const> rules() {
  static constexpr std::array kAll = {
      &kAppendAlias,
      &kCapAsLen,
      &kChanRetains,
      &kCleanupSelfReference,
      &kClosureRetains,
      &kCtxValueRetains,
      &kDeferInLoop,
      &kDeleteWrongKey,
      &kElemPointerEscapes,
      &kEmptyInnerLeft,
      &kFormatMapHot,
      &kGlobalRetains,
      &kGoroutineMapWrite,
      &kGuardedEscape,
      &kMakeLenAppend,
      &kMapAllocInLoop,
      &kMapBoolSet,
      &kMapFieldNoMutex,
      &kMapGrowOnly,
      &kMapInsertInRange,
      &kMapNeverShrinks,
      &kMapNoLock,
      &kMapPrealloc,
      &kMutexInLoopDefer,
      &kNilInsteadOfDelete,
      &kNilMapElem,
      &kNilMapWrite,
      &kPoolRetains,
      &kPoolUnbounded,
      &kPoolUseAfterPut,
      &kReusedBufferSent,
      &kSharedMapCopy,
      &kSharedMapInLoop,
      &kSliceGrowOnly,
      &kSlicePrealloc,
      &kSprintfKey,
      &kSubsliceRetains,
      &kSubstringRetains,
      &kSyncMapMixed,
      &kTimeAfterLoop,
      &kTruncateKeepsPointers,
      &kUintptrMapKey,
      &kUnboundedKey,
      &kUncheckedMapAssert,
      &kWriteAfterSend,
      &kWriteUnderRLock,
  };
  return kAll;
}

const Rule* find_rule(std::string_view name) {
  auto found = std::ranges::lower_bound(rules(), name, {},
                                        [](const Rule* rule) { return std::string_view(rule->name); });
  return found != rules().end() && (*found)->name == name ? *found : nullptr;
}

}  // namespace memsnap::misuse
