#include "tests/integration/clocked_story.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao::testing;

// The Dragon Boat Festival of 2020: 25 to 27 June are free, a Thursday to a Saturday, and Sunday 28
// June is worked instead. 24:00 in Asia/Shanghai is 16:00 UTC.

namespace {

constexpr const char* kMonday = "2020-06-22T10:00+08:00";

/// audit tells hsa, health and market of the same finding; its id once all have signed for it.
StoryNotice send_finding(const LiveSandbox& sandbox) {
    const Json fields{{"case_title", "审计发现某定点医院问题（合成数据）"},
                      {"occurred_at", "2020-06-19T09:00+08:00"},
                      {"subjects",
                       {{{"subject_kind", "medical_institution"},
                         {"subject_name", "合成测试医院"},
                         {"uscc", "914400990000000160"},
                         {"division", "220099"}}}},
                      {"facts", "合成事实。"},
                      {"legal_basis", "合成依据。"},
                      {"audit_doc_no", "测审移〔2020〕1号"}};
    const auto file = sandbox.write("finding.json", fields.dump());
    const auto letter = sandbox.write("letter.txt", "Audit transfer, synthetic.\n");
    StoryNotice sent;
    sent.id = sandbox.send_endorsed(
        "audit",
        "send --kind audit_issue_transfer --to hsa --to health --to market --fields " +
            file.string() + " --attach audit_transfer_letter=" + letter.string(),
        {"issuer"});
    sent.case_number = case_of(sandbox, "audit", sent.id);
    for (const std::string unit : {"hsa", "health", "market"}) {
        static_cast<void>(sandbox.wait_for_inbox(unit, 1));
        must_do(sandbox, unit, "sign-for " + sent.id);
        must_do(sandbox, unit, "take-up " + sent.id);
    }
    return sent;
}

void answer_finding(const LiveSandbox& sandbox, const std::string& unit, const StoryNotice& finding,
                    const std::string& result_code) {
    static_cast<void>(sandbox.send_endorsed(
        unit,
        "reply " + finding.id + " --kind audit_result_reply --case " + finding.case_number +
            " --field result=合成结果 --field result_code=" + result_code,
        {"issuer"}));
}

void sign_for_all(const LiveSandbox& sandbox, const std::string& unit, std::size_t count) {
    const Json inbox = sandbox.wait_for_inbox(unit, count);
    for (const Json& notice : inbox.at("notices")) {
        // What was signed for before is refused, which is no matter.
        static_cast<void>(sandbox.as(unit, "sign-for " + notice.at("id").get<std::string>()));
    }
}

}  // namespace

TEST_SUITE("limits in Jilin") {
    TEST_CASE("police are overdue and each step of the escalation comes at its time and once") {
        const LiveSandbox sandbox("jilin", kMonday);
        const StoryNotice transfer = send_transfer(sandbox, "2020-06-21");
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        must_do(sandbox, "police", "sign-for " + transfer.id);
        // Three days end on the festival; the next day that is worked is the Sunday.
        CHECK(limits_for(sandbox, "police").back() ==
              "police police_filing_decision 2020-06-28T16:00");
        Lines expected;
        const auto expect = [&](const std::string& now, const std::string& last) {
            sandbox.set_clock(now);
            expected.push_back(last);
            CHECK(wait_for_steps(sandbox, expected.size()) == expected);
        };
        expect("2020-06-28T16:00:00.001+08:00",
               "remind police clock 1 due 2020-06-28T08:00:00 done 2020-06-28T08:00:00");
        expect("2020-06-29T00:00:00.001+08:00",
               "mark_overdue police clock 1 due 2020-06-28T16:00:00 done 2020-06-28T16:00:00");
        CHECK(limits_for(sandbox, "office", "--overdue") ==
              Lines{"police police_filing_decision 2020-06-28T16:00"});
        expect("2020-06-30T00:00:00.001+08:00",
               "urge police clock 1 due 2020-06-29T16:00:00 done 2020-06-29T16:00:00");
        expect("2020-07-02T00:00:00.001+08:00",
               "supervise police clock 1 due 2020-07-01T16:00:00 done 2020-07-01T16:00:00");
        // There are no more: a hub that starts and looks weeks later does none.
        sandbox.down();
        sandbox.set_clock("2020-07-20T09:00+08:00");
        sandbox.up();
        static_cast<void>(sandbox.json_as("hsa", "inbox"));
        CHECK(steps_of(sandbox) == expected);
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    TEST_CASE("of three units that audit asked the one that answers late is overdue alone") {
        const LiveSandbox sandbox("jilin", kMonday);
        const StoryNotice finding = send_finding(sandbox);
        // Thirty days from 22 June: Wednesday 22 July.
        CHECK(limits_for(sandbox, "audit") == Lines{"health audit_result_reply 2020-07-22T16:00",
                                                    "hsa audit_result_reply 2020-07-22T16:00",
                                                    "market audit_result_reply 2020-07-22T16:00"});
        sandbox.set_clock("2020-07-20T10:00+08:00");
        renew_lists(sandbox, 1);
        answer_finding(sandbox, "hsa", finding, "handled");
        // An interim answer stops nothing.
        answer_finding(sandbox, "market", finding, "in_progress");
        sign_for_all(sandbox, "audit", 2);
        CHECK(limits_for(sandbox, "audit") == Lines{"health audit_result_reply 2020-07-22T16:00",
                                                    "market audit_result_reply 2020-07-22T16:00"});
        // At the limit, to the millisecond, an answer is in time.
        sandbox.set_clock("2020-07-23T00:00:00+08:00");
        const std::string reminded =
            "remind health clock 1 due 2020-07-21T16:00:00 done "
            "2020-07-22T16:00:00";
        const std::string reminded_too =
            "remind market clock 1 due 2020-07-21T16:00:00 done "
            "2020-07-22T16:00:00";
        CHECK(wait_for_steps(sandbox, 2) == Lines{reminded, reminded_too});
        answer_finding(sandbox, "health", finding, "not_established");
        sign_for_all(sandbox, "audit", 3);

        sandbox.set_clock("2020-07-23T00:00:00.001+08:00");
        Lines expected{reminded, reminded_too,
                       "mark_overdue market clock 1 due 2020-07-22T16:00:00 done "
                       "2020-07-22T16:00:00"};
        CHECK(wait_for_steps(sandbox, expected.size()) == expected);
        const Lines overdue{"market audit_result_reply 2020-07-22T16:00"};
        CHECK(limits_for(sandbox, "audit", "--overdue") == overdue);
        CHECK(limits_for(sandbox, "office", "--overdue") == overdue);
        // The third working day after 22 July is Monday 27 July.
        sandbox.set_clock("2020-07-28T09:00+08:00");
        expected.emplace_back(
            "urge market clock 1 due 2020-07-27T16:00:00 done 2020-07-28T01:00:00");
        CHECK(wait_for_steps(sandbox, expected.size()) == expected);
        answer_finding(sandbox, "market", finding, "handled");
        sign_for_all(sandbox, "audit", 4);
        CHECK(limits_for(sandbox, "audit").empty());
        CHECK(steps_of(sandbox) == expected);
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);

        const Json trail = sandbox.json_as("audit", "trail " + finding.id);
        const std::size_t index = trail.at("events").at(0).at("index");
        sandbox.down();
        CHECK(marks_of(sandbox, index, "hsa").empty());
        CHECK(marks_of(sandbox, index, "health").empty());
        CHECK(marks_of(sandbox, index, "market") == Lines{"overdue", "answered_late"});
    }
}
