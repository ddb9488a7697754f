// How objects read to a person: the parts of a container are one thing, and a place in memory is a field.
#pragma once

#include "tables/heap.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

Role role_at(const Heap& heap, NodeId node);  // kPlain for what is no object

// Whether the child is a part of the container that the parent is a part of: a table of a map's directory,
// the buffer of a channel, the next element of a list.
bool same_container(const Heap& heap, NodeId parent, NodeId child);
// The object that stands for the container this object is a part of: the map's header, the hchan, the
// list.List of an element; the object itself when it is a part of nothing.
NodeId container_of(const Heap& heap, ObjectId object);

// map[string]*T for each part of one, []T for a backing array, else the type as Go prints it.
std::string type_of_node(const Heap& heap, NodeId node);
// The same as the value of a field that points to it: *T for a plain T.
std::string type_of_value(const Heap& heap, NodeId node);

// The field at a byte of a value: .user.name, […].name in an array; "" for the value itself.
std::string field_path(const Heap& heap, TypeId type, std::uint64_t offset);
// How what the word of this object points to hangs on it: .sessions, […], captured ch.
std::string edge_ref(const Heap& heap, ObjectId source, std::uint32_t word);

// How a variable's word is named in a path: what it points to through static memory (" -> .head") reads as
// the field it is in Go (.head).
std::string root_ref(std::string_view ref);

// The first word of the source that points to the target; kNoRow when none does.
std::uint32_t word_of_edge(const Heap& heap, ObjectId source, ObjectId target);

}  // namespace memsnap
