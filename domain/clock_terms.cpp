#include "domain/clock_terms.hpp"

#include "domain/answer_rules.hpp"
#include "domain/period_days.hpp"

#include <utility>

namespace tongbao {
namespace {

using Start = DeadlineStart::Event;

std::string_view text_in(const FieldValue* value) {
    const auto* const text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
    return text != nullptr ? std::string_view(*text) : std::string_view();
}

std::optional<std::string> cell_of(const Row& row, std::string_view column) {
    return text_of(view_of(row.find(column)));
}

Reason field_fault(const std::string& field, Errc code) {
    return Reason{code, "fields." + field, "is not of the form that a limit needs"};
}

/// Collects the clocks of one notice at one unit.
class TermsOf {
public:
    TermsOf(const Charter& charter, const Notice& notice, const Kind& kind, const UnitId& unit)
        : charter_(charter), notice_(notice), kind_(kind), unit_(unit) {}

    Checked<std::vector<ClockTerms>> collect() {
        if (kind_.receipt.required && kind_.receipt.within) {
            ClockTerms receipt;
            const std::optional<Reason> fault = set_deadline(receipt, *kind_.receipt.within);
            if (fault) return *fault;
            // Whatever the deadline says: a daemon that is switched off gains no time.
            if (receipt.from == ClockStart::delivered) receipt.from = ClockStart::logged;
            terms_.push_back(std::move(receipt));
        }
        for (std::size_t at = 0; at < kind_.replies.size(); ++at) {
            const std::optional<Reason> fault =
                add_reply(kind_.replies[at], static_cast<std::uint16_t>(at));
            if (fault) return *fault;
        }
        return std::move(terms_);
    }

private:
    std::optional<Reason> add_reply(const ReplyRule& reply, std::uint16_t at) {
        if (reply.when && !reply.when->holds(fields_of(notice_))) return std::nullopt;
        if (const auto* const owing = std::get_if<std::string>(&reply.owed_by)) {
            if (!contains(charter_.units_of(*owing), unit_)) return std::nullopt;
        }
        ClockTerms terms;
        terms.id = {ClockId::Purpose::reply, at, {}};
        terms.owed = !reply.optional;
        if (reply.rows) return add_rows(reply, terms);
        return add_clock(reply, terms, text_in(notice_.find(reply.within.name)));
    }

    std::optional<Reason> add_rows(const ReplyRule& reply, ClockTerms terms) {
        const FieldValue* const value = notice_.find(*reply.rows);
        if (value == nullptr) return std::nullopt;
        const auto* const rows = std::get_if<Table>(value);
        if (rows == nullptr) return field_fault(*reply.rows, Errc::wrong_form);
        for (const Row& row : *rows) {
            if (std::holds_alternative<OwedByRowUnit>(reply.owed_by)) {
                if (cell_of(row, kUnitColumn) != unit_.value()) continue;
            }
            std::optional<std::string> key = cell_of(row, reply.row_key.value_or(""));
            if (!key) return field_fault(*reply.rows, Errc::wrong_form);
            terms.id.row = *std::move(key);
            const bool by_row = reply.within.source == Within::Source::row;
            const std::string named = by_row
                                          ? cell_of(row, reply.within.name).value_or("")
                                          : std::string(text_in(notice_.find(reply.within.name)));
            std::optional<Reason> fault = add_clock(reply, terms, named);
            if (fault) return fault;
        }
        return std::nullopt;
    }

    /// `named`: what the field or cell of `within` says; empty if it is absent.
    std::optional<Reason> add_clock(const ReplyRule& reply, ClockTerms terms,
                                    std::string_view named) {
        std::optional<Reason> fault;
        if (reply.within.source == Within::Source::deadline) {
            fault = set_deadline(terms, reply.within.name);
        } else if (!named.empty()) {
            const Result<MomentOrDay> limit = moment_or_day(named);
            if (!limit) return field_fault(reply.within.name, to_errc(limit.error()));
            terms.from = ClockStart::logged;
            terms.named = *limit;
        } else {
            fault = set_deadline(terms, reply.fallback.value_or(std::string()));
        }
        if (!fault) terms_.push_back(std::move(terms));
        return fault;
    }

