// What the files of one package say of package variables and struct fields that are maps, slices or
// sync.Maps: who touches them, how, and under which lock; and who calls whom. No types, no trees: what a rule
// about the whole module has to know of an object stands in its Symbol, so that facts of an earlier run are
// as good as those of this one. All texts lie in the bytes that the facts were read from, or in those of
// their sources.
#pragma once

#include "base/bytes.h"
#include "gotypes/type_table.h"
#include "lint/diagnostic.h"
#include "misuse/access.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap::misuse {

// A row of PackageFacts::symbols; once a Module has them, of all symbols of the module.
enum class SymbolId : std::uint32_t {};
constexpr SymbolId kNoSymbol{0};
constexpr bool is_there(SymbolId symbol) { return symbol != kNoSymbol; }

// A field, variable, function, method or the name of a type.
struct Symbol {
  // The same in all packages and runs as long as no declaration of its file changes; bodies may.
  std::uint64_t key = 0;
  std::uint32_t place = 0;  // in its file, bodies not counted
  std::string_view name;
  TypeKind kind = TypeKind::kUnknown;       // of the core of its type
  TypeKind elem_kind = TypeKind::kUnknown;  // of a map: of its elements
  bool field = false, package_level = false, exported = false, embedded = false;
  // Of a map: an entry is a number, a flag, nothing or a function, or the keys are numbers; of a slice: an
  // element is a function or an interface. What only grows is then a note of what was seen, or a registry.
  bool light = false;
  bool few_keys = false;  // of a map: its keys have few values, see grow.h
  bool has_lock = false;  // of the name of a struct type: something in it is a lock, or is called like one
};

using FunctionRow =
    std::uint32_t;  // of the functions of a package, then of the module; 0 is the package level

struct Function {
  SymbolId object = kNoSymbol;  // kNoSymbol for literals
  std::string_view name;
  FunctionRow around = 0;  // of a literal; always a lower row
  bool is_test = false, exported = false, is_init = false, says_locked = false;
  bool sets_lock = false;      // gives a struct its mutex
  bool handler = false;        // registered with a server, or of the form of a handler
  bool goroutine = false;      // started with go
  bool in_loop = false;        // started with go in a loop
  bool as_value = false;       // of a literal: neither called where it stands nor only by its name
  std::vector<SymbolId> lent;  // of a goroutine: mutexes that its maker holds until it waits for it
};

struct Outside {  // an argument that clients choose, and what it is
  std::uint32_t argument = 0;
  std::string_view what;
};

struct Argument {  // that is a parameter of the caller
  std::uint32_t argument = 0, parameter = 0;
};

struct Call {
  SymbolId callee = kNoSymbol;
  FunctionRow from = 0;
  bool go = false, in_loop = false;
  bool at_start = false;       // of the initialiser of a package variable
  bool fresh = false;          // the receiver is new there, or belongs to this run of the function alone
  bool made = false;           // the receiver is new there, and nobody else has it yet
  bool locked = false;         // under any lock
  std::vector<SymbolId> held;  // mutexes of the receiver or of packages that are held there
  std::vector<Outside> outside;
  // By bit, of the first 32: the argument was just made and is nobody else's; it is a constant.
  std::uint32_t fresh_arguments = 0, constant_arguments = 0;
  std::vector<Argument> forwarded;
};

struct Guard {
  SymbolId mutex = kNoSymbol;
  bool write = false;
};

// A place in a file, with what a report of it needs.
struct Place {
  std::uint32_t file = 0;  // of PackageFacts::files
  std::uint32_t from = 0, to = 0;
  std::int32_t line = 0, column = 0, end_line = 0, end_column = 0;
  std::string_view text;  // folded
};

struct Use {
  SymbolId object = kNoSymbol;
  How how = How::kOther;
  Place place;  // the index, call or statement
  FunctionRow function = 0;
  bool fresh = false;         // of an object that this function made and nobody else has
  bool nil = false;           // kAssign of nil
  bool empty = false;         // kAssign of a new map or slice whose slots are all zero
  bool returned = false;      // kStore in a local variable that gets nothing else and is returned
  bool lets_nil_by = false;   // kCompare in if m == nil {...}, and control goes on behind it
  bool constant_key = false;  // of kInsert and kDelete
  bool plain_key = false;     // the key is a variable
  bool key_call = false;      // the key is a call that changes it, as strings.ToLower(x)
  bool on_receiver = false;   // the object is the receiver, a captured or a package variable
  bool drains = false;        // kDelete of the current key on every way through a range over the same map
  bool bounded = false;       // kLen that is compared with something
  bool in_loop = false;
  bool other_lock = false;          // some lock is held that is not on the same base
  bool shifts = false;              // append(s[:i], s[j:]...), s = s[:n]: the array is written again
  bool inner_write = false;         // kInner that writes into a map which is the entry
  bool registers = false;           // kInsert, and the function panics when the entry is there already
  bool stores_parameter = false;    // kInsert of a parameter of the function as it is
  bool before_go = false;           // in front of the first go statement of a function that has some
  bool given_up = false;            // kSend, and something else is put there behind it
  std::int32_t key_parameter = -1;  // the key is this parameter of its function
  std::int32_t of_parameter = -1;   // the struct of the field is this parameter of its function
  std::string_view outside;         // what the key is, when clients choose it: see taint.h
  std::vector<Guard> guards;        // held on the same base
};

struct Owner {
  SymbolId field = kNoSymbol, type = kNoSymbol;  // the type name whose struct declares the field
};

struct Maker {
  SymbolId type = kNoSymbol;  // made by a literal, new or var
  FunctionRow function = 0;
};

// A write to a field of a struct whose RWMutex is only read-locked.
struct RlockWrite {
  SymbolId field = kNoSymbol;
  FunctionRow function = 0;
  Place at, lock;  // the write, and the RLock
  std::string_view shown;
};

// How often code of the package touches a field of a struct that has an RWMutex.
struct Touched {
  SymbolId field = kNoSymbol;
  std::uint32_t bare = 0, for_writing = 0;  // without a lock of the struct; under its Lock
};

struct PackageFacts {
  std::vector<std::string_view> files;
  std::vector<Symbol> symbols{1};      // [0] is kNoSymbol
  std::vector<Function> functions{1};  // [0] is the package level
  std::vector<Call> calls;             // of functions of the module, in the order of files and kinds
  std::vector<Use> uses;
  std::vector<Owner> owners;
  std::vector<Maker> makers;
  std::vector<RlockWrite> rlock_writes;
  std::vector<Touched> touched;
  std::vector<SymbolId> living;  // fields of what package variables hold, see Module::lives_on
};

}  // namespace memsnap::misuse
