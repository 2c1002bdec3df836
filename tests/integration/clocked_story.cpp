#include "tests/integration/clocked_story.hpp"

#include "domain/clock_words.hpp"
#include "domain/recipient_state.hpp"
#include "storage/hub_store.hpp"
#include "storage/rocks_hub_store.hpp"
#include "tests/integration/local_client.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/support/must.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace tongbao::testing {
namespace {

constexpr std::size_t kToMinutes = 16;  // 2020-10-09T16:00
constexpr std::size_t kToSeconds = 19;

std::string in_single_quotes(const std::filesystem::path& path) {
    return '\'' + path.string() + '\'';
}

}  // namespace

std::string case_of(const LiveSandbox& sandbox, const std::string& unit, const std::string& id) {
    const std::string socket = sandbox.file().at("units").at(unit).at("socket");
    return Json::parse(LocalClient(socket).get("/v1/sent/" + id)).at("case");
}

StoryNotice send_transfer(const LiveSandbox& sandbox, const std::string& day) {
    // Division 440099 is not assigned, the codes belong to nobody.
    const Json fields{{"case_title", "某定点医院涉嫌虚构诊疗骗保（合成数据）"},
                      {"subjects",
                       {{{"subject_kind", "medical_institution"},
                         {"subject_name", "合成测试医院"},
                         {"uscc", "914400990000000160"},
                         {"medins_code", "H44009900001"},
                         {"division", "440099"}}}},
                      {"facts", "十二份结算清单没有对应的诊疗记录。"},
                      {"legal_basis", "国务院令第310号第三条"},
                      {"involved_fen", 12345600},
                      {"suspected_crime", "诈骗罪"},
                      {"report_received_by_head", day + "T09:00+08:00"},
                      {"approved_at", day + "T15:30+08:00"},
                      {"handlers", 2},
                      {"inspection_needed", false}};
    const auto file = sandbox.write("transfer.json", fields.dump());
    const auto letter = sandbox.write("letter.pdf", "%PDF-1.4\n% synthetic\n");
    const auto report = sandbox.write("report.txt", "Investigation report, synthetic.\n");
    StoryNotice sent;
    sent.id = sandbox.send_endorsed(
        "hsa",
        "send --kind suspected_crime_transfer --fields " + in_single_quotes(file) +
            " --attach transfer_letter=" + in_single_quotes(letter) +
            " --attach investigation_report=" + in_single_quotes(report) +
            " --no-attachment property_list",
        {"reviewer", "issuer"});
    sent.case_number = case_of(sandbox, "hsa", sent.id);
    return sent;
}

std::string decide_filing(const LiveSandbox& sandbox, const StoryNotice& transfer,
                          const std::string& decision) {
    const auto letter = sandbox.write("decision.txt", "Decision, synthetic.\n");
    return sandbox.send_endorsed(
        "police",
        "reply " + transfer.id + " --kind police_filing_decision --case " + transfer.case_number +
            " --field decision=" + decision + " --field 'decision_doc_no=测公立〔2020〕1号'" +
            (decision == "filed" ? "" : " --field reason=合成理由 --field file_returned=true") +
            " --attach decision_letter=" + in_single_quotes(letter),
        {"reviewer", "issuer"});
}

void must_do(const LiveSandbox& sandbox, const std::string& unit, const std::string& arguments) {
    const CommandResult done = sandbox.as(unit, arguments);
    if (done.exit_code != 0) throw std::runtime_error(arguments + ": " + done.output);
}

Lines limits_for(const LiveSandbox& sandbox, const std::string& unit,
                 const std::string& arguments) {
    Lines lines;
    const Json page = sandbox.json_as(unit, "due " + arguments);
    for (const Json& clock : page.at("clocks")) {
        const std::string what = clock.value("reply", clock.at("purpose").get<std::string>());
        lines.push_back(clock.at("unit").get<std::string>() + ' ' + what + ' ' +
                        clock.value("due", "-").substr(0, kToMinutes));
    }
    return lines;
}

Lines steps_of(const LiveSandbox& sandbox) {
    const std::string where = in_single_quotes(sandbox.folder() / "s");
    const CommandResult listed =
        sandbox.tongbao("audit entries --count 100000 --json --sandbox " + where + " 2>/dev/null");
    if (listed.exit_code != 0) throw std::runtime_error("no entries: " + listed.output);
    Lines lines;
    const Json log = Json::parse(listed.output);
    for (const Json& entry : log.at("entries")) {
        const std::string event = entry.at("event");
        if (event != "escalated" && event != "overdue") continue;
        if ((event == "overdue") != (entry.at("deed") == "mark_overdue")) {
            throw std::runtime_error(entry.dump());
        }
        lines.push_back(entry.at("deed").get<std::string>() + ' ' +
                        entry.at("unit").get<std::string>() + " clock " +
                        std::to_string(entry.at("clock").get<int>()) + " due " +
                        entry.at("due").get<std::string>().substr(0, kToSeconds) + " done " +
                        entry.at("time").get<std::string>().substr(0, kToSeconds));
    }
    return lines;
}

Lines wait_for_steps(const LiveSandbox& sandbox, std::size_t count) {
    Lines steps;
    wait_until(
        std::to_string(count) + " steps",
        [&] {
            try {
                steps = steps_of(sandbox);
            } catch (const std::runtime_error&) {
                // A hub that starts is not there yet.
                return false;
            }
            return steps.size() >= count;
        },
        std::chrono::seconds(30));
    return steps;
}

Lines trail_of(const LiveSandbox& sandbox, const std::string& unit, const std::string& id) {
    Lines events;
    const Json trail = sandbox.json_as(unit, "trail " + id);
    for (const Json& event : trail.at("events")) events.push_back(event.at("event"));
    return events;
}

void renew_lists(const LiveSandbox& sandbox, std::size_t times) {
    const std::string box = (sandbox.folder() / "s").string();
    const CommandResult renewed = sandbox.tongbao("ca crl --dir " + box + "/ca --sandbox " + box);
    if (renewed.exit_code != 0) throw std::runtime_error(renewed.output);
    wait_until("the hub has the new lists", [&] {
        return count(log_text(sandbox.folder() / "s" / "hub" / "hub.log"),
                     "\"event\":\"trust_taken_over\"") == times;
    });
}

CommandResult verify_log(const LiveSandbox& sandbox) {
    return sandbox.tongbao("audit verify --sandbox " + in_single_quotes(sandbox.folder() / "s"));
}

Lines marks_of(const LiveSandbox& sandbox, std::size_t index, const std::string& unit) {
    std::string words;
    const auto store = must(storage::open_hub_store(
        sandbox.folder() / "s" / "hub" / "data" / "database", words, [](std::string_view) {}));
    const Standing standing =
        must(standing_of_bits(must(store->read_state(LogIndex(index), UnitId(unit)))));
    Lines marks;
    for (std::size_t at = 0; at < kMarkWords.size(); ++at) {
        if (standing.marks.has(static_cast<Mark>(at))) marks.emplace_back(kMarkWords.at(at));
    }
    return marks;
}

}  // namespace tongbao::testing
