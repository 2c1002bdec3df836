#pragma once

#include <string>

namespace tongbao::testing {

/// The checkout that the tests were built from: charters, documents, vectors.
[[nodiscard]] std::string source_dir();

/// Where it was built: the programs under `bin`, scratch space under `test-directories`.
[[nodiscard]] std::string binary_dir();

}  // namespace tongbao::testing
