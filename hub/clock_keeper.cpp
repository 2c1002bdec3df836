#include "hub/clock_keeper.hpp"

#include "domain/clock_terms.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tongbao::hub {
namespace {

using storage::ClockRecord;
using storage::KeptClock;

constexpr std::size_t kMostCounted = 1024;
constexpr std::size_t kMostTold = 256;

bool is_from_delivered(const Charter& charter, const std::string& deadline) {
    const Deadline* const found = charter.find_deadline(deadline);
    return found != nullptr && found->from.event == DeadlineStart::Event::delivered;
}

KeptClock kept(const ClockTerms& terms, const Kind& kind) {
    KeptClock clock;
    clock.id = terms.id;
    if (terms.id.purpose == ClockId::Purpose::reply) {
        clock.asked = kind.replies[terms.id.reply].kind;
    }
    clock.owed = terms.owed;
    clock.from = terms.from;
    clock.start = terms.start;
    clock.named = terms.named;
    if (!terms.named && terms.deadline != nullptr) {
        clock.limit =
            storage::KeptLimit{terms.deadline->length, terms.deadline->if_ends_on_non_working_day,
                               terms.deadline->strength, terms.deadline->extendable};
    }
    return clock;
}

/// Whether the limits depend on nothing but the kind and the minute.
bool is_plain(const ClockTerms& terms) {
    return !terms.named && !terms.start && terms.id.row.empty() && terms.from != ClockStart::never;
}

void add_number(std::string& key, std::uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) key += static_cast<char>(number >> shift);
}

/// All that the limits of plain terms depend on. Hours are counted to the minute, from its end
/// unless the start is just that; days from the day.
std::string key_of(const Kind& kind, const std::vector<ClockTerms>& terms, UtcTime at) {
    std::string key = kind.id.value();
    const auto minute = std::chrono::floor<std::chrono::minutes>(at);
    key += minute == at ? '=' : '<';
    add_number(key, static_cast<std::uint64_t>(minute.time_since_epoch().count()));
    // Which of them are there: a reply's `when` decides of its own.
    for (const ClockTerms& each : terms) {
        key += each.id.purpose == ClockId::Purpose::receipt ? 'c' : 'r';
        add_number(key, each.id.reply);
    }
    return key;
}

}  // namespace

ClockKeeper::ClockKeeper(std::shared_ptr<const Charter> charter,
                         std::shared_ptr<const ClockRules> rules, LogIndex adopted, Tell tell)
    : charter_(std::move(charter)),
      rules_(std::move(rules)),
      adopted_(adopted),
      tell_(std::move(tell)) {
    for (const Kind& kind : charter_->parts().kinds) {
        kinds_.emplace(kind.id.value(), clocks_of(kind));
    }
}

ClockKeeper::KindClocks ClockKeeper::clocks_of(const Kind& kind) const {
    KindClocks clocks;
    clocks.any = (kind.receipt.required && kind.receipt.within) || !kind.replies.empty();
    for (const ReplyRule& reply : kind.replies) {
        // The receipt's clock counts from logged, whatever its deadline says.
        const bool delivered = is_from_delivered(*charter_, reply.within.name) ||
                               is_from_delivered(*charter_, reply.fallback.value_or(""));
        clocks.from_delivered = clocks.from_delivered || delivered;
    }
    return clocks;
}

const ClockKeeper::KindClocks* ClockKeeper::find(const KindId& kind) const {
    const auto found = kinds_.find(kind.value());
    return found == kinds_.end() ? nullptr : &found->second;
}

bool ClockKeeper::starts_clocks(const KindId& kind) const {
    const KindClocks* const clocks = find(kind);
    return clocks != nullptr && clocks->any;
}

bool ClockKeeper::may_have_clocks(const KindId& kind, LogIndex notice) const {
    return notice <= adopted_ || starts_clocks(kind);
}

bool ClockKeeper::may_start_delivered(const KindId& kind, LogIndex notice) const {
    if (notice <= adopted_) return true;
    const KindClocks* const clocks = find(kind);
    return clocks != nullptr && clocks->from_delivered;
}

ClockRecord ClockKeeper::count(const Kind& kind, const std::vector<ClockTerms>& terms,
                               UtcTime at) const {
    ClockRecord record;
    record.kind = kind.id;
    record.taking_up = kind.accept.required;
    for (const ClockTerms& each : terms) record.clocks.push_back(kept(each, kind));
    const auto escalation = charter_->parts().escalations.find(kind.escalation);
    if (escalation != charter_->parts().escalations.end()) {
        for (const EscalationStep& step : escalation->second.steps) {
            record.steps.push_back({step.at, step.deed});
        }
    }
    record.history.logged_at = at;
    record.indexes = indexes_of(view_of(record, rules_->by()), {}, at);
    return record;
}

ClockRecord ClockKeeper::counted(const Kind& kind, const std::vector<ClockTerms>& terms,
                                 UtcTime at) {
    const std::string key = key_of(kind, terms, at);
    const std::lock_guard lock(mutex_);
    const auto known = counted_.find(key);
    if (known == counted_.end()) {
        if (counted_.size() == kMostCounted) counted_.clear();
        return counted_.emplace(key, count(kind, terms, at)).first->second;
    }
    ClockRecord record = known->second;
    // What was to be looked at as soon as it was logged is so again.
    if (record.indexes.look == record.history.logged_at) record.indexes.look = at;
    record.history.logged_at = at;
    return record;
}

std::optional<ClockRecord> ClockKeeper::start(const Notice& notice, LogIndex index,
                                              const Digest& sha256, const UnitId& unit,
                                              UtcTime at) {
    const Checked<std::vector<ClockTerms>> terms = clock_terms(*charter_, notice, unit);
    if (!terms) {
        // check_notice refuses what this could find; the notice counts all the same.
        tell({terms.error(), index, unit});
        return std::nullopt;
    }
    if (terms->empty()) return std::nullopt;
    const Kind& kind = *charter_->find_kind(notice.kind);
    const bool plain = std::all_of(terms->begin(), terms->end(), is_plain);
    ClockRecord record = plain ? counted(kind, *terms, at) : count(kind, *terms, at);
    record.notice = index;
    record.unit = unit;
    record.sha256 = sha256;
    record.id = notice.id.value();
    record.from = notice.from;
    const bool uncounted = std::any_of(
        record.indexes.open.begin(), record.indexes.open.end(), [&record](const auto& open) {
            return !open.due && record.clocks[open.clock].from != ClockStart::never;
        });
    if (uncounted) tell_troubles(record, view(record));
    return record;
}

void ClockKeeper::tell_troubles(const ClockRecord& record, const ClockView& view) {
    for (const LimitClock& clock : view.clocks) {
        if (clock.fault) tell({*clock.fault, record.notice, record.unit});
    }
    for (const Reason& fault : view.schedule.faults) tell({fault, record.notice, record.unit});
}

void ClockKeeper::tell(const ClockTrouble& trouble) {
    {
        const std::lock_guard lock(mutex_);
        const std::string what =
            std::string(code(trouble.reason.code)) + ' ' + trouble.reason.explanation;
        // So many different ones are said again rather than kept for ever.
        if (told_.size() == kMostTold) told_.clear();
        if (!told_.insert(what).second) return;
    }
    if (tell_) tell_(trouble);
}

}  // namespace tongbao::hub
