#include "client/cli/explanations.hpp"
#include "protocol/json_value.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

bool has_chinese(const std::string& text) {
    // U+4E00 to U+9FFF begin with the bytes E4 to E9 in UTF-8.
    return std::any_of(text.begin(), text.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte >= 0xE4 && byte <= 0xE9;
    });
}

}  // namespace

TEST_SUITE("explain") {
    TEST_CASE("every stable code is explained in English and Chinese") {
        for (const Errc errc : all_errcs()) {
            CAPTURE(code(errc));
            const std::optional<Explanation> words = explanation_of(errc);
            REQUIRE(words.has_value());
            for (const std::string* const text :
                 {&words->en.what, &words->en.where, &words->en.todo}) {
                CHECK_FALSE(text->empty());
                CHECK_FALSE(has_chinese(*text));
            }
            for (const std::string* const text :
                 {&words->zh.what, &words->zh.where, &words->zh.todo}) {
                CHECK(has_chinese(*text));
            }
        }
    }

    TEST_CASE("nothing is explained that is no code") {
        const std::string_view text = explanations_json();
        const Checked<protocol::JsonDocument> all =
            protocol::read_json(as_bytes(text), text.size());
        REQUIRE(all.has_value());
        const auto& members = std::get<protocol::JsonValue::Object>(all->root().value);
        for (const protocol::JsonMember& member : members) {
            CAPTURE(member.name);
            CHECK(errc_from_code(member.name).has_value());
        }
        CHECK(members.size() == all_errcs().size());
    }

    TEST_CASE("a code is explained in both languages, as text and as JSON") {
        const CommandOutcome run = run_tongbao({"explain", "certificate_expired"});
        CHECK(run.exit_code == 0);
        CHECK(run.output.starts_with("certificate_expired\n\nWhat happened:  "));
        CHECK(has(run.output, std::string(sentence(Errc::certificate_expired))));
        CHECK(has(run.output, "证书已过有效期"));
        const CommandOutcome json = run_tongbao({"explain", "certificate_expired", "--json"});
        CHECK(json.output.starts_with(R"({"code":"certificate_expired","en":{"what":")"));
        CHECK(has(json.output, R"("zh":{"what":"证书已过有效期)"));
    }

    TEST_CASE("without a code all are listed and one that is none is a wrong argument") {
        const CommandOutcome all = run_tongbao({"explain"});
        CHECK(all.exit_code == 0);
        for (const Errc errc : all_errcs()) CHECK(has(all.output, std::string(code(errc)) + ' '));
        const CommandOutcome none = run_tongbao({"explain", "no\x1b[31m"});
        CHECK(none.exit_code == 2);
        CHECK(has(none.messages, "there is no code"));
        CHECK_FALSE(has(none.messages, "\x1b"));
    }

    TEST_CASE("a message names the command that explains its codes, each once and at most three") {
        CHECK(explain_hint({}).empty());
        CHECK(explain_hint({Errc::not_found}) == "See `tongbao explain not_found`.");
        CHECK(explain_hint({Errc::not_found, Errc::not_found, Errc::bad_key}) ==
              "See `tongbao explain not_found`, `tongbao explain bad_key`.");
        CHECK(explain_hint({Errc::not_found, Errc::bad_key, Errc::bad_note, Errc::bad_proof}) ==
              "See `tongbao explain not_found`, `tongbao explain bad_key`, "
              "`tongbao explain bad_note`.");
    }
}
