#include "goheap/containers.h"

namespace memsnap {

void write_containers(const ContainerInputs& in, const CaptureOptions& options, StringPool& strings,
                      Heap& out) {
  write_maps(in, out);
  if (options.key_shapes) write_keys(in, strings, out);
  std::vector<std::uint16_t> string_lengths;
  write_arrays(in, string_lengths, out);
  if (options.duplicate_strings) write_duplicates(in, string_lengths, strings, out);
  write_channels(in, out);
  write_pools(in, out);
}

}  // namespace memsnap
