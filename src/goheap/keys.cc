// What the string keys of large maps look like: class masks, lengths, and how many differ after each normal
// form. Keys are hashed with a salt that is drawn for this capture and forgotten; nothing of them is kept.
#include "base/text.h"
#include "goheap/gather.h"
#include "goheap/key_shapes.h"
#include "goheap/map_walk.h"
#include "goheap/trie_walk.h"
#include "goheap/typed_walk.h"
#include "goheap/work_budget.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <unordered_map>

namespace memsnap {

namespace {

constexpr std::uint64_t kFewest = 64;         // entries of a map that is worth it
constexpr std::size_t kMostKeys = 200'000;    // of one map; beyond, a uniform sample
constexpr std::uint64_t kLongestRead = 4096;  // bytes of one key that are looked at
constexpr std::size_t kMostMasks = 4096;      // different shapes that are counted

struct Key {
  std::uint64_t addr = 0, length = 0;
};

class KeyReader {
 public:
  KeyReader(const ContainerInputs& in, std::uint64_t work, StringPool& strings, Heap& out)
      : in_(in),
        model_(in.programs.model()),
        strings_(strings),
        out_(out),
        walk_(in.heap, model_),
        budget_(work) {
    std::random_device random;
    salt_ = std::uint64_t(random()) << 32 | random();
  }

  // Largest maps first, so that the budget goes where the memory is.
  void run() {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < out_.maps.rows(); ++row)
      if (out_.maps.len[row] >= kFewest) rows.push_back(row);
    std::ranges::sort(rows, std::greater{},
                      [&](std::uint32_t row) { return std::pair(out_.maps.len[row], ~row); });
    std::uint64_t cut = 0;  // maps of which less was looked at than should be
    for (std::uint32_t row : rows) {
      std::vector<Key> keys = keys_of(row);
      cut += fit_budget(keys) ? 0 : 1;
      if (keys.size() >= kFewest / 2) look_at(row, keys);
    }
    if (cut == 0) return;
    out_.facts.name.push_back(strings_.add("keys.partial"));
    out_.facts.value.push_back(strings_.add(fmt::format("{} of {} maps were looked at in part, or not at all",
                                                        human_count(cut), human_count(rows.size()))));
  }

 private:
  // Thins the keys out until the budget has room for them; false when it had to. Every nth stays, so what is
  // left is still a sample of the whole map.
  bool fit_budget(std::vector<Key>& keys) {
    auto cost = [&] {
      std::uint64_t sum = 0;
      for (const Key& key : keys) sum += WorkBudget::cost(std::min(key.length, kLongestRead));
      return sum;
    };
    std::uint64_t whole = cost();
    if (budget_.take(whole)) return true;
    std::uint64_t every = budget_.left() == 0 ? keys.size() : whole / budget_.left() + 1;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < keys.size(); i += std::size_t(every)) keys[kept++] = keys[i];
    keys.resize(kept);
    if (!budget_.take(cost())) keys.clear();
    return false;
  }

  // Every nth key, so that at most kMostKeys are taken of a map however large.
  struct Sampler {
    std::uint64_t every = 1, seen = 0;
    bool take() { return seen++ % every == 0; }
  };

  std::vector<Key> keys_of(std::uint32_t row) {
    std::vector<Key> keys;
    Sampler sampler{.every = (out_.maps.len[row] + kMostKeys - 1) / kMostKeys};
    std::uint64_t header = std::uint64_t(out_.maps.header[row]);
    TypeId type = out_.maps.type[row];
    if (out_.maps.layout[row] == MapLayout::kSyncMap) {
      TrieWalk trie(in_.heap, model_, type);
      if (!trie.ok()) return keys;
      trie.each_entry(header, [&](std::uint64_t entry) {
        if (keys.size() < kMostKeys && sampler.take()) boxed_key(entry + trie.key_offset(), keys);
      });
      return keys;
    }
    const MapShape* shape = model_.map_shape(type);
    if (shape == nullptr || model_[model_.expanded(type).key].kind != Kind::kString) return keys;
    MapStorage map = walk_.read(header, model_.map_part(type, Role::kMapHeader));
    keys.reserve(std::size_t(std::min<std::uint64_t>(map.len / sampler.every + 1, kMostKeys)));
    for (const MapStorage::Groups& groups : map.groups)
      for (std::uint64_t i = 0; i < groups.count && keys.size() < kMostKeys; ++i)
        walk_.each_slot(*shape, groups.addr + i * shape->group_size, [&](std::uint64_t key, std::uint64_t) {
          if (sampler.take()) add_key(key, keys);
        });
    return keys;
  }

