// Cases from their transfer to their closing, on real processes and dates: what is due when, and
// what the office's ledger says then. The same stories in memory, with what is refused in them, are
// in tests/protocol/case_story_test.cpp.

#include "tests/integration/clocked_story.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao::testing;

namespace {

using TrackStates = std::map<std::string, std::string>;

Json case_at_office(const LiveSandbox& sandbox, const std::string& number) {
    const Json list = sandbox.json_as("office", "case list");
    for (const Json& each : list.at("cases")) {
        if (each.at("case") == number) return each;
    }
    return {};
}

/// Waits, 30 seconds at most, until the office's ledger has these states of the case's tracks: it
/// is fed behind the deliveries.
void check_tracks(const LiveSandbox& sandbox, const std::string& number,
                  const TrackStates& expected) {
    TrackStates states;
    const auto told = [&] {
        states.clear();
        const Json found = case_at_office(sandbox, number);
        for (const Json& track : found.value("tracks", Json::array())) {
            states[track.at("id")] = track.value("state", std::string());
        }
        return states == expected;
    };
    try {
        wait_until("the ledger has it", told, std::chrono::seconds(30));
    } catch (const std::runtime_error&) {
        CHECK(states == expected);
    }
}

/// A file with these fields, for `--fields`.
std::string fields_file(const LiveSandbox& sandbox, const std::string& name, const Json& fields) {
    return " --fields " + sandbox.write(name, fields.dump()).string();
}

Json synthetic_subject(const std::string& division) {
    return {{{"subject_kind", "medical_institution"},
             {"subject_name", "合成测试医院"},
             {"uscc", "914400990000000160"},
             {"division", division}}};
}

/// Answers `asked`; the answer's id, once its recipient has signed for it.
std::string answer(const LiveSandbox& sandbox, const std::string& from, const std::string& to,
                   const std::string& asked, const std::string& arguments) {
    std::string id = sandbox.send_endorsed(from, "reply " + asked + ' ' + arguments, {"issuer"});
    wait_until(id + " is at " + to, [&] { return sandbox.as(to, "show " + id).exit_code == 0; });
    must_do(sandbox, to, "sign-for " + id);
    return id;
}

/// Whether the office is told of this limit, as limits_for() words it.
bool is_due(const LiveSandbox& sandbox, const std::string& limit) {
    const Lines limits = limits_for(sandbox, "office");
    return std::find(limits.begin(), limits.end(), limit) != limits.end();
}

StoryNotice taken_up_transfer(const LiveSandbox& sandbox, const std::string& day) {
    StoryNotice transfer = send_transfer(sandbox, day);
    static_cast<void>(sandbox.wait_for_inbox("police", 1));
    must_do(sandbox, "police", "sign-for " + transfer.id);
    must_do(sandbox, "police", "take-up " + transfer.id);
    return transfer;
}

void check_ledger(const LiveSandbox& sandbox) {
    const CommandResult ledger = sandbox.as("office", "ledger check");
    CHECK_MESSAGE(ledger.exit_code == 0, ledger.output);
    const CommandResult audit = verify_log(sandbox);
    CHECK_MESSAGE(audit.exit_code == 0, audit.output);
}

}  // namespace

