#include "tests/support/project_paths.hpp"

namespace tongbao::testing {

std::string source_dir() {
    return TONGBAO_SOURCE_DIR;
}

std::string binary_dir() {
    return TONGBAO_BINARY_DIR;
}

}  // namespace tongbao::testing
