#pragma once

#include "domain/case_ledger.hpp"
#include "domain/case_money.hpp"
#include "domain/case_number.hpp"
#include "domain/charter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// A notice that got its place, or the reasons why it did not.
struct SentNotice {
    Notice notice;
    NoticeRef ref;
    std::optional<CaseNumber> case_number;
    Reasons reasons;
};

/// A hub and an office in one: gives places and case numbers, and keeps the ledger. One entry a
/// minute, from 2020-11-02 09:00 on.
class CaseStory {
public:
    explicit CaseStory(Charter charter)
        : charter_(std::move(charter)), series_{charter_.parts().division, 2020} {}

    /// `answered`: what in_reply_to names. Nothing is written of one with reasons.
    SentNotice send(Notice notice, const SentNotice* answered = nullptr) {
        SentNotice sent;
        sent.ref = next_ref();
        const Kind& kind = *charter_.find_kind(notice.kind);
        std::optional<CaseNumber> issued;
        if (opens_case(kind, notice)) issued = *next_case_number(series_, last_number_);
        LedgerEvent event;
        event.notice = event.cause = sent.ref;
        if (answered != nullptr) {
            event.answered = AnsweredInCase{answered->ref, answered->case_number};
        }
        sent.case_number = case_of(notice, issued, event.answered);
        sent.notice = std::move(notice);
        if (!sent.case_number) return sent;
        event.case_number = *sent.case_number;
        sent.reasons = happen(sent.notice, event);
        // The hub gave it, whatever the office finds.
        if (hub_reasons_.empty() && issued) last_number_ = issued;
        return sent;
    }

    Reasons act(EffectEvent on, const SentNotice& sent, const char* recipient,
                bool has_reason = true) {
        return of_recipient(on, sent, next_ref(), recipient, has_reason);
    }

    /// The entry after the answer's: it satisfies.
    Reasons replied(const SentNotice& asked, const SentNotice& answer) {
        next_ref();
        return of_recipient(EffectEvent::replied, asked, answer.ref,
                            answer.notice.from.value().c_str(), false);
    }

    [[nodiscard]] CaseFile file(const SentNotice& sent) const {
        return case_file_of(*ledger_.find(*sent.case_number));
    }

    [[nodiscard]] Fen total(const SentNotice& sent, std::string_view kind) const {
        return total_of(*totals_of(file(sent)), kind);
    }

    [[nodiscard]] const Charter& charter() const { return charter_; }
    [[nodiscard]] const CaseLedger& ledger() const { return ledger_; }

    /// The ledger of the first `count` events, from their notices anew.
    [[nodiscard]] CaseLedger rebuilt(std::size_t count) const {
        CaseLedger out(LedgerRole::keeper);
        for (std::size_t at = 0; at < count && at < events_.size(); ++at) {
            const auto& [notice, event] = events_[at];
            const auto done = out.record(plan_effects(charter_, notice, event, Viewpoint::unit));
            if (!done) throw std::logic_error("a ledger does not take again what it took");
        }
        return out;
    }

    /// What was written, in its order.
    [[nodiscard]] const std::vector<std::pair<Notice, LedgerEvent>>& events() const {
        return events_;
    }
    /// And what was not.
    [[nodiscard]] const std::vector<std::pair<Notice, LedgerEvent>>& tried() const {
        return tried_;
    }
    /// What a hub, which keeps states and reads no money, had against the last one.
    [[nodiscard]] const Reasons& hub_reasons() const { return hub_reasons_; }
    [[nodiscard]] const CaseLedger& hub() const { return hub_; }

private:
    NoticeRef next_ref() {
        NoticeRef ref;
        ref.index = LogIndex(next_entry_++);
        Digest::Array bytes{};
        bytes[0] = 1;
        for (std::size_t at = 0; at < 8; ++at) {
            bytes[24 + at] = static_cast<std::uint8_t>(ref.index.value() >> (56 - 8 * at));
        }
        ref.sha256 = Digest(bytes);
        return ref;
    }

    Reasons of_recipient(EffectEvent on, const SentNotice& sent, NoticeRef cause,
                         const char* recipient, bool has_reason) {
        LedgerEvent event;
        event.on = on;
        event.case_number = *sent.case_number;
        event.notice = sent.ref;
        event.cause = cause;
        event.recipient = UnitId(recipient);
        event.has_reason = has_reason;
        return happen(sent.notice, event);
    }

    Reasons happen(const Notice& notice, LedgerEvent event) {
        event.entry = LogIndex(next_entry_ - 1);
        event.at = UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 11 / 2)) +
                   std::chrono::hours(1) +
                   std::chrono::minutes(static_cast<long>(event.entry.value()));
        tried_.emplace_back(notice, event);
        const LedgerPlan seen = plan_effects(charter_, notice, event, Viewpoint::hub);
        hub_reasons_ = check_plan(hub_.find(seen.case_number), seen);
        const LedgerPlan plan = plan_effects(charter_, notice, event, Viewpoint::unit);
        Reasons reasons = check_plan(ledger_.find(plan.case_number), plan);
        if (!reasons.empty()) return reasons;
        if (!hub_.record(seen)) throw std::logic_error("the hub's ledger is out of order");
        if (!ledger_.record(plan)) throw std::logic_error("the keeper's ledger is out of order");
        events_.emplace_back(notice, event);
        return {};
    }

    Charter charter_;
    CaseSeries series_;
    std::optional<CaseNumber> last_number_;
    std::uint64_t next_entry_{0};
    CaseLedger ledger_{LedgerRole::keeper};
    CaseLedger hub_{LedgerRole::follower};
    Reasons hub_reasons_;
    std::vector<std::pair<Notice, LedgerEvent>> events_;
    std::vector<std::pair<Notice, LedgerEvent>> tried_;
};

/// `code place` of each reason, in order.
inline std::vector<std::string> told(const Reasons& reasons) {
    std::vector<std::string> out;
    for (const Reason& reason : reasons) {
        out.push_back(std::string(code(reason.code)) + ' ' + reason.place);
    }
    return out;
}

/// The state of each track that has one.
inline std::map<std::string, std::string> states_of(const CaseFile& file) {
    std::map<std::string, std::string> out;
    for (const CaseTrack& track : file.tracks) {
        if (track.state) out[track.id] = *track.state;
    }
    return out;
}

}  // namespace tongbao::testing