// 24:00 in Asia/Shanghai is 16:00 UTC.
TEST_SUITE("stories of cases") {
    TEST_CASE("not filed and reconsidered and minor - the bureau fines and market publishes") {
        const LiveSandbox sandbox("guangdong-2020", "2020-10-12T09:00+08:00");
        const StoryNotice transfer = taken_up_transfer(sandbox, "2020-10-11");
        check_tracks(sandbox, transfer.case_number, {{"criminal", "accepted"}});

        sandbox.set_clock("2020-10-14T10:00+08:00");
        const std::string refused = decide_filing(sandbox, transfer, "not_filed");
        static_cast<void>(sandbox.wait_for_inbox("hsa", 1));
        must_do(sandbox, "hsa", "sign-for " + refused);
        check_tracks(sandbox, transfer.case_number, {{"criminal", "closed"}});

        sandbox.set_clock("2020-10-16T10:00+08:00");
        const std::string of_case = " --case " + transfer.case_number;
        const std::string again =
            answer(sandbox, "hsa", "police", refused,
                   "--kind reconsideration_request --field grounds=合成理由" + of_case);
        check_tracks(sandbox, transfer.case_number, {{"criminal", "proposed"}});
        // Three days from Friday the 16th end on Monday the 19th.
        CHECK(is_due(sandbox, "police reconsideration_decision 2020-10-19T16:00"));

        sandbox.set_clock("2020-10-19T15:00+08:00");
        static_cast<void>(answer(
            sandbox, "police", "hsa", again,
            "--kind reconsideration_decision --field decision=not_filed --field reason=合成理由" +
                of_case));
        CHECK_FALSE(is_due(sandbox, "police reconsideration_decision 2020-10-19T16:00"));
        const std::string minor =
            answer(sandbox, "police", "hsa", transfer.id,
                   "--kind minor_facts_feedback --field reason=情节显著轻微 --field "
                   "occurred_at=2020-10-19T14:00+08:00" +
                       of_case);
        check_tracks(sandbox, transfer.case_number,
                     {{"criminal", "closed"}, {"admin_hsa", "proposed"}});
        // Thirty days from the 19th: Wednesday 18 November.
        CHECK(is_due(sandbox, "hsa disposition_feedback 2020-11-18T16:00"));

        sandbox.set_clock("2020-11-02T10:00+08:00");
        renew_lists(sandbox, 1);
        const Json decision{{"decision_kind", "fine"},
                            {"decision_doc_no", "测医保罚〔2020〕8号"},
                            {"decision_date", "2020-11-02"},
                            {"fine_fen", 5'000'000}};
        Json fine = decision;
        fine["result"] = "合成结果";
        fine["result_code"] = "handled";
        static_cast<void>(answer(
            sandbox, "hsa", "police", minor,
            "--kind disposition_feedback" + of_case + fields_file(sandbox, "fine.json", fine)));
        check_tracks(sandbox, transfer.case_number,
                     {{"criminal", "closed"}, {"admin_hsa", "closed"}});
        CHECK_FALSE(is_due(sandbox, "hsa disposition_feedback 2020-11-18T16:00"));
        CHECK(case_at_office(sandbox, transfer.case_number).at("money").at("fine_imposed") ==
              5'000'000);

        Json publication = decision;
        publication["subjects"] = synthetic_subject("440099");
        const auto letter = sandbox.write("penalty.txt", "Penalty, public version, synthetic.\n");
        const std::string info =
            sandbox.send_endorsed("hsa",
                                  "send --kind penalty_info_for_publication --to market" + of_case +
                                      fields_file(sandbox, "info.json", publication) +
                                      " --attach decision_letter=" + letter.string(),
                                  {"issuer"});
        static_cast<void>(sandbox.wait_for_inbox("market", 1));
        must_do(sandbox, "market", "sign-for " + info);
        // Twenty working days from 2 November: the 30th.
        CHECK(is_due(sandbox, "market credit_publication 2020-11-30T16:00"));

        sandbox.set_clock("2020-11-27T10:00+08:00");
        renew_lists(sandbox, 2);
        publication["published_at"] = "2020-11-27T09:00+08:00";
        publication["publication_ref"] = "合成公示编号";
        static_cast<void>(sandbox.send_endorsed(
            "market",
            "reply " + info + " --kind credit_publication --to credit_system" + of_case +
                fields_file(sandbox, "published.json", publication),
            {"issuer"}));
        check_tracks(sandbox, transfer.case_number,
                     {{"criminal", "closed"}, {"admin_hsa", "closed"}, {"credit", "closed"}});
        CHECK_FALSE(is_due(sandbox, "market credit_publication 2020-11-30T16:00"));
        // Nothing was late.
        CHECK(steps_of(sandbox).empty());
        check_ledger(sandbox);
    }

    TEST_CASE("of five tracks one is declined and it owes nothing while the others do") {
        const LiveSandbox sandbox("guangdong-2020", "2020-10-12T09:00+08:00");
        const std::vector<std::pair<std::string, std::string>> given{{"hsa", "admin_hsa"},
                                                                     {"police", "criminal"},
                                                                     {"health", "health"},
                                                                     {"market", "market"},
                                                                     {"drug", "drug"}};
        Json fields{{"case_title", "某药店问题（合成数据）"},
                    {"subjects", synthetic_subject("440099")},
                    {"facts", "合成事实。"},
                    {"legal_basis", "合成依据。"},
                    {"assignment", "合成分工。"},
                    {"tracks", Json::array()}};
        std::string to;
        for (const auto& [unit, track] : given) {
            fields["tracks"].push_back({{"unit", unit}, {"track", track}});
            to += " --to " + unit;
        }
        // The office writes under the lead's seal.
        const std::string id =
            sandbox
                .json_as("office",
                         "send --kind case_split" + to + fields_file(sandbox, "split.json", fields))
                .at("id");
        const std::string paper = (sandbox.folder() / "paper.json").string();
        const std::string stamped = (sandbox.folder() / "stamped.json").string();
        must_do(sandbox, "office", "endorse " + id + " --post issuer");
        must_do(sandbox, "office", "endorse " + id + " --request " + paper);
        must_do(sandbox, "hsa", "endorse --stamp " + paper + " --out " + stamped);
        must_do(sandbox, "office", "endorse " + id + " --wait 60 --statement " + stamped);
        const std::string number = case_of(sandbox, "office", id);
        check_tracks(sandbox, number,
                     {{"admin_hsa", "proposed"},
                      {"criminal", "proposed"},
                      {"drug", "proposed"},
                      {"health", "proposed"},
                      {"market", "proposed"}});
        for (const auto& [unit, track] : given) {
            static_cast<void>(sandbox.wait_for_inbox(unit, 1));
            must_do(sandbox, unit, "sign-for " + id);
            if (unit != "drug") must_do(sandbox, unit, "take-up " + id);
        }
        CHECK(sandbox.as("drug", "decline " + id).exit_code != 0);
        must_do(sandbox, "drug", "decline " + id + " --reason 合成理由");
        check_tracks(sandbox, number,
                     {{"admin_hsa", "accepted"},
                      {"criminal", "accepted"},
                      {"drug", "declined"},
                      {"health", "accepted"},
                      {"market", "accepted"}});
        // Thirty days from Monday 12 October: Wednesday 11 November; nothing of who declined.
        CHECK(is_due(sandbox, "health disposition_feedback 2020-11-11T16:00"));
        const Lines limits = limits_for(sandbox, "office", "--unit drug");
        CHECK(std::none_of(limits.begin(), limits.end(), [](const std::string& limit) {
            return limit.find("disposition_feedback") != std::string::npos;
        }));
        const std::string of_case = " --case " + number;
        for (const char* const unit : {"police", "health"}) {
            static_cast<void>(answer(sandbox, unit, "office", id,
                                     "--kind disposition_feedback --field result=合成结果 --field "
                                     "result_code=handled" +
                                         of_case));
        }
        check_tracks(sandbox, number,
                     {{"admin_hsa", "accepted"},
                      {"criminal", "closed"},
                      {"drug", "declined"},
                      {"health", "closed"},
                      {"market", "accepted"}});
        static_cast<void>(answer(sandbox, "market", "office", id,
                                 "--kind disposition_feedback --field result=合成结果 --field "
                                 "result_code=not_competent" +
                                     of_case));
        static_cast<void>(answer(sandbox, "hsa", "office", id,
                                 "--kind disposition_feedback --field result=合成结果 --field "
                                 "result_code=handled" +
                                     of_case));
        check_tracks(sandbox, number,
                     {{"admin_hsa", "closed"},
                      {"criminal", "closed"},
                      {"drug", "declined"},
                      {"health", "closed"},
                      {"market", "declined"}});
        check_ledger(sandbox);
    }

    TEST_CASE("in Jilin minor facts come back and the fine is reported to finance") {
        const LiveSandbox sandbox("jilin", "2020-10-12T09:00+08:00");
        const StoryNotice transfer = taken_up_transfer(sandbox, "2020-10-11");
        const std::string of_case = " --case " + transfer.case_number;
        const auto files = sandbox.write("returned.txt", "Case file, synthetic.\n");
        const Json facts{{"occurred_at", "2020-10-12T08:30+08:00"},
                         {"subjects", synthetic_subject("220099")},
                         {"reason", "情节显著轻微"}};
        const std::string back = answer(sandbox, "police", "hsa", transfer.id,
                                        "--kind minor_facts_return" + of_case +
                                            fields_file(sandbox, "facts.json", facts) +
                                            " --attach case_file_return=" + files.string());
        check_tracks(sandbox, transfer.case_number,
                     {{"criminal", "closed"}, {"admin_hsa", "proposed"}});
        // Who gets a case back may not turn it down.
        CHECK(sandbox.as("hsa", "decline " + back + " --reason 合成理由").exit_code != 0);
        must_do(sandbox, "hsa", "take-up " + back);
        check_tracks(sandbox, transfer.case_number,
                     {{"criminal", "closed"}, {"admin_hsa", "accepted"}});
        CHECK(is_due(sandbox, "hsa disposition_feedback 2020-11-11T16:00"));

        sandbox.set_clock("2020-11-02T10:00+08:00");
        const Json fine{{"result", "合成结果"},          {"result_code", "handled"},
                        {"decision_kind", "fine"},       {"decision_doc_no", "测医保罚〔2020〕9号"},
                        {"decision_date", "2020-11-02"}, {"fine_fen", 200'000}};
        static_cast<void>(answer(
            sandbox, "hsa", "police", back,
            "--kind disposition_feedback" + of_case + fields_file(sandbox, "fine.json", fine)));
        const Json income{{"period", "2020-11"},
                          {"decision_doc_no", "测医保罚〔2020〕9号"},
                          {"fine_paid_fen", 200'000},
                          {"confiscated_fen", 0},
                          {"recovered_fen", 0}};
        static_cast<void>(sandbox.send_endorsed("hsa",
                                                "send --kind penalty_income_report" + of_case +
                                                    fields_file(sandbox, "income.json", income),
                                                {"issuer"}));
        check_tracks(sandbox, transfer.case_number,
                     {{"criminal", "closed"}, {"admin_hsa", "closed"}, {"finance", "closed"}});
        const Json money = case_at_office(sandbox, transfer.case_number).at("money");
        CHECK(money.at("fine_imposed") == 200'000);
        CHECK(money.at("fine_paid") == 200'000);
        CHECK(steps_of(sandbox).empty());
        check_ledger(sandbox);
    }
}
