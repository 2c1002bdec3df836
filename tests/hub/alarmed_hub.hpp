#pragma once

#include "crypto/sha256.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

inline std::optional<LogIndex> index_of(const protocol::LeafOutcome& outcome) {
    if (const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome)) {
        return accepted->index;
    }
    return std::get<protocol::LeafRefused>(outcome).index;
}

/// The answer of dike to the alarm with this number.
inline Notice answer_to(std::uint16_t asked, std::uint16_t number, const char* result = "refused") {
    Notice notice = notice_of("alarm_answer", "dike", {"lake"});
    notice.id = NoticeId(numbered_uuid(number));
    notice.in_reply_to = NoticeId(numbered_uuid(asked));
    set(notice, "result", std::string(result));
    return notice;
}

inline Act act_of(std::uint16_t number, ActKind kind, std::vector<NoticeRef> notices,
                  const char* from = "dike") {
    Act act;
    act.id = ActId(numbered_uuid(number));
    act.kind = kind;
    act.from = UnitId(from);
    act.issued_at = TestPki::kNow;
    act.notices = std::move(notices);
    return act;
}

/// The sender closes the notice at `unit`.
inline Act closing_of(std::uint16_t number, const NoticeRef& notice, const char* unit = "dike",
                      const char* from = "lake") {
    Act act = act_of(number, ActKind::closed_by_sender, {notice}, from);
    act.unit = UnitId(unit);
    act.reason = "已另行处理";
    return act;
}

/// A started hub with the alarm number 1 in its log.
struct Alarmed : HubParts {
    Alarmed() {
        start();
        const Bytes leaf = leaf_of(numbered_alarm(1));
        const auto index = accepted_at(send("lake", leaf));
        REQUIRE(index);
        alarm = {crypto::sha256(leaf), *index};
    }

    std::string act(const Act& act) { return verdict(send(act.from.value(), leaf_of(act))); }

    NoticeRef alarm;
};

}  // namespace tongbao::testing
