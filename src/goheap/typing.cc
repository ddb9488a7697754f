#include "goheap/typing.h"

#include "goheap/typer.h"

namespace memsnap {

HeapTypes type_heap(const RawHeap& heap, TypePrograms& programs, const TypingRoots& roots) {
  return Typer(heap, programs).run(roots);
}

}  // namespace memsnap
