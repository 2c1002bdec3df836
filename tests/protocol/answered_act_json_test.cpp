#include "protocol/answered_act_json.hpp"

#include "protocol/log_entry_json.hpp"
#include "tests/protocol/log_entry_samples.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::entry_samples;
using samples::Sample;

namespace {

using Json = nlohmann::ordered_json;

Checked<LogEntry> acts_entry(const std::string& text) {
    return read_log_entry(as_bytes(text));
}

void check_deed_refused(const std::string& text, Errc code, std::string_view place) {
    CAPTURE(text);
    const Checked<LogEntry> entry = acts_entry(text);
    REQUIRE(entry.has_error());
    CHECK(entry.error().code == code);
    CHECK(entry.error().place == place);
}

}  // namespace

TEST_SUITE("entries of what notices do to earlier ones") {
    TEST_CASE("what a notice does to an earlier one has the members of its act and no others") {
        const std::vector<Sample> all = entry_samples();
        constexpr std::size_t kWithdrawn = 20, kCorrected = 21, kExtended = 22, kUrged = 23;
        const auto with = [&all](std::size_t which, const std::string& name, const Json& value) {
            Json json = Json::parse(all[which].text);
            json[name] = value;
            return json.dump();
        };
        const Json place = Json::parse(all[kCorrected].text)["restored"][0];
        CHECK(acts_entry(with(kWithdrawn, "restored", Json::array({place}))).has_value());
        check_deed_refused(with(kWithdrawn, "restored", Json::array()), Errc::bad_value,
                           "restored");
        check_deed_refused(with(kWithdrawn, "restored", Json::array({place, place})),
                           Errc::bad_value, "restored");
        check_deed_refused(with(kCorrected, "restored", Json::array({place, 7})), Errc::wrong_type,
                           "restored[1]");
        check_deed_refused(with(kWithdrawn, "unit", "bureau_b"), Errc::unknown_member, "unit");
        check_deed_refused(with(kCorrected, "due", "2026-11-22T16:00:00.000Z"),
                           Errc::unknown_member, "due");
        check_deed_refused(with(kUrged, "clocks", Json::array({1})), Errc::unknown_member,
                           "clocks");
        check_deed_refused(with(kUrged, "restored", Json::array({place})), Errc::unknown_member,
                           "restored");
        check_deed_refused(with(kUrged, "unit", "Bureau"), Errc::bad_value, "unit");
        for (const char* clocks : {"[]", "[2,1]", "[1,1]", "[-1]", "[65536]", R"(["1"])"}) {
            check_deed_refused(with(kExtended, "clocks", Json::parse(clocks)), Errc::bad_value,
                               "clocks");
        }
        check_deed_refused(with(kExtended, "due", "2026-11-22"), Errc::bad_value, "due");
    }

    TEST_CASE("a late notice names rules of sending in their order and none twice") {
        const Sample sample = entry_samples().back();
        const auto with = [&sample](const char* late) {
            Json json = Json::parse(sample.text);
            json["late"] = Json::parse(late);
            return json.dump();
        };
        CHECK(acts_entry(with(R"(["checks[0]","checks[11]"])")).has_value());
        for (const char* late :
             {"[]", R"(["receipt"])", R"(["checks[01]"])", R"(["checks[1"])", R"(["checks[-1]"])",
              R"(["send_within","send_within"])", R"(["checks[1]","send_within"])",
              R"(["checks[2]","checks[1]"])", "[7]"}) {
            check_deed_refused(with(late), Errc::bad_value, "late");
        }
    }
}
