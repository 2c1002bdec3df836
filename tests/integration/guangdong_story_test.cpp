#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao::testing;

TEST_SUITE("the demo") {
    // The demo is the story: it ends with 0 only if every step, every refusal and the audit of the
    // log came out exactly as they should.
    TEST_CASE("a case of suspected fraud goes its way under the Guangdong charter") {
        const TestDirectory directory("guangdong-story");
        const CommandResult demo = directory.run(testing::source_dir() + "/tests/demo/demo.sh " +
                                                 testing::binary_dir() + "/bin");
        INFO(demo.output);
        CHECK(demo.exit_code == 0);
    }
}
