#include "tests/integration/clocked_story.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace tongbao::testing;

// hsa transfers a suspected crime of an invented person to police. The kind is classified L3, and
// the office keeps its case.

namespace {

constexpr const char* kSearchDay = "2020-09-30T09:00+08:00";
/// No county has the division 440099, and nobody was born on that day.
const std::string kNobodysId = "44009918000101002X";
const std::string kMaskedNobody = "440099********002X";

StoryNotice send_transfer_of_person(const LiveSandbox& sandbox) {
    const Json fields{{"case_title", "某参保人涉嫌冒名就医（合成数据）"},
                      {"subjects",
                       {{{"subject_kind", "insured"},
                         {"subject_name", "甲某"},
                         {"id_type", "resident_id"},
                         {"subject_id_no", kNobodysId},
                         {"division", "440099"}}}},
                      {"facts", "三次就诊时该人不在本市。"},
                      {"legal_basis", "国务院令第310号第三条"},
                      {"involved_fen", 12345600},
                      {"suspected_crime", "诈骗罪"},
                      {"report_received_by_head", "2020-09-29T09:00+08:00"},
                      {"approved_at", "2020-09-29T15:30+08:00"},
                      {"handlers", 2},
                      {"inspection_needed", false}};
    const auto file = sandbox.write("transfer.json", fields.dump());
    const auto letter = sandbox.write("letter.pdf", "%PDF-1.4\n% synthetic\n");
    const auto report = sandbox.write("report.txt", "Investigation report, synthetic.\n");
    StoryNotice sent;
    sent.id = sandbox.send_endorsed(
        "hsa",
        "send --kind suspected_crime_transfer --fields " + file.string() +
            " --attach transfer_letter=" + letter.string() +
            " --attach investigation_report=" + report.string() + " --no-attachment property_list",
        {"reviewer", "issuer"});
    sent.case_number = case_of(sandbox, "hsa", sent.id);
    return sent;
}

/// Waits until the unit's search finds so many notices; what it found.
Json wait_for_found(const LiveSandbox& sandbox, const std::string& unit, const std::string& text,
                    std::size_t wanted) {
    Json found;
    wait_until(unit + " finds " + text, [&] {
        found = sandbox.json_as(unit, "search " + text);
        return found.at("notices").size() == wanted && !found.contains("catching_up");
    });
    return found.at("notices");
}

/// The values that matched in the first notice, by where they stand: `field value`.
Lines where_of(const Json& notices) {
    Lines lines;
    for (const Json& each : notices.at(0).at("where")) {
        lines.push_back(each.at("field").get<std::string>() + ' ' +
                        each.at("value").get<std::string>());
    }
    return lines;
}

void start_and_wait(OwnService& police, const LiveSandbox& sandbox) {
    police.start();
    wait_until("police answers", [&] { return sandbox.as("police", "inbox").exit_code == 0; });
}

std::size_t shown_in_log(const std::string& log) {
    return count(log, "\"event\":\"personal_data_shown\"");
}

}  // namespace

TEST_SUITE("search among units") {
    TEST_CASE("parties find a transfer by name and by number and nobody else does") {
        const LiveSandbox sandbox("guangdong-2020", kSearchDay);
        const StoryNotice transfer = send_transfer_of_person(sandbox);
        static_cast<void>(sandbox.wait_for_inbox("police", 1));

        for (const auto& [unit, time] :
             {std::pair{"hsa", "sent_at"}, std::pair{"police", "received_at"}}) {
            CAPTURE(unit);
            const Json by_name = wait_for_found(sandbox, unit, "甲某", 1);
            CHECK(by_name.at(0).at("id") == transfer.id);
            CHECK(by_name.at(0).at("case") == transfer.case_number);
            CHECK(by_name.at(0).contains(time));
            CHECK(where_of(by_name) == Lines{"fields.subjects.subject_name 甲某"});
            const Json by_number = wait_for_found(sandbox, unit, kNobodysId, 1);
            CHECK(where_of(by_number) == Lines{"fields.subjects.subject_id_no " + kMaskedNobody});
            CHECK(where_of(wait_for_found(sandbox, unit, transfer.case_number, 1)) ==
                  Lines{"case " + transfer.case_number});
        }
        // The keeper of the ledger finds its copy by what its case says, not by whom it is about.
        const Json kept = wait_for_found(sandbox, "office", transfer.case_number, 1);
        CHECK(kept.at(0).contains("logged_at"));
        CHECK(wait_for_found(sandbox, "office", "甲某", 0).empty());
        CHECK(wait_for_found(sandbox, "office", kNobodysId, 0).empty());
        // market holds none of it.
        for (const std::string& text :
             {std::string("甲某"), kNobodysId, transfer.case_number, std::string("移送")}) {
            CHECK(wait_for_found(sandbox, "market", text, 0).empty());
        }
    }

    TEST_CASE("a number is shown whole on request alone, which is logged without the number") {
        const LiveSandbox sandbox("guangdong-2020", kSearchDay);
        const StoryNotice transfer = send_transfer_of_person(sandbox);
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        static_cast<void>(wait_for_found(sandbox, "police", "甲某", 1));
        const auto log = sandbox.folder() / "s" / "units/police/tongbaod.log";

        const CommandResult masked = sandbox.as("police", "search " + kNobodysId);
        CHECK(masked.exit_code == 0);
        CHECK(masked.output.find(kMaskedNobody) != std::string::npos);
        CHECK(masked.output.find(kNobodysId) == std::string::npos);
        CHECK(shown_in_log(log_text(log)) == 0);

        const CommandResult whole = sandbox.as("police", "search --unmask " + kNobodysId);
        CHECK(whole.exit_code == 0);
        CHECK(whole.output.find("fields.subjects.subject_id_no: " + kNobodysId) !=
              std::string::npos);
        CHECK(shown_in_log(log_text(log)) == 1);
        must_do(sandbox, "police", "show " + transfer.id + " --unmask");
        CHECK(shown_in_log(log_text(log)) == 2);
        CHECK(log_text(log).find(kNobodysId) == std::string::npos);
    }

    TEST_CASE("an index that was damaged or deleted while a daemon was away is made anew") {
        const LiveSandbox sandbox("guangdong-2020", kSearchDay);
        static_cast<void>(send_transfer_of_person(sandbox));
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        static_cast<void>(wait_for_found(sandbox, "police", "甲某", 1));
        OwnService police = OwnService::daemon(sandbox, "police");
        const auto index = sandbox.folder() / "s" / "units/police/data/search.sqlite";
        REQUIRE(std::filesystem::exists(index));
        std::filesystem::resize_file(index, 5000);
        start_and_wait(police, sandbox);
        CHECK(wait_for_found(sandbox, "police", "甲某", 1).size() == 1);
        police.stop();
        REQUIRE(std::filesystem::remove(index));
        start_and_wait(police, sandbox);
        CHECK(wait_for_found(sandbox, "police", "甲某", 1).size() == 1);
    }
}
