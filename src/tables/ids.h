// Row numbers of the tables. They are 4 bytes and cannot be mixed up; pointers between rows are neither.
#pragma once

#include <cstdint>

namespace memsnap {

enum class Addr : std::uint64_t {};      // an address in the target, never in us
enum class ObjectId : std::uint32_t {};  // a row of ObjectTable
enum class TypeId : std::uint32_t {};    // a row of TypeTable; 0 is "type not known"
enum class StringId : std::uint32_t {};  // a row of StringTable; 0 is ""
enum class RootId : std::uint32_t {};    // a row of RootTable
enum class NodeId : std::uint32_t {};    // a node of the graph: an object, a root label, the virtual root
enum class FrameId : std::uint32_t {};   // a row of FrameTable

inline constexpr ObjectId kNoObject{~0u};
inline constexpr RootId kNoRoot{~0u};
inline constexpr FrameId kNoFrame{~0u};
inline constexpr std::uint32_t kNoRow = ~0u;

// The graph numbers its nodes: first all objects, then all root labels, then one virtual root above them.
// kNoNode is "not reached" or "does not exist".
inline constexpr NodeId kNoNode{~0u};

}  // namespace memsnap