    std::optional<Reason> set_deadline(ClockTerms& terms, const std::string& id) {
        terms.deadline = charter_.find_deadline(id);
        if (terms.deadline == nullptr) {
            return Reason{Errc::unresolved_reference, "deadlines." + id, "is not in the charter"};
        }
        switch (terms.deadline->from.event) {
            case Start::logged:
                terms.from = ClockStart::logged;
                return std::nullopt;
            case Start::delivered:
                terms.from = ClockStart::delivered;
                return std::nullopt;
            case Start::signed_for:
                terms.from = ClockStart::signed_for;
                return std::nullopt;
            case Start::answered_notice:  // a sender's limit, no recipient's: send_limit.hpp
                return Reason{Errc::unresolved_reference, "deadlines." + id,
                              "starts at an event that a recipient's clock does not have"};
            case Start::period_end:
            case Start::year_start:
            case Start::field:
                break;
        }
        const auto start = start_in_fields(notice_, terms.deadline->from);
        if (!start) return start.error();
        terms.from = *start ? ClockStart::fixed : ClockStart::never;
        terms.start = *start;
        return std::nullopt;
    }

    const Charter& charter_;
    const Notice& notice_;
    const Kind& kind_;
    const UnitId& unit_;
    std::vector<ClockTerms> terms_;
};

bool is_reached_online(const Charter& charter, const UnitId& unit) {
    const Unit* const known = charter.find_unit(unit);
    return known == nullptr || known->kind != UnitKind::external;
}

}  // namespace

Result<MomentOrDay> moment_or_day(std::string_view text) {
    const Result<LocalDay> day = parse_day(text);
    if (day) return MomentOrDay(*day);
    const Result<UtcTime> moment = parse_date_time(text);
    if (!moment) return moment.error();
    return MomentOrDay(*moment);
}

Checked<std::optional<MomentOrDay>> start_in_fields(const Notice& notice,
                                                    const DeadlineStart& from) {
    using Found = std::optional<MomentOrDay>;
    const bool by_period = from.event == Start::period_end || from.event == Start::year_start;
    if (!by_period && from.event != Start::field) return Found();
    const std::string name = by_period ? std::string(kPeriodField) : from.field;
    const std::string_view text = text_in(notice.find(name));
    if (text.empty()) return Found();
    if (!by_period) {
        const Result<MomentOrDay> start = moment_or_day(text);
        if (!start) return field_fault(name, to_errc(start.error()));
        return Found(*start);
    }
    const Result<PeriodDays> period = days_of_period(text);
    if (!period) return field_fault(name, to_errc(period.error()));
    if (from.event == Start::period_end) return Found(period->last);
    return Found(year_start_of(*period));
}

Checked<std::vector<ClockTerms>> clock_terms(const Charter& charter, const Notice& notice,
                                             const UnitId& unit) {
    const Kind* const kind = charter.find_kind(notice.kind);
    if (kind == nullptr) return Reason{Errc::unknown_kind, "kind", "is not in the charter"};
    if (!contains(notice.to, unit) || !is_reached_online(charter, unit))
        return std::vector<ClockTerms>();
    return TermsOf(charter, notice, *kind, unit).collect();
}

std::vector<ClockId> clocks_stopped_by(const Charter& charter, const Notice& asked,
                                       const Notice& answer, const std::vector<ClockTerms>& terms) {
    std::vector<ClockId> stopped;
    const Kind* const kind = charter.find_kind(asked.kind);
    if (kind == nullptr) return stopped;
    for (const ClockTerms& each : terms) {
        if (each.id.purpose != ClockId::Purpose::reply) continue;
        if (each.id.reply >= kind->replies.size()) continue;
        const ReplyRule& reply = kind->replies[each.id.reply];
        if (!satisfies(reply, asked, answer)) continue;
        if (reply.rows) {
            const FieldValue* const key = answer.find(reply.row_key.value_or(""));
            if (text_of(view_of(key)) != each.id.row) continue;
        }
        stopped.push_back(each.id);
    }
    return stopped;
}

}  // namespace tongbao
