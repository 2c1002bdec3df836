#include "domain/ledger_effects.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

// Words of the charters' schema.
constexpr const char* kDecisionNumber = "doc_no";
constexpr const char* kClosingReason = "closing_reason";

std::optional<std::string> field_text(const Notice& notice, std::string_view field) {
    return text_of(view_of(notice.find(field)));
}

/// The member behind a unit: itself, or that of a local unit's system.
UnitId member_behind(const UnitId& unit) {
    return system_of(unit).value_or(unit);
}

bool may_close_cases(const Charter& charter, const UnitId& unit) {
    return contains(charter.parts().ledger.closed_by, unit);
}

/// Where a decision keeps that attribute; nullptr for one that the charters' schema does not have.
std::optional<std::string>* part_of(DecisionStated& decision, std::string_view attribute) {
    if (attribute == "kind") return &decision.kind;
    if (attribute == "outcome") return &decision.outcome;
    if (attribute == kDecisionNumber) return &decision.doc_no;
    if (attribute == "date") return &decision.date;
    if (attribute == "measures") return &decision.measures;
    return nullptr;
}

class EffectsOf {
public:
    EffectsOf(const Charter& charter, const Kind& kind, const Notice& notice,
              const LedgerEvent& event, LedgerPlan& plan)
        : charter_(charter),
          kind_(kind),
          notice_(notice),
          event_(event),
          lookup_(fields_of(notice)),
          plan_(plan) {}

    void collect() {
        for (const Effect& effect : kind_.effects) {
            if (effect.on != event_.on) continue;
            if (effect.when && !effect.when->holds(lookup_)) continue;
            apply(effect);
        }
        const bool silent = event_.on == EffectEvent::declined && !event_.has_reason;
        if (silent && !plan_.changes.empty()) {
            fault(Errc::reason_required, "reason", "declining is told with a reason");
        }
    }

private:
    void fault(Errc code, std::string place, std::string explanation) {
        const Reason reason{code, std::move(place), std::move(explanation)};
        // Two effects may name the same field; one word about it is enough.
        if (std::find(plan_.reasons.begin(), plan_.reasons.end(), reason) == plan_.reasons.end()) {
            plan_.reasons.push_back(reason);
        }
    }

    void add(LedgerChange change) { plan_.changes.push_back(std::move(change)); }
    [[nodiscard]] bool sees_all() const { return plan_.viewpoint == Viewpoint::unit; }

    void apply(const Effect& effect) {
        if (effect.case_step == CaseStep::open && !notice_.case_number) {
            add(CaseOpened{});
        } else if (effect.case_step && effect.case_step != CaseStep::close) {
            add(NoticeLinked{});
        }
        if (sees_all()) add_facts(effect);
        if (effect.flag) add(FlagRaised{*effect.flag});
        if (effect.track) {
            for (const std::optional<TrackName>& track : targets(effect)) write(effect, track);
        } else {
            write(effect, std::nullopt);
        }
        if (effect.reverses_answered) reverse();
        // Last, so that an effect may finish a track and close the case.
        if (effect.case_step == CaseStep::close) close();
    }

    void add_facts(const Effect& effect) {
        for (const LedgerAttribute& fact : effect.facts) {
            const FieldValue* const value = notice_.find(fact.field);
            if (value != nullptr) add(FactStated{fact.attribute, *value});
        }
    }

    /// State, decision and money of one track, or of none.
    void write(const Effect& effect, const std::optional<TrackName>& track) {
        if (track && effect.state) move(*effect.state, *track);
        if (!sees_all()) return;
        add_decision(effect, track);
        for (const LedgerAttribute& money : effect.money) add_money(effect, money, track);
    }

    void move(const StateTarget& target, const TrackName& track) {
        const std::optional<std::string> state =
            target.from_field ? field_text(notice_, target.name) : target.name;
        if (!state) return;
        const std::vector<std::string>& finished = charter_.parts().ledger.finished_states;
        const bool ends = std::find(finished.begin(), finished.end(), *state) != finished.end();
        add(TrackMoved{track, *state, ends});
    }

