// Temporary files that must go when the process ends by a signal or a time-out.
#pragma once

#include <string>

namespace memsnap {

// The folder's descriptor stays open until the name is forgotten.
void remember_temporary(int folder, const std::string& name);
void forget_temporary(int folder, const std::string& name);
void remove_temporaries();

}  // namespace memsnap
