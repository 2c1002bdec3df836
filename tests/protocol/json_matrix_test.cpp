// Every class of text that is no strict JSON, at every reader of this folder.

#include "protocol/act_json.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/notice_json.hpp"
#include "protocol/problem.hpp"
#include "protocol/submission_json.hpp"
#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/samples.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

namespace tongbao::protocol {
namespace {

template <typename T>
std::string code_of(const Checked<T>& read) {
    return std::string(read ? "ok" : code(read.error().code));
}

/// A reader with a text that it takes.
struct ReaderRow {
    const char* name;
    std::string good;
    std::string (*code_of)(const std::string& text);
    std::size_t limit;
    /// Problems may have members that their readers do not know.
    bool open = false;
};

std::string charter_code(const std::string& text) {
    const LoadedCharter loaded = load_charter(text);
    const auto* const reasons = std::get_if<Reasons>(&loaded);
    return std::string(reasons == nullptr ? "ok" : code(reasons->front().code));
}

std::string entry_text() {
    const SignedLeaf leaf{samples::digest_of(1), samples::digest_of(2), samples::digest_of(3),
                          samples::digest_of(4)};
    return write_log_entry(
        {samples::at(9, 30, 0, 123),
         {},
         RefusedEvent{leaf, UnitId("bureau_a"), std::nullopt, {Errc::missing_field}}});
}

const std::vector<ReaderRow>& readers() {
    static const std::vector<ReaderRow> rows{
        {"notice", samples::notice_text(),
         [](const std::string& text) { return code_of(read_notice(as_bytes(text))); },
         kMaxNoticeBytes},
        {"act", samples::act_text(),
         [](const std::string& text) { return code_of(read_act(as_bytes(text))); }, kMaxActBytes},
        {"leaf", samples::notice_text(),
         [](const std::string& text) { return code_of(read_leaf(as_bytes(text))); },
         kMaxNoticeBytes},
        {"log entry", entry_text(),
         [](const std::string& text) { return code_of(read_log_entry(as_bytes(text))); },
         kMaxLogEntryBytes},
        {"charter", testing::read_source_file(testing::kInventedCharter), &charter_code,
         kMaxCharterBytes},
        {"submission", R"({"statement":"Zg==","leaves":["Zg=="]})",
         [](const std::string& text) { return code_of(read_submission(as_bytes(text))); },
         kMaxSubmissionBytes},
        {"problem",
         R"({"type":"urn:tongbao:problem:not_found","title":"a","status":404,)"
         R"("code":"not_found"})",
         [](const std::string& text) { return code_of(read_problem(as_bytes(text))); }, 0, true},
    };
    return rows;
}

/// A member that stands before all others, and the code with which the text is refused.
struct MemberRow {
    const char* name;
    std::string member;
    Errc expected;
};

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

// One level is the object's own.
const MemberRow kMembers[] = {
    {"a member twice", R"("zz":1,"zz":1)", Errc::duplicate_member},
    {"a member twice, once escaped", R"("zz":1,"\u007az":1)", Errc::duplicate_member},
    {"a member twice further in", R"("zz":[{"a":1,"a":1}])", Errc::duplicate_member},
    {"a raw NUL in a text", std::string("\"zz\":\"a\0\"", 9), Errc::malformed_json},
    {"an escaped NUL in a text", R"("zz":"\u0000")", Errc::malformed_json},
    {"a NUL in a name", R"("z\u0000":1)", Errc::malformed_json},
    {"half a surrogate pair", R"("zz":"\ud800")", Errc::malformed_json},
    {"the other half", R"("zz":"\udc00")", Errc::malformed_json},
    {"a surrogate pair turned round", R"("zz":"\udc00\ud800")", Errc::malformed_json},
    {"a byte that is no UTF-8", "\"zz\":\"\xff\"", Errc::not_utf8},
    {"an overlong slash", "\"zz\":\"\xc0\xaf\"", Errc::not_utf8},
    {"a surrogate in UTF-8", "\"zz\":\"\xed\xa0\x80\"", Errc::not_utf8},
    {"a character beyond Unicode", "\"zz\":\"\xf4\x90\x80\x80\"", Errc::not_utf8},
    {"a level too many", R"("zz":)" + nested(kMaxJsonDepth), Errc::too_deep},
    {"a fraction", R"("zz":1.5)", Errc::bad_number},
    {"a fraction of nothing", R"("zz":1.0)", Errc::bad_number},
    {"an exponent", R"("zz":1e3)", Errc::bad_number},
    {"minus zero", R"("zz":-0)", Errc::bad_number},
    {"2 to the power of 53", R"("zz":9007199254740992)", Errc::bad_number},
    {"its negative", R"("zz":-9007199254740992)", Errc::bad_number},
    {"an integer beyond 64 bits", R"("zz":18446744073709551616)", Errc::bad_number},
    {"no number", R"("zz":NaN)", Errc::malformed_json},
    {"a comma too many", R"("zz":[1,])", Errc::malformed_json},
    {"a comment", R"("zz":/* a */1)", Errc::malformed_json},
    {"a raw line end in a text", "\"zz\":\"a\nb\"", Errc::malformed_json},
};

std::string with_member(const std::string& good, const std::string& member) {
    return good.substr(0, good.find('{') + 1) + member + ',' + good.substr(good.find('{') + 1);
}

TEST_SUITE("json matrix") {
    TEST_CASE("every reader refuses every class of bad member by its code") {
        for (const ReaderRow& reader : readers()) {
            CAPTURE(std::string(reader.name));
            for (const MemberRow& row : kMembers) {
                CAPTURE(std::string(row.name));
                CHECK(reader.code_of(with_member(reader.good, row.member)) == code(row.expected));
            }
            CHECK(reader.code_of(with_member(reader.good, R"("zz":1)")) ==
                  (reader.open ? "ok" : "unknown_member"));
        }
    }

    TEST_CASE("every reader refuses what is not exactly one text") {
        using namespace std::string_literals;
        for (const ReaderRow& reader : readers()) {
            CAPTURE(std::string(reader.name));
            CHECK(reader.code_of("") == "malformed_json");
            CHECK(reader.code_of(reader.good + "x") == "malformed_json");
            CHECK(reader.code_of(reader.good + "\0"s) == "malformed_json");
            CHECK(reader.code_of(reader.good + "\0garbage"s) == "malformed_json");
            CHECK(reader.code_of(reader.good + reader.good) != "ok");
            CHECK(reader.code_of("\xef\xbb\xbf" + reader.good) == "not_utf8");
            const std::size_t end = reader.good.rfind('}');
            CHECK(reader.code_of(reader.good.substr(0, end)) == "malformed_json");
            CHECK(reader.code_of("[" + reader.good + "]") != "ok");
            if (reader.limit > 0) {
                const std::string long_text =
                    reader.good + std::string(reader.limit + 1 - reader.good.size(), ' ');
                CHECK(reader.code_of(long_text) == "too_large");
            }
        }
    }

    TEST_CASE("the texts that are spoilt are good before") {
        for (const ReaderRow& reader : readers()) {
            CAPTURE(std::string(reader.name));
            CHECK(reader.code_of(reader.good) == "ok");
        }
    }
}

}  // namespace
}  // namespace tongbao::protocol
