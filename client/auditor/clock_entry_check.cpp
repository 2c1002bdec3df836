#include "client/auditor/clock_entry_check.hpp"

#include <algorithm>
#include <string>

namespace tongbao::client {

ClockEntryCheck::Followed* ClockEntryCheck::follow(LogIndex index, const NoticeRef& notice,
                                                   const UnitId& unit,
                                                   std::optional<std::span<const UnitId>> to) {
    const std::string place = std::to_string(notice.index.value());
    if (!to) {
        report_.findings.add(Errc::no_such_notice, index,
                             "the entry names a notice that was not logged at " + place);
        return nullptr;
    }
    if (std::find(to->begin(), to->end(), unit) == to->end()) {
        report_.findings.add(Errc::act_not_allowed, index,
                             unit.value() + " owes nothing for the notice logged at " + place);
        return nullptr;
    }
    return &followed_[{notice.index, unit}];
}

void ClockEntryCheck::check(LogIndex index, UtcTime time, const EscalatedEvent& event,
                            std::optional<std::span<const UnitId>> to) {
    Followed* const followed = follow(index, event.notice, event.unit, to);
    if (followed == nullptr) return;
    const auto out_of_order = [&](const char* words) {
        report_.findings.add(Errc::act_out_of_order, index, words);
    };
    if (event.due > time) out_of_order("the step was done before it was due");
    if (followed->closed) out_of_order("nothing was owed any more when the step was done");
    if (event.limit > followed->restored + followed->moved[event.clock]) {
        out_of_order("no decision had made the limit that the step is of");
    }
    Steps& steps = followed->steps[{event.clock, event.limit}];
    if (event.due < steps.last_due) {
        out_of_order("the step was due before the last one that was done for this limit");
    }
    steps.last_due = std::max(steps.last_due, event.due);
    if (!steps.done.insert(event.step).second) {
        out_of_order("the step was done before for this limit");
    }
}

void ClockEntryCheck::check(LogIndex index, const ClosedEvent& event,
                            std::optional<std::span<const UnitId>> to) {
    Followed* const followed = follow(index, event.notice, event.unit, to);
    if (followed == nullptr) return;
    if (followed->closed || followed->closed_by_sender) {
        report_.findings.add(Errc::act_out_of_order, index, "the notice was closed there before");
    }
    followed->closed = true;
}

void ClockEntryCheck::check(LogIndex index, const ActEvent& event,
                            std::optional<std::span<const UnitId>> to) {
    if (event.act != ActKind::closed_by_sender || !event.unit) return;
    Followed* const followed = follow(index, event.notices.front(), *event.unit, to);
    if (followed == nullptr) return;
    if (followed->closed || followed->closed_by_sender) {
        report_.findings.add(Errc::act_out_of_order, index, "the notice was closed there before");
    }
    followed->closed_by_sender = true;
}

void ClockEntryCheck::check(LogIndex index, const AnsweredActEvent& event,
                            std::optional<std::span<const UnitId>> to) {
    // Only what is at one of the recipients is asked about.
    Followed* const followed = follow(index, event.notice, event.unit.value_or(UnitId()), to);
    if (followed == nullptr) return;
    if (followed->closed) {
        report_.findings.add(Errc::act_out_of_order, index,
                             "nothing was owed any more when this was done");
    }
    for (const std::uint16_t clock : event.clocks) ++followed->moved[clock];
}

void ClockEntryCheck::check_restored(LogIndex index, const NoticeAt& place,
                                     std::optional<std::span<const UnitId>> to) {
    Followed* const followed = follow(index, place.notice, place.unit, to);
    if (followed == nullptr) return;
    followed->closed = false;
    ++followed->restored;
}

}  // namespace tongbao::client
