#pragma once

#include "crypto/sha256.hpp"
#include "tests/hub/clocked_hub.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// 24:00 of the first working day behind the National Day holidays of 2020, 9 October, and of the
/// last one before them.
inline const std::string kBehindHolidays = "2020-10-09T16:00:00.000Z";
inline const std::string kBeforeHolidays = "2020-09-30T16:00:00.000Z";

/// A notice of the kind that points at the one with the number `asked`.
inline Notice answering(const char* kind, std::uint16_t asked, std::uint16_t number,
                        const char* from, std::vector<const char*> to) {
    Notice notice = notice_of(kind, from, std::move(to));
    notice.id = NoticeId(numbered_uuid(number));
    notice.issued_at = TestPki::kNow;
    notice.in_reply_to = NoticeId(numbered_uuid(asked));
    return notice;
}

/// Takes back the notice `asked`; with `instead` corrects it by that one.
inline Notice correction_of(std::uint16_t asked, std::uint16_t number, const char* from,
                            std::vector<const char*> to,
                            std::optional<std::uint16_t> instead = std::nullopt) {
    Notice notice = answering("correction", asked, number, from, std::move(to));
    set(notice, "why", std::string("数字有误"));
    if (instead) set(notice, "replaced_by", numbered_uuid(*instead).text());
    return notice;
}

inline Notice urging_of(std::uint16_t asked, std::uint16_t number, std::vector<const char*> to) {
    return answering("urging", asked, number, "office", std::move(to));
}

/// Dike asks for more time.
inline Notice request_of(std::uint16_t asked, std::uint16_t number, const char* to = "lake") {
    Notice notice = answering("extension_request", asked, number, "dike", {to});
    set(notice, "new_due", std::string("2020-10-16T00:00+08:00"));
    return notice;
}

/// Dike's request `asked` is decided; granted until `new_due`, if that is there.
inline Notice decision_of(std::uint16_t asked, std::uint16_t number, const char* new_due,
                          const char* from = "lake") {
    Notice notice = answering("extension_decision", asked, number, from, {"dike"});
    set(notice, "granted", new_due != nullptr);
    if (new_due != nullptr) set(notice, "new_due", std::string(new_due));
    return notice;
}

/// On the day before the National Day, with three days for the answer; `change` is made besides.
struct Answering : NationalDay {
    Answering() : NationalDay(reply_within(3, "day")) {}
    explicit Answering(const std::function<void(nlohmann::json&)>& change)
        : NationalDay([&change](nlohmann::json& text) {
              reply_within(3, "day")(text);
              change(text);
          }) {}

    /// Sent by its sender: what stands against it, nothing if it was logged.
    std::string sent(const Notice& notice) {
        return verdict(send(notice.from.value(), leaf_of(notice)));
    }
    std::string sent(const Act& act) { return verdict(send(act.from.value(), leaf_of(act))); }
    [[nodiscard]] NoticeRef logged(const Notice& notice) {
        const Bytes leaf = leaf_of(notice);
        const protocol::LeafOutcome outcome = send(notice.from.value(), leaf);
        CAPTURE(verdict(outcome));
        const auto index = accepted_at(outcome);
        REQUIRE(index);
        return {crypto::sha256(leaf), *index};
    }
    /// Whether the hub made this entry by itself, see own_entries.
    [[nodiscard]] bool says(const std::string& line) const {
        const std::vector<std::string> lines = own_entries();
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
    [[nodiscard]] bool in_trail(const NoticeRef& notice, LogIndex entry_index) const {
        const std::vector<LogIndex> trail = must(store.read_trail(notice.index));
        return std::find(trail.begin(), trail.end(), entry_index) != trail.end();
    }
    /// What the entry says that a notice did to another; none if it says anything else.
    [[nodiscard]] std::optional<AnsweredActEvent> done_at(LogIndex index) const {
        const LogEntry found = entry(index);
        const auto* const event = std::get_if<AnsweredActEvent>(&found.event);
        return event == nullptr ? std::nullopt : std::optional(*event);
    }
};

}  // namespace tongbao::testing
