#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao {
namespace {

using testing::CommandResult;

// With the options and suppressions of all other tests: what hides this race would hide any.
TEST_CASE("a race on purpose is reported and fails the program") {
    const testing::TestDirectory directory("data-race");
    const CommandResult result = directory.run(testing::binary_dir() + "/tests/fault/data_race");
    CHECK(result.exit_code == 66);
    CHECK(result.output.find("WARNING: ThreadSanitizer: data race") != std::string::npos);
    CHECK(result.output.find("data_race.cpp:7") != std::string::npos);
}

}  // namespace
}  // namespace tongbao
