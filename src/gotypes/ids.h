// Numbers of types, objects, packages and files of a Program. 0 is always "not known" or "none".
#pragma once

#include <cstdint>

namespace memsnap::types {

enum class TypeId : std::uint32_t {};
enum class ObjectId : std::uint32_t {};
enum class PackageId : std::uint32_t {};
enum class FileId : std::uint32_t {};

constexpr TypeId kUnknownType{0};
constexpr ObjectId kNoObject{0};
constexpr PackageId kNoPackage{0};  // also the package of the universe
constexpr FileId kNoFile{0};

constexpr bool known(TypeId t) { return t != kUnknownType; }
constexpr bool is_there(ObjectId o) { return o != kNoObject; }

}  // namespace memsnap::types
