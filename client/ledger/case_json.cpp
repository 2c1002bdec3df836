#include "client/ledger/case_json.hpp"

#include "domain/case_money.hpp"
#include "domain/overloaded.hpp"
#include "protocol/json_writer.hpp"

#include <utility>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

constexpr std::string_view kClosingReasonField = "closing_reason";

void write_ref(JsonWriter& writer, std::string_view name, const NoticeRef& ref) {
    writer.key(name)
        .begin_object()
        .key("index")
        .number(ref.index.value())
        .member("sha256", ref.sha256.hex())
        .end_object();
}

void write_optional(JsonWriter& writer, std::string_view name,
                    const std::optional<std::string>& text) {
    if (text) writer.member(name, *text);
}

void write_time(JsonWriter& writer, std::string_view name, const std::optional<UtcTime>& time) {
    if (time) writer.member(name, format_utc(*time));
}

/// Where an entry comes from, and what took it back: two members of the object under way.
void write_source(JsonWriter& writer, const LedgerSource& source,
                  const std::optional<NoticeRef>& reversed_by) {
    writer.key("said_by").begin_object().member("on", effect_word(source.on));
    write_ref(writer, "notice", source.notice);
    writer.member("kind", source.kind.value()).member("sender", source.sender.value());
    write_ref(writer, "cause", source.cause);
    if (source.recipient) writer.member("unit", source.recipient->value());
    writer.key("entry").number(source.entry.value()).member("at", format_utc(source.at));
    writer.end_object();
    if (reversed_by) write_ref(writer, "reversed_by", *reversed_by);
}

void write_scalar(JsonWriter& writer, const Scalar& scalar) {
    std::visit(Overloaded{[&writer](bool value) { writer.boolean(value); },
                          [&writer](std::int64_t value) { writer.number(value); },
                          [&writer](const std::string& value) { writer.text(value); }},
               scalar);
}

void write_rows(JsonWriter& writer, const Table& rows) {
    writer.begin_array();
    for (const Row& row : rows) {
        writer.begin_object();
        for (const auto& [name, value] : row.cells) {
            writer.key(name);
            write_scalar(writer, value);
        }
        writer.end_object();
    }
    writer.end_array();
}

void write_value(JsonWriter& writer, const FieldValue& value) {
    std::visit(
        Overloaded{[&writer](const Table& rows) { write_rows(writer, rows); },
                   [&writer](const DetachedTable& table) {
                       writer.begin_object().member("detached", table.sha256.hex()).end_object();
                   },
                   [&writer](const auto& scalar) { write_scalar(writer, Scalar(scalar)); }},
        value);
}

void write_facts(JsonWriter& writer, const CaseFile& file, CaseMask& mask) {
    writer.key("facts").begin_array();
    for (const CaseFact& fact : file.facts) {
        writer.begin_object().member("attribute", fact.attribute).key("value");
        write_value(writer, mask.fact(fact));
        write_source(writer, fact.source, fact.reversed_by);
        writer.end_object();
    }
    writer.end_array().key("raised").begin_array();
    for (const CaseFlagEntry& raised : file.flag_entries) {
        writer.begin_object().member("flag",
                                     raised.flag == CaseFlag::major ? "major" : "supervised");
        write_source(writer, raised.source, raised.reversed_by);
        writer.end_object();
    }
    writer.end_array();
}

/// The first that counts is the one that is shown at the head.
const CaseFact* shown_fact(const CaseFile& file, std::string_view attribute) {
    for (const CaseFact& fact : file.facts) {
        if (fact.attribute == attribute && !fact.reversed_by) return &fact;
    }
    return nullptr;
}