  void add_key(std::uint64_t header, std::vector<Key>& keys) const {
    std::uint64_t addr = in_.heap.word(header), length = in_.heap.word(header + 8);
    constexpr std::uint64_t kSane = std::uint64_t(1) << 40;
    if (length < kSane && keys.size() < kMostKeys) keys.push_back({addr, length});
  }
  // An interface that holds a string: its data word leads to the header.
  void boxed_key(std::uint64_t eface, std::vector<Key>& keys) const {
    TypeId type = model_.of_rtype(in_.heap.word(eface));
    if (model_[type].kind == Kind::kString) add_key(in_.heap.word(eface + 8), keys);
  }

  void look_at(std::uint32_t row, const std::vector<Key>& keys) {
    std::vector<Range> ranges;
    ranges.reserve(keys.size());
    for (const Key& key : keys) ranges.push_back({key.addr, key.addr + std::min(key.length, kLongestRead)});
    std::array<std::vector<std::uint64_t>, kNormalForms> hashes;
    for (auto& column : hashes) column.reserve(keys.size());
    std::unordered_map<std::string, std::uint64_t> masks;
    std::uint64_t shortest = ~std::uint64_t{0}, longest = 0, total = 0;
    gather(in_.heap.memory(), ranges, [&](std::size_t i, std::span<const std::byte> bytes) {
      std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      // The length stands for what lies behind the part that is looked at.
      auto made = normal_hashes(text, salt_ + (keys[i].length > kLongestRead ? keys[i].length : 0));
      for (std::size_t form = 0; form < kNormalForms; ++form) hashes[form].push_back(made[form]);
      std::string mask = class_mask(text);
      if (auto known = masks.find(mask); known != masks.end())
        ++known->second;
      else if (masks.size() < kMostMasks)
        masks.emplace(std::move(mask), 1);
      shortest = std::min(shortest, keys[i].length);
      longest = std::max(longest, keys[i].length);
      total += keys[i].length;
    });
    if (hashes[0].empty()) return;
    auto commonest =
        std::ranges::max_element(masks, {}, [](const auto& m) { return std::pair(m.second, m.first); });
    auto clip = [](std::uint64_t n) { return std::uint32_t(std::min<std::uint64_t>(n, ~std::uint32_t{0})); };
    KeyTable& table = out_.keys;
    table.map.push_back(row);
    table.keys.push_back(hashes[0].size());
    table.distinct_case.push_back(distinct(hashes, NormalForm::kCase));
    table.distinct_trim.push_back(distinct(hashes, NormalForm::kTrim));
    table.distinct_url.push_back(distinct(hashes, NormalForm::kUrl));
    table.distinct_query.push_back(distinct(hashes, NormalForm::kQuery));
    table.distinct_slash.push_back(distinct(hashes, NormalForm::kSlash));
    table.distinct_all.push_back(distinct(hashes, NormalForm::kAll));
    table.shortest.push_back(clip(shortest));
    table.longest.push_back(clip(longest));
    table.total_length.push_back(total);
    table.mask.push_back(strings_.add(commonest->first));
    table.mask_keys.push_back(commonest->second);
  }

  static std::uint64_t distinct(std::array<std::vector<std::uint64_t>, kNormalForms>& hashes,
                                NormalForm form) {
    auto& column = hashes[std::size_t(form)];
    std::ranges::sort(column);
    return std::uint64_t(std::ranges::unique(column).begin() - column.begin());
  }

  const ContainerInputs& in_;
  TypeModel& model_;
  StringPool& strings_;
  Heap& out_;
  MapWalk walk_;
  std::uint64_t salt_ = 0;
  WorkBudget budget_;
};

}  // namespace

void write_keys(const ContainerInputs& in, std::uint64_t work, StringPool& strings, Heap& out) {
  KeyReader(in, work, strings, out).run();
}

}  // namespace memsnap
