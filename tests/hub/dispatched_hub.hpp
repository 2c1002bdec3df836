#pragma once

#include "crypto/sha256.hpp"
#include "tests/hub/alarmed_hub.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace tongbao::testing {

inline Dispatch by_hand(const char* to = "observatory") {
    return {UnitId(to), "当面送交", "2026-11-22T17:30+08:00", std::nullopt, std::nullopt};
}

inline Dispatch with_evidence(Dispatch dispatch) {
    dispatch.evidence = crypto::sha256(as_bytes(std::string_view("receipt")));
    return dispatch;
}

inline Act dispatched(std::uint16_t number, const NoticeRef& notice, Dispatch dispatch,
                      const char* from = "lake") {
    Act act = act_of(number, ActKind::dispatched, {notice}, from);
    act.dispatch = std::move(dispatch);
    return act;
}

/// What dike gives to the press, which is outside.
inline Notice item_for_the_press(std::uint16_t number) {
    Notice item = notice_of("press_item", "dike", {"press"});
    item.id = NoticeId(numbered_uuid(number));
    set(item, "wording", std::string("x"));
    return item;
}

}  // namespace tongbao::testing