void write_head(JsonWriter& writer, const CaseFile& file, UtcTime updated_at, CaseMask& mask) {
    writer.member("case", file.number.value())
        .member("charter", file.charter.value())
        .member("state", word(file.state));
    for (const char* const attribute : {"title", "source", "found_at"}) {
        const CaseFact* const fact = shown_fact(file, attribute);
        if (fact == nullptr) continue;
        const FieldValue value = mask.fact(*fact);
        const auto* const text = std::get_if<std::string>(&value);
        if (text != nullptr) writer.member(attribute, *text);
    }
    write_time(writer, "opened_at", file.opened_at);
    if (file.opened_by) writer.member("opened_by", file.opened_by->value());
    writer.member("updated_at", format_utc(updated_at));
    writer.key("flags").begin_object().key("major").boolean(file.flags.major);
    if (file.flags.supervised) {
        writer.key("supervised").begin_object();
        write_optional(writer, "due", file.flags.supervised->due);
        write_optional(writer, "resolution_no", file.flags.supervised->resolution_no);
        writer.end_object();
    }
    writer.end_object();
    if (const CaseFact* const subjects = shown_fact(file, "subjects")) {
        writer.key("subjects");
        write_value(writer, mask.fact(*subjects));
    }
}

void write_decisions(JsonWriter& writer, const std::vector<CaseDecision>& decisions,
                     CaseMask& mask) {
    writer.key("decisions").begin_array();
    for (const CaseDecision& decision : decisions) {
        const DecisionStated& said = decision.said;
        writer.begin_object();
        if (said.track) writer.member("track", said.track->id);
        for (const auto& [name, part] :
             {std::pair<const char*, const std::optional<std::string>*>{"kind", &said.kind},
              {"outcome", &said.outcome},
              {"doc_no", &said.doc_no},
              {"date", &said.date},
              {"measures", &said.measures}}) {
            if (*part) writer.member(name, mask.decision(decision.source.kind, name, **part));
        }
        write_source(writer, decision.source, decision.reversed_by);
        writer.end_object();
    }
    writer.end_array();
}

void write_tracks(JsonWriter& writer, const CaseFile& file, CaseMask& mask) {
    writer.key("tracks").begin_array();
    for (const CaseTrack& track : file.tracks) {
        writer.begin_object().member("id", track.id).member("unit", track.unit.value());
        write_optional(writer, "state", track.state);
        write_time(writer, "since", track.since);
        writer.key("open").boolean(track.open()).key("finished").boolean(track.finished);
        writer.key("history").begin_array();
        for (const TrackStep& step : track.history) {
            writer.begin_object().member("state", step.state);
            writer.key("finished").boolean(step.finished);
            write_source(writer, step.source, step.reversed_by);
            writer.end_object();
        }
        writer.end_array();
        write_decisions(writer, track.decisions, mask);
        writer.end_object();
    }
    writer.end_array();
}

void write_money(JsonWriter& writer, const CaseFile& file) {
    writer.key("money").begin_array();
    for (const MoneyEntry& entry : file.money) {
        writer.begin_object().member("kind", entry.said.kind);
        writer.key("fen").number(entry.said.fen.value());
        writer.member("total", entry.said.total == MoneyTotal::sum ? "sum" : "latest");
        write_optional(writer, "track", entry.said.track);
        write_optional(writer, "doc_no", entry.said.doc_no);
        write_optional(writer, "period", entry.said.period);
        writer.key("counts").boolean(entry.counts);
        write_source(writer, entry.source, entry.reversed_by);
        writer.end_object();
    }
    writer.end_array();
    const Result<MoneyTotals> totals = totals_of(file);
    writer.key("totals").raw(write_money_totals(totals ? *totals : MoneyTotals()));
    writer.key("warnings").begin_array();
    if (totals && recovered_too_much(*totals)) writer.text("recovered_too_much");
    writer.end_array();
}

void write_links(JsonWriter& writer, const CaseFile& file, CaseMask& mask) {
    writer.key("links").begin_array();
    for (const CaseLink& link : file.links) {
        writer.begin_object().member("role", word(link.role));
        if (link.closing_reason) {
            writer.member("closing_reason",
                          mask.field(link.source.kind, kClosingReasonField, *link.closing_reason));
        }
        write_source(writer, link.source, link.reversed_by);
        writer.end_object();
    }
    writer.end_array().key("reversals").begin_array();
    for (const CaseReversal& reversal : file.reversals) {
        writer.begin_object();
        write_ref(writer, "target", reversal.target);
        write_source(writer, reversal.source, reversal.reversed_by);
        writer.end_object();
    }
    writer.end_array();
}

