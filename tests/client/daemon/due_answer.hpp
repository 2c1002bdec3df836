#pragma once

#include "crypto/sha256.hpp"
#include "tests/hub/hub_parts.hpp"

#include <nlohmann/json.hpp>

/// What a good hub says of lake's first alarm to dike, which stands at 7 of the log.
namespace tongbao::testing {

/// The clock of the answer that is asked for, with a step that was done.
inline nlohmann::json due_answer_clock() {
    const Notice notice = numbered_alarm(1);
    return {{"notice", {{"sha256", crypto::sha256(leaf_of(notice)).hex()}, {"index", 7}}},
            {"id", notice.id.value().text()},
            {"kind", "level_alarm"},
            {"from", "lake"},
            {"unit", "dike"},
            {"purpose", "reply"},
            {"reply", "alarm_answer"},
            {"status", "running"},
            {"start", "2026-06-02T02:00:00.000Z"},
            {"due", "2026-06-09T16:00:00.000Z"},
            {"owed", true},
            {"flags", nlohmann::json::array({"due_soon", "urged"})},
            {"steps", nlohmann::json::array({{{"step", 0},
                                              {"deed", "remind"},
                                              {"due", "2026-06-08T16:00:00.000Z"},
                                              {"done", "2026-06-08T16:00:01.000Z"},
                                              {"index", 9}}})}};
}

/// The clock of the receipt, which ran over a limit.
inline nlohmann::json due_receipt_clock() {
    nlohmann::json clock = due_answer_clock();
    clock.erase("reply");
    clock["purpose"] = "receipt";
    clock["start"] = "2026-06-01";
    clock["due"] = "2026-06-02T16:00:00.000Z";
    clock["flags"] = nlohmann::json::array({"overdue"});
    clock["overdue_since"] = "2026-06-02T16:00:00.000Z";
    clock["steps"] = nlohmann::json::array();
    return clock;
}

/// A clock of which nobody can say when it ends.
inline nlohmann::json due_faulty_clock() {
    nlohmann::json clock = due_answer_clock();
    clock["reply"] = "alarm_passed_on";
    clock["status"] = "not_started";
    clock["owed"] = false;
    clock["flags"] = nlohmann::json::array();
    clock["steps"] = nlohmann::json::array();
    clock.erase("start");
    clock.erase("due");
    clock["fault"] = {{"code", "calendar_missing"}, {"detail", "nothing is published of 2027"}};
    return clock;
}

/// A page of these three, in their order.
inline nlohmann::json due_page() {
    return {{"clocks",
             nlohmann::json::array({due_receipt_clock(), due_answer_clock(), due_faulty_clock()})},
            {"next", "c2+/="}};
}

}  // namespace tongbao::testing
