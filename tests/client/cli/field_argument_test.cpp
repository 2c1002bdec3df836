#include "client/cli/field_argument.hpp"

#include "protocol/charter_json.hpp"
#include "tests/client/cli/fake_daemon.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

struct Guangdong {
    Charter charter =
        std::get<Charter>(protocol::load_charter(client::testing::charter_text("guangdong-2020")));
    const Kind* transfer = charter.find_kind(KindId("suspected_crime_transfer"));

    /// The JSON that `--field name=value` becomes.
    [[nodiscard]] std::string typed(const std::string& name, const std::string& value) const {
        const Attempt<std::string> typed = typed_value(transfer, {name, value});
        return typed ? *typed : "failure: " + typed.error().words;
    }
};

}  // namespace

TEST_SUITE("fields on the command line") {
    TEST_CASE_FIXTURE(Guangdong, "a bool is true or false") {
        CHECK(typed("inspection_needed", "true") == "true");
        CHECK(typed("inspection_needed", "false") == "false");
    }

    TEST_CASE_FIXTURE(Guangdong, "counts and amounts are whole numbers") {
        CHECK(typed("handlers", "2") == "2");
        CHECK(typed("involved_fen", "9007199254740991") == "9007199254740991");
        CHECK(typed("involved_fen", "-5") == "-5");
    }

    TEST_CASE_FIXTURE(Guangdong, "what does not fit goes as text for the daemon to refuse") {
        CHECK(typed("inspection_needed", "yes") == "\"yes\"");
        CHECK(typed("handlers", "2.5") == "\"2.5\"");
        CHECK(typed("handlers", "two") == "\"two\"");
        CHECK(typed("handlers", "") == "\"\"");
        CHECK(typed("involved_fen", "9007199254740992") == "\"9007199254740992\"");
        CHECK(typed("involved_fen", "99999999999999999999") == "\"99999999999999999999\"");
        CHECK(typed("no_such_field", "1") == "\"1\"");
    }

    TEST_CASE_FIXTURE(Guangdong, "a text that looks like a number stays a text") {
        CHECK(typed("case_title", "12") == "\"12\"");
        CHECK(typed("facts", "true") == "\"true\"");
        CHECK(typed("facts", "@file") == "\"@file\"");
        CHECK(typed("approved_at", "2020-10-13T09:30+08:00") == "\"2020-10-13T09:30+08:00\"");
    }

    TEST_CASE_FIXTURE(Guangdong, "a table is JSON here or in a file") {
        const std::string rows = R"([{"subject_kind":"pharmacy","subject_name":"测试"}])";
        CHECK(typed("subjects", rows) == rows);
        const storage::TemporaryFolder folder;
        const std::string path = (folder.path() / "rows.json").string();
        std::ofstream(path) << rows << '\n';
        CHECK(typed("subjects", '@' + path) == rows);
    }

    TEST_CASE_FIXTURE(Guangdong, "a table that is no JSON is named with its place") {
        CHECK(typed("subjects", "[{").starts_with("failure: malformed_json  fields.subjects"));
        CHECK(typed("subjects", R"([{"a":1,"a":2}])").starts_with("failure: duplicate_member"));
        CHECK(typed("subjects", "@/none.json") == "failure: /none.json: there is no such file");
        const Attempt<std::string> value = typed_value(transfer, {"subjects", "[1.5]"});
        REQUIRE(value.has_error());
        CHECK(value.error().exit_code == program::ExitCode::usage);
    }

    TEST_CASE("without a kind every value is a text") {
        const Attempt<std::string> value = typed_value(nullptr, {"handlers", "2"});
        REQUIRE(value.has_value());
        CHECK(*value == R"("2")");
    }

    TEST_CASE("an argument is cut at its first equals sign") {
        const Attempt<NamedArgument> named = split_argument("--field", "a=b=c");
        REQUIRE(named.has_value());
        CHECK(named->name == "a");
        CHECK(named->value == "b=c");
        CHECK(split_argument("--field", "a=")->value.empty());
        CHECK(split_argument("--field", "a").has_error());
        CHECK(split_argument("--field", "=a").has_error());
        CHECK(split_argument("--attach", "a").error().words.find("--attach") == 0);
    }

    TEST_CASE("a file of fields holds one object") {
        const storage::TemporaryFolder folder;
        const std::string path = (folder.path() / "fields.json").string();
        std::ofstream(path) << R"({"a": 1, "b": "二"})";
        const Attempt<std::vector<WrittenField>> fields = read_fields_file(path);
        REQUIRE(fields.has_value());
        REQUIRE(fields->size() == 2);
        CHECK(fields->back().name == "b");
        CHECK(fields->back().json == R"("二")");
        std::ofstream(path) << "[1]";
        CHECK(read_fields_file(path).error().exit_code == program::ExitCode::usage);
        CHECK(read_fields_file(path + "x").error().exit_code == program::ExitCode::usage);
    }
}