void write_listed(JsonWriter& writer, const storage::ListedCase& listed, CaseMask& mask) {
    const storage::CaseColumns& columns = listed.columns;
    writer.begin_object().member("case", columns.number.value());
    write_optional(writer, "title", columns.title);
    writer.member("state", word(columns.state));
    write_time(writer, "opened_at", columns.opened_at);
    if (columns.opened_by) writer.member("opened_by", columns.opened_by->value());
    writer.key("flags").begin_array();
    if (columns.major) writer.text("major");
    if (columns.supervised) writer.text("supervised");
    writer.end_array().key("tracks").begin_array();
    for (const storage::TrackColumns& track : columns.tracks) {
        writer.begin_object().member("id", track.id).member("unit", track.unit.value());
        write_optional(writer, "state", track.state);
        write_time(writer, "since", track.since);
        writer.key("open").boolean(track.open).end_object();
    }
    writer.end_array().key("money").raw(write_money_totals(listed.totals));
    if (!columns.subjects.empty()) {
        writer.key("subjects").begin_array();
        for (const std::string& subject : columns.subjects) writer.text(mask.subject(subject));
        writer.end_array();
    }
    writer.member("updated_at", format_utc(columns.updated_at)).end_object();
}

}  // namespace

std::string_view effect_word(EffectEvent on) noexcept {
    switch (on) {
        case EffectEvent::logged:
            return "logged";
        case EffectEvent::delivered:
            return "delivered";
        case EffectEvent::signed_for:
            return "signed_for";
        case EffectEvent::taken_up:
            return "taken_up";
        case EffectEvent::declined:
            return "declined";
        case EffectEvent::replied:
            return "replied";
        case EffectEvent::closed:
            return "closed";
    }
    return "logged";
}

std::string write_money_totals(const MoneyTotals& totals) {
    JsonWriter writer;
    writer.begin_object();
    for (const auto& [kind, fen] : totals) writer.key(kind).number(fen.value());
    writer.end_object();
    return writer.take();
}

std::string write_case_list(const std::vector<storage::ListedCase>& cases,
                            const std::optional<CaseNumber>& next, CaseMask& mask) {
    JsonWriter writer;
    writer.begin_object().key("cases").begin_array();
    for (const storage::ListedCase& each : cases) write_listed(writer, each, mask);
    writer.end_array();
    if (next) writer.member("next", next->value());
    writer.end_object();
    return writer.take();
}

std::string write_case_file(const CaseFile& file, UtcTime updated_at, CaseMask& mask) {
    JsonWriter writer;
    writer.begin_object();
    write_head(writer, file, updated_at, mask);
    write_facts(writer, file, mask);
    write_tracks(writer, file, mask);
    write_decisions(writer, file.decisions, mask);
    write_money(writer, file);
    write_links(writer, file, mask);
    writer.key("masked").boolean(mask.masked()).end_object();
    return writer.take();
}

std::string write_refused_effects(const std::vector<RefusedEffects>& refused) {
    JsonWriter writer;
    writer.begin_array();
    for (const RefusedEffects& each : refused) {
        const LedgerSource& source = each.source;
        writer.begin_object()
            .member("case", each.case_number.value())
            .member("on", effect_word(source.on));
        write_ref(writer, "notice", source.notice);
        writer.member("kind", source.kind.value()).member("sender", source.sender.value());
        if (source.recipient) writer.member("unit", source.recipient->value());
        writer.key("entry").number(source.entry.value()).member("at", format_utc(source.at));
        writer.key("reasons").begin_array();
        for (const Reason& reason : each.reasons) {
            writer.begin_object().member("code", code(reason.code));
            if (!reason.place.empty()) writer.member("place", reason.place);
            if (!reason.explanation.empty()) writer.member("explanation", reason.explanation);
            writer.end_object();
        }
        writer.end_array();
        if (each.settled) {
            writer.key("settled").begin_object();
            write_ref(writer, "by", each.settled->by);
            writer.member("at", format_utc(each.settled->at)).end_object();
        }
        writer.end_object();
    }
    writer.end_array();
    return writer.take();
}

}  // namespace tongbao::client
