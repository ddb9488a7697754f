// What the walk reads of the runtime, by struct. Every name is one of the Go sources: runtime/runtime2.go,
// mheap.go, mcache.go, symtab.go, mfinal.go, mcleanup.go, chan.go, sema.go and internal/abi/type.go.
#include "golayout/layout.h"

namespace memsnap {

namespace {

RequiredStruct module_data() {
  return {"runtime.moduledata",
          {"pcHeader",
           "pclntable",
           "ftab",
           "minpc",
           "maxpc",
           "text",
           "etext",
           "noptrdata",
           "enoptrdata",
           "data",
           "edata",
           "bss",
           "ebss",
           "noptrbss",
           "enoptrbss",
           "end",
           "types",
           "etypes",
           "rodata",
           "gofunc",
           "bad",
           "gcdatamask.n",
           "gcdatamask.bytedata",
           "gcbssmask.n",
           "gcbssmask.bytedata",
           "next"}};
}

}  // namespace

std::span<const RequiredStruct> required_structs() {
  static const std::vector<RequiredStruct> structs = {
      {"runtime.mspan",
       {"", "startAddr", "npages", "freeindex", "nelems", "freeIndexForScan", "allocBits", "gcmarkBits",
        "sweepgen", "divMul", "allocCount", "spanclass", "state", "isUserArenaChunk", "elemsize", "limit",
        "specials", "largeType"}},
      {"runtime.mheap", {"allspans", "sweepgen", "arenas"}},
      {"runtime.g",
       {"",           "stack.lo",       "stack.hi",   "_panic",    "_defer",       "m",       "sched.sp",
        "sched.pc",   "sched.ctxt",     "syscallsp",  "syscallpc", "atomicstatus", "goid",    "waitsince",
        "waitreason", "asyncSafePoint", "parentGoid", "gopc",      "startpc",      "waiting", "labels"}},
      {"runtime.m", {"g0", "procid", "gsignal", "curg", "alllink", "vdsoSP", "vdsoPC", "incgo"}},
      {"runtime.p", {"mcache", "m", "status", "timers.heap"}},
      {"runtime.mcache", {"tiny"}},
      {"runtime.sudog", {"", "g", "next", "prev", "elem", "parent", "waitlink", "c", "isSelect"}},
      {"runtime.hchan",
       {"", "qcount", "dataqsiz", "buf", "elemsize", "closed", "elemtype", "recvq.first", "sendq.first"}},
      {"runtime._defer", {"heap", "fn", "link"}},
      module_data(),
      {"runtime.bucket", {"", "allnext", "size", "nstk"}},
      {"runtime.memRecord", {"", "active", "future"}},
      {"runtime.memRecordCycle", {"", "allocs", "frees"}},
      {"runtime.blockRecord", {"", "count", "cycles"}},
      {"runtime.special", {"", "next", "offset", "kind"}},
      {"runtime.specialfinalizer", {"special", "fn"}},
      {"runtime.specialprofile", {"special", "b"}},
      {"runtime.specialWeakHandle", {"special", "handle"}},
      {"runtime.specialCleanup", {"special"}},
      {"runtime.finalizer", {"", "fn", "arg", "fint", "ot"}},
      {"runtime.semaRoot", {"treap"}},
      {"runtime.notifyList", {"head"}},
      {"internal/abi.Type", {"", "Size_", "PtrBytes", "Hash", "TFlag", "Kind_", "GCData", "Str"}},
  };
  return structs;
}

std::span<const RequiredStruct> optional_structs() {
  static const std::vector<RequiredStruct> structs = {
      {"runtime.mheap", {"allArenas", "heapArenas", "userArenaArenas"}},
      {"runtime.specialCleanup", {"fn", "cleanup.call", "cleanup.fn", "cleanup.arg"}},
      {"runtime.finblock", {"", "alllink", "cnt", "fin"}},  // until go1.24
      {"runtime.finBlock", {"", "alllink", "cnt", "fin"}},  // from go1.25
      {"runtime.cleanupBlock",
       {"", "cleanupBlockHeader.alllink", "cleanupBlockHeader.n", "cleanups"}},  // go1.25
      {"runtime.cleanupFn", {"", "call", "fn", "arg"}},                          // go1.26
      {"runtime.cleanupQueue", {"all"}},                                         // go1.25
      {"runtime.sudog", {"elem.vu", "c.maybeTraceablePtr.vu"}},  // go1.26: fields that the leak finder hides
      {"runtime.g", {"xRegs.state"}},                            // go1.26
      {"runtime.xRegState", {"", "regs"}},                       // go1.26
      {"runtime.spanInlineMarkBits", {""}},                      // green tea
  };
  return structs;
}

}  // namespace memsnap
