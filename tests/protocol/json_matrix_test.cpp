// Every class of text that is no strict JSON, at every reader of this folder.

#include "protocol/act_json.hpp"
#include "protocol/calendar_json.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/notice_json.hpp"
#include "protocol/problem.hpp"
#include "protocol/submission_json.hpp"
#include "tests/protocol/bad_members.hpp"
#include "tests/protocol/calendar_fixture.hpp"
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

std::string calendar_code(const std::string& text) {
    const std::vector<CalendarFile> files{{"2020.json", text}};
    const Reasons faults = testing::calendar_faults(files);
    return std::string(faults.empty() ? "ok" : code(faults.front().code));
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
        {"calendar", testing::calendar_file(2020).text, &calendar_code, kMaxCalendarBytes},
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

TEST_SUITE("json matrix") {
    TEST_CASE("every reader refuses every class of bad member by its code") {
        for (const ReaderRow& reader : readers()) {
            CAPTURE(std::string(reader.name));
            for (const samples::MemberRow& row : samples::bad_members()) {
                CAPTURE(std::string(row.name));
                CHECK(reader.code_of(samples::with_member(reader.good, row.member)) ==
                      code(row.expected));
            }
            CHECK(reader.code_of(samples::with_member(reader.good, R"("zz":1)")) ==
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
