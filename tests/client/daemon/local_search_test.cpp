#include "client/daemon/openapi.hpp"
#include "tests/client/daemon/json_schema.hpp"
#include "tests/client/daemon/search_stage.hpp"
#include "tests/support/captured_log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::numbered_alarm;
using testing::Searching;

/// It can't be anyone's: its division is none.
const std::string kInventedId = "44009918000101002X";

Notice report_of_person() {
    Notice notice = testing::report();
    notice.id = numbered_alarm(2).id;
    Row row;
    row.cells = {{"person", std::string("甲某")},
                 {"id_type", std::string("resident_id")},
                 {"id_no", kInventedId}};
    testing::set(notice, "persons", Table{row});
    testing::set(notice, "matter",
                 std::string("一二三四五六七八九十一二三四五六七八九十一二三\n北岸有人下网") +
                     std::string(50, 'x'));
    return notice;
}

struct Reported : Searching {
    Reported() {
        arrives(report_of_person(), 9);
        catch_up();
    }
};

}  // namespace

TEST_SUITE("GET /v1/search") {
    TEST_CASE_FIXTURE(Reported, "a notice is given with its header and where it matched") {
        const auto answer = ask("GET", "/v1/search?q=%E7%94%B2%E6%9F%90");
        REQUIRE(answer.status == 200);
        CHECK(body_of(answer) ==
              json{{"notices",
                    json::array({{{"index", 9},
                                  {"id", report_of_person().id.value().text()},
                                  {"kind", "poaching_report"},
                                  {"from", "reeds"},
                                  {"title", "盗猎线索"},
                                  {"received_at", format_utc(UtcTime{})},
                                  {"where", json::array({{{"field", "fields.persons.person"},
                                                          {"value", "甲某"}}})}}})}});
    }

    TEST_CASE_FIXTURE(Reported, "answers are as the API's description says") {
        settles(numbered_alarm(5), storage::SentState::accepted, 12);
        const json document = json::parse(openapi_json());
        for (const char* const query :
             {"/v1/search?q=%E7%94%B2", "/v1/search?q=%E7%94%B2&limit=1", "/v1/search?q=zzz"}) {
            CAPTURE(query);
            const auto faults = testing::schema_faults(
                document, document.at("components").at("schemas").at("FoundList"),
                body_of(ask("GET", query)));
            CHECK(faults == std::vector<std::string>{});
        }
        open_desk();
        const json early = body_of(ask("GET", "/v1/search?q=a"));
        CHECK(testing::schema_faults(document,
                                     document.at("components").at("schemas").at("FoundList"), early)
                  .empty());
        CHECK(testing::schema_faults(document, document.at("components").at("schemas").at("Status"),
                                     body_of(ask("GET", "/v1/status")))
                  .empty());
    }

    TEST_CASE_FIXTURE(Reported, "what the charter masks is masked unless it is asked for") {
        const auto masked = body_of(ask("GET", "/v1/search?q=" + kInventedId));
        REQUIRE(masked.at("notices").size() == 1);
        CHECK(masked.at("notices")[0].at("where") ==
              json::array({{{"field", "fields.persons.id_no"},
                            {"value", "440099********002X"},
                            {"masked", true}}}));
        const auto shown = body_of(ask("GET", "/v1/search?unmask=true&q=" + kInventedId));
        CHECK(shown.at("notices")[0].at("where") ==
              json::array({{{"field", "fields.persons.id_no"}, {"value", kInventedId}}}));
        const auto not_asked = body_of(ask("GET", "/v1/search?unmask=false&q=" + kInventedId));
        CHECK(not_asked == masked);
    }

    TEST_CASE_FIXTURE(Reported, "of a long text the part around the word is shown, in one line") {
        const auto answer = body_of(ask("GET", "/v1/search?q=%E5%8C%97%E5%B2%B8"));
        REQUIRE(answer.at("notices").size() == 1);
        CHECK(answer.at("notices")[0].at("where")[0].at("value") ==
              "…五六七八九十一二三四五六七八九十一二三 北岸有人下网" + std::string(34, 'x') + "…");
    }

    TEST_CASE_FIXTURE(Reported, "what does not match is not found and the list is empty") {
        const auto answer = ask("GET", "/v1/search?q=zzz");
        CHECK(answer.status == 200);
        CHECK(body_of(answer) == json{{"notices", json::array()}});
    }

    TEST_CASE_FIXTURE(Reported, "kind, sender, time, place and limit narrow it down") {
        arrives(numbered_alarm(3), 11);
        catch_up();
        CHECK(found("q=%E7%94%B2&limit=1") == std::vector<std::string>{"11 title"});
        CHECK(body_of(ask("GET", "/v1/search?q=%E7%94%B2&limit=1")).at("next") == 11);
        CHECK(found("q=%E7%94%B2&before=11&limit=1") ==
              std::vector<std::string>{"9 fields.persons.person"});
        CHECK(found("q=%E7%94%B2&kind=poaching_report").size() == 1);
        CHECK(found("q=%E7%94%B2&from=lake").size() == 2);
        CHECK(found("q=%E7%94%B2&from=office").empty());
        CHECK(found("q=%E7%94%B2&case=440100202600001").empty());
        CHECK(found("q=%E7%94%B2&since=1970-01-01T00:00:00.001Z").empty());
        CHECK(found("q=%E7%94%B2&until=1970-01-01T00:00:00.000Z").size() == 3);
    }

    TEST_CASE_FIXTURE(Reported, "a parameter that is wrong is refused by its code and name") {
        struct Wrong {
            const char* query;
            const char* code;
            const char* place;
        };
        const std::string long_word(101, 'a');
        const std::string long_query = "q=" + long_word;
        for (const Wrong& each : std::vector<Wrong>{
                 {"", "missing_member", "q"},
                 {"kind=poaching_report", "missing_member", "q"},
                 {"q=", "wrong_length", "q"},
                 {"q=%20%E3%80%80", "wrong_length", "q"},
                 {long_query.c_str(), "wrong_length", "q"},
                 {"q=a%20b%20c%20d%20e%20f%20g%20h%20i", "wrong_length", "q"},
                 {"q=a&q=b", "duplicate_member", "q"},
                 {"q=a&kind=flood", "unknown_kind", "kind"},
                 {"q=a&from=sea", "bad_value", "from"},
                 {"q=a&from=", "bad_value", "from"},
                 {"q=a&case=12", "bad_value", "case"},
                 {"q=a&since=yesterday", "bad_value", "since"},
                 {"q=a&until=2026-01-01", "bad_value", "until"},
                 {"q=a&limit=0", "bad_value", "limit"},
                 {"q=a&limit=1001", "bad_value", "limit"},
                 {"q=a&limit=ten", "bad_value", "limit"},
                 {"q=a&before=-1", "bad_value", "before"},
                 {"q=a&unmask=yes", "bad_value", "unmask"},
                 {"q=a&colour=red", "unknown_member", "colour"},
                 {"q=a&limit=2&limit=3", "duplicate_member", "limit"},
             }) {
            CAPTURE(each.query);
            const auto answer = ask("GET", "/v1/search?" + std::string(each.query));
            CHECK(answer.status >= 400);
            const json body = body_of(answer);
            CHECK(body.at("code") == each.code);
            CHECK(body.at("reasons")[0].at("place") == each.place);
        }
        CHECK(ask("GET", "/v1/search?q=%FF").status == 400);
        CHECK(ask("POST", "/v1/search?q=a").status == 405);
    }

    TEST_CASE("who had personal data shown whole is logged, and never what was searched for") {
        const testing::CapturedLog log;
        Reported reported;
        static_cast<void>(reported.ask("GET", "/v1/search?q=" + kInventedId));
        static_cast<void>(reported.ask("GET", "/v1/notices/9"));
        CHECK(log.count("personal_data_shown") == 0);
        static_cast<void>(reported.ask("GET", "/v1/search?unmask=true&q=" + kInventedId));
        CHECK(log.count("personal_data_shown") == 1);
        static_cast<void>(reported.ask("GET", "/v1/notices/9?unmask=true"));
        CHECK(log.count("personal_data_shown") == 2);
        static_cast<void>(reported.ask("GET", "/v1/search?limit=0&q=" + kInventedId));
        const std::string text = log.text();
        CHECK(text.find("unix:uid=1000") != std::string::npos);
        CHECK(text.find("\"/v1/search\"") != std::string::npos);
        CHECK(text.find(kInventedId) == std::string::npos);
        CHECK(text.find("440099") == std::string::npos);
    }

    TEST_CASE_FIXTURE(Reported, "what is wrong with a question does not repeat it") {
        const auto answer = ask("GET", "/v1/search?q=" + kInventedId + "&limit=0");
        CHECK(answer.status == 400);
        CHECK(as_text(answer.body).find(kInventedId) == std::string::npos);
    }

    TEST_CASE_FIXTURE(Reported, "signs of the index's language are plain text") {
        for (const char* const words : {"\"", "* OR *", "fields:x", "'; DROP TABLE notice; --"}) {
            CAPTURE(words);
            CHECK(found_text(words).empty());
        }
        CHECK(found_text("甲某").size() == 1);
    }
}

}  // namespace tongbao::client
