#include "client/auditor/entry_search.hpp"

#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace tongbao::client {
namespace {

bool has_masked(const std::vector<FieldRule>& fields, const Charter& charter) {
    return std::any_of(fields.begin(), fields.end(), [&charter](const FieldRule& field) {
        if (field.masked) return true;
        const TableType* const table = field.table ? charter.find_table(*field.table) : nullptr;
        // Columns hold no tables.
        return table != nullptr &&
               std::any_of(table->columns.begin(), table->columns.end(),
                           [](const FieldRule& column) { return column.masked; });
    });
}

bool is_to(const LogEvent& event, const UnitId& unit) {
    const auto* const logged = std::get_if<LoggedEvent>(&event);
    if (logged == nullptr) return false;
    const auto among = [&unit](const std::vector<UnitId>& units) {
        return std::find(units.begin(), units.end(), unit) != units.end();
    };
    return among(logged->to) || among(logged->cc);
}

bool is_refused_for(const LogEvent& event, Errc reason) {
    const auto* const refused = std::get_if<RefusedEvent>(&event);
    return refused != nullptr && std::find(refused->reasons.begin(), refused->reasons.end(),
                                           reason) != refused->reasons.end();
}

bool is_late(const LogEvent& event) {
    const auto* const logged = std::get_if<LoggedEvent>(&event);
    return logged != nullptr && !logged->late.empty();
}

}  // namespace

const UnitId* doer_of(const LogEvent& event) {
    return std::visit(
        [](const auto& each) -> const UnitId* {
            using Event = std::decay_t<decltype(each)>;
            if constexpr (std::is_same_v<Event, EscalatedEvent> ||
                          std::is_same_v<Event, ClosedEvent>) {
                return &each.unit;
            } else if constexpr (std::is_same_v<Event, RegisterEvent> ||
                                 std::is_same_v<Event, OpaqueEvent>) {
                return nullptr;
            } else {
                return &each.from;
            }
        },
        event);
}

std::vector<LogIndex> notices_of(LogIndex index, const LogEvent& event) {
    if (std::holds_alternative<LoggedEvent>(event)) return {index};
    std::vector<LogIndex> indexes;
    for (const NoticeRef& named : notices_named(event)) indexes.push_back(named.index);
    return indexes;
}

EntrySearch::EntrySearch(EntryQuestion question, std::shared_ptr<const Charter> charter)
    : question_(std::move(question)), charter_(std::move(charter)) {}

std::uint32_t EntrySearch::number_of(const KindId& kind) {
    const auto [known, added] =
        kind_numbers_.emplace(kind, static_cast<std::uint32_t>(kinds_.size()));
    if (!added) return known->second;
    const Kind* const rule = charter_ ? charter_->find_kind(kind) : nullptr;
    KnownKind& made = kinds_.emplace_back(KnownKind{kind, std::nullopt, false});
    if (rule != nullptr) {
        made.security_class = rule->security_class;
        made.personal = has_masked(rule->fields, *charter_);
    }
    return known->second;
}

void EntrySearch::learn(LogIndex index, const LoggedEvent& event) {
    KnownNotice notice{number_of(event.kind), 0};
    if (event.case_number) {
        const auto [known, added] = case_numbers_.emplace(
            event.case_number->value(), static_cast<std::uint32_t>(cases_.size() + 1));
        if (added) cases_.push_back(*event.case_number);
        notice.case_number = known->second;
    }
    notices_.emplace(index.value(), notice);
}

bool EntrySearch::fits_by_kind(const KnownKind& kind) const {
    return (!question_.kind || kind.id == *question_.kind) &&
           (!question_.security_class || kind.security_class == question_.security_class) &&
           (!question_.personal || kind.personal);
}

bool EntrySearch::fits_by_notice(LogIndex notice) const {
    if (question_.notice && notice != *question_.notice) return false;
    const auto known = notices_.find(notice.value());
    if (known == notices_.end()) return false;
    if (!fits_by_kind(kinds_[known->second.kind])) return false;
    if (!question_.case_number) return true;
    const std::uint32_t number = known->second.case_number;
    return number != 0 && cases_[number - 1] == *question_.case_number;
}

bool EntrySearch::fits(LogIndex index, const LogEntry& entry) {
    if (question_.from && entry.time < *question_.from) return false;
    if (question_.until && entry.time >= *question_.until) return false;
    const LogEvent& event = entry.event;
    if (!question_.events.empty() &&
        question_.events.find(protocol::event_word(event)) == question_.events.end()) {
        return false;
    }
    const UnitId* const doer = doer_of(event);
    if (question_.by && (doer == nullptr || *doer != *question_.by)) return false;
    if (question_.to && !is_to(event, *question_.to)) return false;
    if (question_.reason && !is_refused_for(event, *question_.reason)) return false;
    if (question_.late && !is_late(event)) return false;
    const bool of_kind = question_.kind || question_.security_class || question_.personal;
    const bool of_notice = question_.notice || question_.case_number;
    if (!of_kind && !of_notice) return true;
    // What was refused is no notice, but may say its kind.
    if (const auto* const refused = std::get_if<RefusedEvent>(&event)) {
        return !of_notice && refused->kind && fits_by_kind(kinds_[number_of(*refused->kind)]);
    }
    const std::vector<LogIndex> notices = notices_of(index, event);
    return std::any_of(notices.begin(), notices.end(),
                       [this](LogIndex notice) { return fits_by_notice(notice); });
}

std::optional<FoundEntry> EntrySearch::take(LogIndex index, const LogEntry& entry) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&entry.event)) learn(index, *logged);
    if (!fits(index, entry)) return std::nullopt;
    FoundEntry found{index, entry, std::nullopt, std::nullopt};
    if (const auto* const refused = std::get_if<RefusedEvent>(&entry.event)) {
        found.kind = refused->kind;
    }
    const std::vector<LogIndex> notices = notices_of(index, entry.event);
    const auto known = notices.empty() ? notices_.end() : notices_.find(notices.front().value());
    if (known == notices_.end()) return found;
    found.kind = kinds_[known->second.kind].id;
    if (known->second.case_number != 0) found.case_number = cases_[known->second.case_number - 1];
    return found;
}

}  // namespace tongbao::client