    void add_decision(const Effect& effect, const std::optional<TrackName>& track) {
        DecisionStated decision;
        decision.track = track;
        bool said = false;
        for (const LedgerAttribute& part : effect.decision) {
            std::optional<std::string>* const place = part_of(decision, part.attribute);
            std::optional<std::string> text = field_text(notice_, part.field);
            if (place == nullptr || !text) continue;
            *place = std::move(text);
            said = true;
        }
        if (!said) return;
        if (!decides_) expect_reasons();
        decides_ = true;
        add(std::move(decision));
    }

    /// What the kind asks for where something was decided: its reason, number or date.
    void expect_reasons() {
        for (const FieldRule& rule : kind_.fields) {
            if (notice_.find(rule.name) != nullptr || !is_required(rule, lookup_)) continue;
            fault(Errc::missing_field, "fields." + rule.name, "a decision needs it");
        }
    }

    void add_money(const Effect& effect, const LedgerAttribute& money,
                   const std::optional<TrackName>& track) {
        const FieldValue* const value = notice_.find(money.field);
        if (value == nullptr) return;
        const auto* const amount = std::get_if<std::int64_t>(value);
        const Result<Fen> fen = amount != nullptr ? make_fen(*amount) : Errc::wrong_form;
        if (!fen) {
            fault(Errc::bad_amount, "fields." + money.field, explain_form(FieldType::fen));
            return;
        }
        MoneyStated entry;
        entry.kind = money.attribute;
        entry.fen = *fen;
        entry.total = total_of(money.attribute);
        if (track) entry.track = track->id;
        for (const LedgerAttribute& part : effect.decision) {
            if (part.attribute == kDecisionNumber) entry.doc_no = field_text(notice_, part.field);
        }
        entry.period = field_text(notice_, kPeriodField);
        add(std::move(entry));
    }

    [[nodiscard]] MoneyTotal total_of(const std::string& money_kind) const {
        for (const LedgerMoney& money : charter_.parts().ledger.money) {
            if (money.kind == money_kind) return money.total;
        }
        return MoneyTotal::sum;  // the checker lets no other kind in
    }

    void reverse() {
        if (!event_.answered) {
            fault(Errc::no_such_notice, "in_reply_to", "names nothing that could be taken back");
        } else if (event_.answered->case_number != plan_.case_number) {
            fault(Errc::case_mismatch, "case", "is not that of the notice taken back");
        } else {
            add(NoticeReversed{event_.answered->notice});
        }
    }

    void close() {
        // Whoever brings the effect about, a recipient's act too: it is the notice that closes.
        if (!may_close_cases(charter_, notice_.from)) {
            fault(Errc::closing_not_allowed, "from", "may not close cases");
        }
        CaseClosed closed;
        if (sees_all()) closed.reason = field_text(notice_, kClosingReason);
        add(std::move(closed));
    }

    /// The tracks that `effect` writes to. Where the unit has no track, one of none: what was
    /// decided is of the case then. Where the field or all rows are absent, nothing.
    std::vector<std::optional<TrackName>> targets(const Effect& effect) {
        using Source = TrackTarget::Source;
        switch (effect.track->source) {
            case Source::track:
                return {named(effect.track->name)};
            case Source::of_sender:
                return {main_track(notice_.from)};
            case Source::of_recipient:
                return of_recipients();
            case Source::field:
                return of_field(effect.track->name);
            case Source::row:
                return of_rows(effect);
        }
        return {};
    }

    [[nodiscard]] std::optional<TrackName> named(const std::string& id) const {
        const LedgerTrack* const track = charter_.find_track(id);
        if (track == nullptr) return std::nullopt;
        return TrackName{track->id, track->unit, track->holds_case_open};
    }

