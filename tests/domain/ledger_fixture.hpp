#pragma once

#include "domain/charter_binding.hpp"
#include "tests/support/case_story.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

inline FieldRule field_rule(const char* name, FieldType type) {
    FieldRule rule;
    rule.name = name;
    rule.type = type;
    return rule;
}

inline Effect effect_of(EffectEvent on = EffectEvent::logged) {
    Effect effect;
    effect.on = on;
    return effect;
}

inline Effect step_of(CaseStep step) {
    Effect effect = effect_of();
    effect.case_step = step;
    return effect;
}

inline Effect track_effect(TrackTarget target, StateTarget state,
                           EffectEvent on = EffectEvent::logged) {
    Effect effect = effect_of(on);
    effect.track = std::move(target);
    effect.state = std::move(state);
    return effect;
}

inline Kind kind_of(const char* id, CaseUse use, std::vector<Effect> effects) {
    Kind kind;
    kind.id = KindId(id);
    kind.case_use = use;
    kind.effects = std::move(effects);
    return kind;
}

/// An invented charter of three units. `lake` alone may close a case; its track `notes` and the
/// track `board` hold no case open.
inline Charter lake_charter() {
    using Source = TrackTarget::Source;
    CharterParts parts;
    parts.id = CharterId("lake");
    parts.division = "440000";
    parts.ledger.closed_by = {UnitId("lake")};
    parts.ledger.tracks = {{"shore", UnitId("lake"), true, true},
                           {"gates", UnitId("dike"), true, true},
                           {"birds", UnitId("reeds"), true, true},
                           {"board", UnitId("reeds"), false, false}};
    parts.ledger.finished_states = {"declined", "closed"};
    parts.ledger.money = {{"involved", MoneyTotal::latest},
                          {"return_ordered", MoneyTotal::sum},
                          {"recovered", MoneyTotal::sum},
                          {"fine_imposed", MoneyTotal::sum},
                          {"fine_paid", MoneyTotal::sum}};

    Effect opening = step_of(CaseStep::open);
    opening.facts = {{"title", "matter"}, {"found_at", "found_at"}};
    opening.money = {{"involved", "involved_fen"}};
    const TrackTarget recipient{Source::of_recipient, ""};
    Kind alarm = kind_of("alarm", CaseUse::may_open,
                         {opening, track_effect(recipient, {false, "proposed"}),
                          track_effect(recipient, {false, "accepted"}, EffectEvent::taken_up),
                          track_effect(recipient, {false, "declined"}, EffectEvent::declined),
                          track_effect(recipient, {false, "closed"}, EffectEvent::replied),
                          track_effect(recipient, {false, "closed"}, EffectEvent::closed)});

    Effect flag = effect_of();
    flag.flag = CaseFlag::major;
    flag.when = Condition{"grave == true", {}};
    Effect watch = effect_of();
    watch.flag = CaseFlag::supervised;
    watch.when = Condition{"present(watch_due)", {}};
    watch.facts = {{"supervised_due", "watch_due"}};
    Effect own = track_effect({Source::of_sender, ""}, {true, "state"});
    own.decision = {{"kind", "measure"}, {"doc_no", "number"}};
    own.money = {{"return_ordered", "ordered_fen"},
                 {"recovered", "recovered_fen"},
                 {"fine_imposed", "fine_fen"},
                 {"fine_paid", "paid_fen"},
                 {"involved", "involved_fen"}};
    Effect closing = step_of(CaseStep::close);
    closing.when = Condition{"close == true", {}};
    Kind report =
        kind_of("report", CaseUse::required, {step_of(CaseStep::link), flag, watch, own, closing});
    report.fields = {
        field_rule("grave", FieldType::boolean), field_rule("watch_due", FieldType::date),
        field_rule("close", FieldType::boolean), field_rule("measure", FieldType::text),
        field_rule("number", FieldType::text),   field_rule("reason", FieldType::text)};
    report.fields.back().required_if = Condition{"measure == 'none'", {}};

    Kind entry =
        kind_of("entry", CaseUse::required,
                {step_of(CaseStep::link), track_effect({Source::field, "track"}, {true, "state"})});
    Effect by_row = track_effect({Source::row, "track"}, {false, "proposed"});
    by_row.rows = "tracks";
    Effect declined_row =
        track_effect({Source::row, "track"}, {false, "declined"}, EffectEvent::declined);
    declined_row.rows = "tracks";
    Kind split =
        kind_of("split", CaseUse::required, {step_of(CaseStep::link), by_row, declined_row});
    Effect back = effect_of();
    back.reverses_answered = true;
    Kind correction = kind_of("correction", CaseUse::optional, {step_of(CaseStep::link), back});
    parts.kinds = {std::move(alarm), std::move(report), std::move(entry), std::move(split),
                   std::move(correction)};
    if (!bind_conditions(parts).empty()) throw std::logic_error("the invented charter is broken");
    return Charter(std::move(parts));
}

/// A notice of that charter; `fields` as pairs of name and value.
inline Notice lake_notice(const char* kind, const char* from, std::vector<Field> fields,
                          std::vector<UnitId> to = {}) {
    Notice notice;
    notice.charter = CharterId("lake");
    notice.kind = KindId(kind);
    notice.from = UnitId(from);
    notice.to = std::move(to);
    notice.fields = std::move(fields);
    return notice;
}

inline Field text_field(const char* name, const char* value) {
    return {name, std::string(value)};
}

inline Field fen_field(const char* name, std::int64_t value) {
    return {name, value};
}

inline Notice in_case(Notice notice, const SentNotice& of) {
    notice.case_number = of.case_number;
    return notice;
}

}  // namespace tongbao::testing
