#include "client/cli/failure.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::program::ExitCode;

TEST_SUITE("what a command says when it fails") {
    TEST_CASE("every reason is a line with a code and a place and an explanation") {
        CHECK(reason_lines({{Errc::missing_field, "fields.facts", "the main facts"},
                            {Errc::case_required, "", ""}}) ==
              "missing_field  fields.facts  the main facts\n"
              "case_required  -  The kind needs a case number.");
        CHECK(reason_lines({}).empty());
    }

    TEST_CASE("a reason can't forge another line") {
        CHECK(reason_lines({{Errc::malformed_field, "a\nb", "x\x1B[2J\nunknown_kind"}}) ==
              "malformed_field  a\\nb  x\\u{1B}[2J\\nunknown_kind");
    }

    TEST_CASE("a problem without reasons speaks by its code") {
        const Failure failure = failure_of({Errc::no_such_notice, {}});
        CHECK(failure.words ==
              "no_such_notice  -  There is no such notice for this unit.\n"
              "See `tongbao explain no_such_notice`.");
        CHECK(failure.exit_code == ExitCode::refused);
    }

    TEST_CASE("the exit code tells refusals from outages and faults") {
        CHECK(exit_code_of(Errc::unknown_kind) == ExitCode::refused);
        CHECK(exit_code_of(Errc::act_out_of_order) == ExitCode::refused);
        CHECK(exit_code_of(Errc::hub_unavailable) == ExitCode::unavailable);
        CHECK(exit_code_of(Errc::not_running) == ExitCode::unavailable);
        CHECK(exit_code_of(Errc::timed_out) == ExitCode::unavailable);
        CHECK(exit_code_of(Errc::storage_failure) == ExitCode::failed);
    }
}
