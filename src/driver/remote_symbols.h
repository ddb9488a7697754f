// Names that the server which a profile came from knows for its addresses.
// Facts: internal/symbolz and collectMappingSources of internal/driver of google/pprof.
#pragma once

#include "base/result.h"
#include "driver/world.h"
#include "http/url.h"
#include "tables/profile.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// By build id, or by file: who sent a mapping, and where it began in what was sent.
struct MappingSource {
  Url url;
  std::uint64_t start = 0;
};
using MappingSources = std::map<std::string, std::vector<MappingSource>>;

// Notes where the mappings of a profile came from. One without a name is named by the URL until
// forget_sources().
void note_sources(Profile& profile, const Url& url, MappingSources& sources);
void forget_sources(Profile& profile);

// Where the server of this profile answers for names.
Url symbol_page(const Url& profile);

// Asks for the addresses that have no names yet, of mappings that have none (or of all, with `force`).
using SymbolPage = std::function<Result<std::string>(const Url& page, const std::string& addresses)>;
Result<void> ask_for_symbols(Profile& profile, bool force, const MappingSources& sources,
                             const SymbolPage& ask);

// The same over HTTP.
Result<std::string> post_addresses(const Url& page, const std::string& addresses, const PprofWorld& world);

}  // namespace memsnap
