#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

/// The values of the enum field or column `name` among `fields`; empty if it is none.
std::vector<std::string> values_of(const Charter& charter, const std::vector<FieldRule>& fields,
                                   const std::string& name) {
    std::vector<std::string> out;
    const FieldRule* const field = find_field(fields, name);
    const auto* const id = field == nullptr ? nullptr : std::get_if<std::string>(&field->values);
    const EnumType* const type = id == nullptr ? nullptr : charter.find_enum(*id);
    if (type == nullptr) return out;
    for (const EnumValue& value : type->values) out.push_back(value.id);
    return out;
}

/// The columns of the effect's rows, or nullptr.
const TableType* rows_of(const Charter& charter, const Kind& kind, const Effect& effect) {
    const FieldRule* const field = effect.rows ? find_field(kind.fields, *effect.rows) : nullptr;
    return field != nullptr && field->table ? charter.find_table(*field->table) : nullptr;
}

/// The main tracks of the units behind `addresses`: a local unit's is that of its system.
std::vector<std::string> main_tracks(const Charter& charter,
                                     const std::vector<UnitAddress>& addresses) {
    std::vector<std::string> out;
    for (const UnitAddress& address : addresses) {
        const std::string& text = address.value();
        const UnitId unit(text.substr(text.find(':') + 1));
        for (const LedgerTrack& track : charter.parts().ledger.tracks) {
            if (track.main && track.unit == unit) out.push_back(track.id);
        }
    }
    return out;
}

/// The tracks that `effect` may move.
std::vector<std::string> tracks_of(const Charter& charter, const Kind& kind, const Effect& effect) {
    using Source = TrackTarget::Source;
    if (!effect.track) return {};
    switch (effect.track->source) {
        case Source::track:
            return {effect.track->name};
        case Source::of_sender:
            return main_tracks(charter, kind.from);
        case Source::of_recipient:
            return main_tracks(charter, kind.to);
        case Source::field:
            return values_of(charter, kind.fields, effect.track->name);
        case Source::row: {
            const TableType* const table = rows_of(charter, kind, effect);
            if (table == nullptr) return {};
            return values_of(charter, table->columns, effect.track->name);
        }
    }
    return {};
}

void check_track(Findings& findings, const Kind& kind, const Effect& effect,
                 const std::string& place) {
    if (effect.state && !effect.track) findings.broken(place + ".track", "whose state is it?");
    if (effect.track) {
        const std::vector<std::string> tracks = tracks_of(findings.charter, kind, effect);
        if (tracks.empty()) {
            findings.unresolved(place + ".track", "track", effect.track->name);
        }
        for (const std::string& track : tracks) {
            if (findings.charter.find_track(track) == nullptr) {
                findings.unresolved(place + ".track", "track", track);
            }
        }
    }
    if (!effect.state) return;
    const EnumType* const known = findings.charter.find_enum(kTrackStates);
    const std::vector<std::string> states =
        effect.state->from_field ? values_of(findings.charter, kind.fields, effect.state->name)
                                 : std::vector<std::string>{effect.state->name};
    if (states.empty()) findings.unresolved(place + ".state", "enum field", effect.state->name);
    for (const std::string& state : states) {
        if (known != nullptr && !known->has(state)) {
            findings.unresolved(place + ".state", "track state", state);
        }
    }
}

/// Notes where an attribute's field is missing or may not be read by the ledger's keeper.
void expect_readable(Findings& findings, const Kind& kind, const LedgerAttribute& attribute,
                     const std::string& place) {
    const FieldRule* const field = findings.expect_field(place, kind, attribute.field);
    if (field != nullptr && kind.office_sees != OfficeSees::all && !field->clear) {
        findings.broken(place, "the keeper of the case ledger may not read " + attribute.field);
    }
}

void check_attributes(Findings& findings, const Kind& kind, const Effect& effect,
                      const std::string& place) {
    for (const LedgerAttribute& fact : effect.facts) {
        expect_readable(findings, kind, fact, place + ".facts." + fact.attribute);
    }
    for (const LedgerAttribute& part : effect.decision) {
        expect_readable(findings, kind, part, place + ".decision." + part.attribute);
    }
    for (std::size_t at = 0; at < effect.money.size(); ++at) {
        const LedgerAttribute& entry = effect.money[at];
        const std::string where = indexed(place + ".money", at);
        expect_readable(findings, kind, entry, where + ".field");
        const FieldRule* const field = find_field(kind.fields, entry.field);
        if (field != nullptr && field->type != FieldType::fen) {
            findings.broken(where + ".field", entry.field + " is no amount of money");
        }
        const std::vector<LedgerMoney>& known = findings.charter.parts().ledger.money;
        const bool summed = std::any_of(known.begin(), known.end(), [&](const LedgerMoney& money) {
            return money.kind == entry.attribute;
        });
        if (!summed) findings.unresolved(where + ".kind", "kind of money", entry.attribute);
    }
}

void check_event(Findings& findings, const Kind& kind, const Effect& effect,
                 const std::string& place) {
    const bool by_taking_up =
        effect.on == EffectEvent::taken_up || effect.on == EffectEvent::declined;
    if (by_taking_up && !kind.accept.required) {
        findings.broken(place + ".on", "nobody has to take it up");
    } else if (effect.on == EffectEvent::declined &&
               kind.accept.decline == DeclineRule::not_allowed) {
        findings.broken(place + ".on", "it may not be declined");
    }
    if (effect.on == EffectEvent::closed) {
        // The hub closes a notice by itself, after the entry that brought it about: who keeps the
        // ledger is not told of it.
        findings.broken(place + ".on", "nothing is written when a notice is closed");
    }
    if (effect.reverses_answered && effect.on != EffectEvent::logged) {
        findings.broken(place + ".reverse", "a notice takes back when it is logged");
    }
    if (effect.case_step == CaseStep::open && (effect.on != EffectEvent::logged || effect.when)) {
        findings.broken(place + ".case", "a case is opened when its notice is logged, always");
    }
    if (effect.reverses_answered && kind.answers != AnswersTo::own_notice) {
        findings.broken(place + ".reverse", "only a unit's own notice can be reversed");
    }
    if (effect.case_step == CaseStep::close) {
        const std::vector<UnitId>& closers = findings.charter.parts().ledger.closed_by;
        const bool somebody = std::any_of(closers.begin(), closers.end(), [&](const UnitId& unit) {
            return any_covers(kind.from, unit);
        });
        if (!somebody) findings.broken(place + ".case", "no sender may close a case");
    }
}

}  // namespace

std::set<std::string> tracks_moved_by(const Charter& charter, const Kind& kind) {
    std::set<std::string> out;
    for (const Effect& effect : kind.effects) {
        for (std::string& track : tracks_of(charter, kind, effect)) out.insert(std::move(track));
    }
    return out;
}

void check_effects(Findings& findings, const Kind& kind, const std::string& place) {
    if (kind.office_sees == OfficeSees::none && !kind.effects.empty()) {
        findings.broken(place + ".effects",
                        "the keeper of the case ledger does not see the notice");
    }
    for (std::size_t at = 0; at < kind.effects.size(); ++at) {
        const Effect& effect = kind.effects[at];
        const std::string where = indexed(place + ".effects", at);
        check_event(findings, kind, effect, where);
        check_track(findings, kind, effect, where);
        check_attributes(findings, kind, effect, where);
        if (effect.rows && rows_of(findings.charter, kind, effect) == nullptr) {
            findings.unresolved(where + ".rows", "table field", *effect.rows);
        }
    }
}

}  // namespace tongbao::checking
