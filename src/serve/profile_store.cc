#include "serve/profile_store.h"

#include "driver/config_fields.h"

#include <algorithm>

namespace memsnap {
namespace {

// What makes two views differ. How rows are sorted, printed and trimmed does not.
std::string key_of(const PprofConfig& config) {
  PprofConfig view = config;
  const PprofConfig plain;
  view.sort = plain.sort;
  view.unit = plain.unit;
  view.compact_labels = view.call_tree = view.intel_syntax = view.mean = view.drop_negative = false;
  view.trim = plain.trim;
  view.nodecount = plain.nodecount;
  view.nodefraction = plain.nodefraction;
  view.edgefraction = plain.edgefraction;
  view.divide_by = plain.divide_by;
  std::string key;
  for (const ConfigField& field : config_fields()) key += config_value(view, field) + '\0';
  return key;
}

}  // namespace

Result<PprofConfig> config_of(const Query& query, const PprofConfig& standard) {
  PprofConfig config = standard;
  for (const ConfigField& field : config_fields())
    if (*field.url && query.has(field.url) && (!query.text(field.url).empty() || field.choices.empty()))
      TRY_VOID(set_config(config, field, query.text(field.url)));
  // go tool pprof has no parameters for these.
  if (query.has("tagroot")) config.tagroot = query.text("tagroot");
  if (query.has("tagleaf")) config.tagleaf = query.text("tagleaf");
  return config;
}

Result<ProfileStore::Shared> ProfileStore::view(const PprofConfig& config) {
  std::string key = key_of(config);
  {
    std::lock_guard hold(lock_);
    auto found = std::ranges::find(kept_, key, [](const auto& one) { return one.first; });
    if (found != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, found);
      return found->second;
    }
  }
  Shared made = std::make_shared<const ProfileView>(TRY(ProfileView::make(profile_, config)));
  std::lock_guard hold(lock_);
  kept_.emplace_front(std::move(key), made);
  if (kept_.size() > kKept) kept_.pop_back();
  return made;
}

}  // namespace memsnap