    [[nodiscard]] std::optional<TrackName> main_track(const UnitId& unit) const {
        const UnitId member = member_behind(unit);
        for (const LedgerTrack& track : charter_.parts().ledger.tracks) {
            if (track.main && track.unit == member) return named(track.id);
        }
        return std::nullopt;
    }

    /// On a recipient's act that one's; else those of all recipients, each track once. A copy has
    /// nothing to do, so its track does not move.
    std::vector<std::optional<TrackName>> of_recipients() {
        if (event_.recipient) return {main_track(*event_.recipient)};
        std::vector<std::optional<TrackName>> out;
        for (const UnitId& unit : notice_.to) {
            std::optional<TrackName> track = main_track(unit);
            if (track && std::find(out.begin(), out.end(), track) == out.end()) {
                out.push_back(std::move(track));
            }
        }
        return out;
    }

    std::vector<std::optional<TrackName>> of_field(const std::string& field) {
        const std::optional<std::string> id = field_text(notice_, field);
        if (!id) return {};
        std::optional<TrackName> track = named(*id);
        if (!track) {
            fault(Errc::malformed_field, "fields." + field, "is no track of the charter");
            return {};
        }
        if (track->unit != member_behind(notice_.from)) {
            fault(Errc::track_not_own, "fields." + field, "is a track of another unit");
        }
        return {std::move(track)};
    }

    std::vector<std::optional<TrackName>> of_rows(const Effect& effect) {
        const FieldValue* const value = notice_.find(effect.rows.value_or(""));
        const auto* const rows = value != nullptr ? std::get_if<Table>(value) : nullptr;
        std::vector<std::optional<TrackName>> out;
        if (rows == nullptr) return out;
        for (const Row& row : *rows) {
            const std::optional<std::string> unit = text_of(view_of(row.find(kUnitColumn)));
            if (event_.recipient && unit != event_.recipient->value()) continue;
            const std::optional<std::string> id = text_of(view_of(row.find(effect.track->name)));
            if (!id) continue;
            std::optional<TrackName> track = named(*id);
            if (!track) {
                fault(Errc::malformed_field, "fields." + *effect.rows,
                      "names a track that the charter lacks");
                continue;
            }
            out.push_back(std::move(track));
        }
        return out;
    }

    const Charter& charter_;
    const Kind& kind_;
    const Notice& notice_;
    const LedgerEvent& event_;
    const FieldLookup lookup_;
    LedgerPlan& plan_;
    /// Whether a decision was stated.
    bool decides_{false};
};

}  // namespace

bool opens_case(const Kind& kind, const Notice& notice) noexcept {
    return kind.case_use == CaseUse::may_open && !notice.case_number;
}

std::optional<CaseNumber> case_of(const Notice& notice, const std::optional<CaseNumber>& issued,
                                  const std::optional<AnsweredInCase>& answered) {
    if (notice.case_number) return notice.case_number;
    if (issued) return issued;
    return answered ? answered->case_number : std::nullopt;
}

LedgerPlan plan_effects(const Charter& charter, const Notice& notice, const LedgerEvent& event,
                        Viewpoint viewpoint) {
    LedgerPlan plan;
    plan.case_number = event.case_number;
    plan.charter = charter.id();
    plan.source = {event.on,    event.notice,    notice.kind, notice.from,
                   event.cause, event.recipient, event.entry, event.at};
    plan.viewpoint = viewpoint;
    plan.may_close = may_close_cases(charter, event.recipient ? *event.recipient : notice.from);
    const Kind* const kind = charter.find_kind(notice.kind);
    if (kind == nullptr) {
        plan.reasons.push_back({Errc::unknown_kind, "kind", "is not in the charter"});
        return plan;
    }
    EffectsOf(charter, *kind, notice, event, plan).collect();
    return plan;
}

}  // namespace tongbao
