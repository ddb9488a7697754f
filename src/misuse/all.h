// One rule per file; rules.cc lists them.
#pragma once

#include "misuse/rule.h"

namespace memsnap::misuse {

extern const Rule kAppendAlias;
extern const Rule kCapAsLen;
extern const Rule kChanRetains;
extern const Rule kCleanupSelfReference;
extern const Rule kClosureRetains;
extern const Rule kCtxValueRetains;
extern const Rule kDeferInLoop;
extern const Rule kDeleteWrongKey;
extern const Rule kElemPointerEscapes;
extern const Rule kEmptyInnerLeft;
extern const Rule kFormatMapHot;
extern const Rule kGlobalRetains;
extern const Rule kGoroutineMapWrite;
extern const Rule kGuardedEscape;
extern const Rule kMakeLenAppend;
extern const Rule kMapAllocInLoop;
extern const Rule kMapBoolSet;
extern const Rule kMapFieldNoMutex;
extern const Rule kMapGrowOnly;
extern const Rule kMapInsertInRange;
extern const Rule kMapNeverShrinks;
extern const Rule kMapNoLock;
extern const Rule kMapPrealloc;
extern const Rule kMutexInLoopDefer;
extern const Rule kNilInsteadOfDelete;
extern const Rule kNilMapElem;
extern const Rule kNilMapWrite;
extern const Rule kPoolRetains;
extern const Rule kPoolUnbounded;
extern const Rule kPoolUseAfterPut;
extern const Rule kReusedBufferSent;
extern const Rule kSharedMapCopy;
extern const Rule kSharedMapInLoop;
extern const Rule kSliceGrowOnly;
extern const Rule kSlicePrealloc;
extern const Rule kSprintfKey;
extern const Rule kSubsliceRetains;
extern const Rule kSubstringRetains;
extern const Rule kSyncMapMixed;
extern const Rule kTimeAfterLoop;
extern const Rule kTruncateKeepsPointers;
extern const Rule kUintptrMapKey;
extern const Rule kUnboundedKey;
extern const Rule kUncheckedMapAssert;
extern const Rule kWriteAfterSend;
extern const Rule kWriteUnderRLock;

}  // namespace memsnap::misuse
