// What the pages of a snapshot or a process ask for: the report of doctor, and the verbs that list things.
#pragma once

#include "render/report.h"
#include "serve/serve.h"
#include "tables/heap.h"

namespace memsnap {

// `heap` and `report` must live as long as the site.
WebSite heap_site(const Heap& heap, const Report& report);

}  // namespace memsnap
