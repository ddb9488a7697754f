// What the body of a range over a map does for a key whose text is known.
#pragma once

#include "misuse/code.h"

#include <optional>
#include <string>

namespace memsnap::misuse {

class OneKey {
 public:
  // Of `for key := range ...`.
  OneKey(const Code& code, NodeId range);

  // The text of the key of an insert in the body; nothing when it is not known.
  std::optional<std::string> inserted(NodeId index);
  // An iteration for this key comes to its end without having done anything.
  bool does_nothing(std::string key);

 private:
  std::optional<std::string> text(NodeId expr, int depth) const;
  std::optional<std::string> text_of_call(NodeId call, int depth) const;
  std::optional<bool> truth(NodeId cond, int depth) const;
  std::optional<bool> truth_of_call(NodeId call, int depth) const;
  bool is_quiet(NodeId statement, int depth) const;
  bool are_quiet(ast::NodeList statements, int depth) const;
  bool is_quiet_switch(NodeId statement, int depth) const;

  const Code& code_;
  NodeId body_ = ast::kNoNode;
  ObjectId variable_ = types::kNoObject;
  std::optional<std::string> key_;
};

}  // namespace memsnap::misuse
