#include "protocol/log_entry_json.hpp"

#include "domain/case_number.hpp"
#include "domain/endorsement.hpp"
#include "domain/overloaded.hpp"
#include "domain/send_limit.hpp"
#include "protocol/answered_act_json.hpp"
#include "protocol/clock_event_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/notice_json.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace tongbao::protocol {
namespace {

/// Room for nearly every entry.
constexpr std::size_t kUsualEntryBytes = 1024;

constexpr std::array<std::string_view, 4> kRegisterWords{"charter_adopted", "log_key",
                                                         "key_enrolled", "key_revoked"};
constexpr std::string_view kOpaqueWord = "opaque";
constexpr std::array<std::string_view, 7> kOtherWords{"logged",  "refused", "replied",  "escalated",
                                                      "overdue", "closed",  kOpaqueWord};

void write_leaf(JsonWriter& writer, const SignedLeaf& leaf) {
    writer.member("sha256", leaf.sha256)
        .member("leaf_hash", leaf.leaf_hash)
        .member("statement", leaf.statement)
        .member("signer", leaf.signer);
}

void write_charter(JsonWriter& writer, const CharterId& id, CharterVersion version) {
    writer.key("charter")
        .begin_object()
        .member("id", id.value())
        .key("version")
        .number(std::uint64_t{version.value()})
        .end_object();
}

void write_event(JsonWriter& writer, const LoggedEvent& event) {
    writer.member("from", event.from.value());
    write_units(writer, "to", event.to);
    write_units(writer, "cc", event.cc);
    writer.member("kind", event.kind.value());
    write_charter(writer, event.charter, event.charter_version);
    if (event.case_number) writer.member("case", event.case_number->value());
    if (event.opens_case) writer.key("case_opened").boolean(true);
    write_leaf(writer, event.leaf);
    writer.member("register", event.register_head);
    if (!event.endorsements.empty()) {
        writer.key("endorsements").begin_array();
        for (const EndorsementRef& each : event.endorsements) {
            writer.begin_object()
                .member("role", each.role)
                .member("statement", each.statement)
                .member("signer", each.signer)
                .end_object();
        }
        writer.end_array();
    }
    if (event.late.empty()) return;
    writer.key("late").begin_array();
    for (const std::string& rule : event.late) writer.text(rule);
    writer.end_array();
}

void write_event(JsonWriter& writer, const RefusedEvent& event) {
    writer.member("from", event.from.value());
    if (event.kind) writer.member("kind", event.kind->value());
    writer.key("reasons").begin_array();
    for (const Errc reason : event.reasons) writer.text(code(reason));
    writer.end_array();
    write_leaf(writer, event.leaf);
}

void write_event(JsonWriter& writer, const ActEvent& event) {
    writer.member("from", event.from.value()).key("notices").begin_array();
    for (const NoticeRef& notice : event.notices) write_notice_ref(writer, notice);
    writer.end_array();
    if (event.unit) writer.member("unit", event.unit->value());
    write_leaf(writer, event.leaf);
    writer.member("register", event.register_head);
}

void write_event(JsonWriter& writer, const RepliedEvent& event) {
    writer.member("from", event.from.value()).key("asked");
    write_notice_ref(writer, event.asked);
    writer.key("answer");
    write_notice_ref(writer, event.answer);
}

void write_event(JsonWriter& writer, const RegisterEvent& event) {
    if (event.predecessor) writer.member("predecessor", *event.predecessor);
    std::visit(
        Overloaded{
            [&](const CharterAdopted& data) {
                write_charter(writer, data.charter, data.version);
                writer.member("sha256", data.sha256);
            },
            [&](const LogKeyAnnounced& data) { writer.member("verifier_key", data.verifier_key); },
            [&](const KeyEnrolled& data) {
                writer.member("spiffe", data.spiffe)
                    .member("certificate", to_base64(data.certificate));
                if (!data.consent) return;
                writer.key("consent")
                    .begin_object()
                    .member("text", data.consent->text)
                    .member("signature", to_base64(data.consent->signature))
                    .end_object();
            },
            [&](const KeyRevoked& data) {
                writer.member("spiffe", data.spiffe).member("certificate_sha256", data.certificate);
                if (!data.compromised_since) return;
                writer.member("compromised_since", format_utc(*data.compromised_since));
            },
        },
        event.data);
}

void write_event(JsonWriter& writer, const OpaqueEvent& event) {
    writer.member("record", event.record);
}

SignedLeaf leaf_from(ObjectReader& reader) {
    return {reader.digest_hex("sha256"), reader.digest_hex("leaf_hash"),
            reader.digest_hex("statement"), reader.digest_hex("signer")};
}

std::pair<CharterId, CharterVersion> charter_from(ObjectReader& outer) {
    const JsonValue* const value = outer.value("charter");
    if (value == nullptr) return {};
    ObjectReader reader(*value, "charter");
    CharterId id(reader.text("id"));
    const auto version = reader.integer("version", 1, std::numeric_limits<std::uint32_t>::max());
    if (auto fault = reader.finish()) outer.fail(fault->code, fault->place, fault->explanation);
    return {std::move(id), CharterVersion(static_cast<std::uint32_t>(version))};
}

std::vector<EndorsementRef> endorsements_from(ObjectReader& outer) {
    std::vector<EndorsementRef> endorsements;
    if (!outer.has("endorsements")) return endorsements;
    for (const JsonValue& item : outer.array("endorsements")) {
        const std::string place = "endorsements[" + std::to_string(endorsements.size()) + ']';
        ObjectReader reader(item, place);
        EndorsementRef each{reader.text("role"), reader.digest_hex("statement"),
                            reader.digest_hex("signer")};
        if (!parse_identifier(each.role)) reader.fail(Errc::bad_value, "role", "an identifier");
        if (auto fault = reader.finish()) outer.fail(fault->code, fault->place, fault->explanation);
        endorsements.push_back(std::move(each));
    }
    // Without any the member is left out: one entry has one spelling.
    if (endorsements.empty() || endorsements.size() > kMaxEndorsements) {
        outer.fail(Errc::bad_value, "endorsements",
                   "from 1 to " + std::to_string(kMaxEndorsements));
    }
    return endorsements;
}

void read_case(ObjectReader& reader, LoggedEvent& event) {
    if (reader.has("case")) {
        event.case_number = CaseNumber(reader.text("case"));
        if (!parse_case_number(event.case_number->value())) {
            reader.fail(Errc::bad_value, "case", "a case number");
        }
    }
    if (!reader.has("case_opened")) return;
    // Where none was opened the member is left out: one entry has one spelling.
    event.opens_case = reader.boolean("case_opened");
    if (!event.opens_case) reader.fail(Errc::bad_value, "case_opened", "is true or left out");
    if (!event.case_number) reader.fail(Errc::missing_member, "case", "stands with case_opened");
}

std::vector<std::string> late_from(ObjectReader& reader) {
    std::vector<std::string> late;
    if (!reader.has("late")) return late;
    std::optional<std::size_t> last;
    for (const JsonValue& item : reader.array("late")) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        const auto place = text == nullptr ? std::nullopt : send_rule_place(*text);
        if (!place || (last && *place <= *last)) {
            reader.fail(Errc::bad_value, "late", "rules of sending in their order, none twice");
            return late;
        }
        last = place;
        late.emplace_back(*text);
    }
    // Without any the member is left out: one entry has one spelling.
    if (late.empty()) reader.fail(Errc::bad_value, "late", "at least one");
    return late;
}

LoggedEvent logged_from(ObjectReader& reader) {
    LoggedEvent event;
    event.from = unit_from(reader, "from");
    event.to = units_from(reader, "to");
    if (event.to.empty()) reader.fail(Errc::bad_value, "to", "at least one unit");
    event.cc = units_from(reader, "cc");
    event.kind = KindId(reader.text("kind"));
    std::tie(event.charter, event.charter_version) = charter_from(reader);
    read_case(reader, event);
    event.leaf = leaf_from(reader);
    event.register_head = reader.digest_hex("register");
    event.endorsements = endorsements_from(reader);
    event.late = late_from(reader);
    return event;
}

RefusedEvent refused_from(ObjectReader& reader) {
    RefusedEvent event;
    event.from = unit_from(reader, "from");
    if (reader.has("kind")) event.kind = KindId(reader.text("kind"));
    for (const JsonValue& item : reader.array("reasons")) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        const std::optional<Errc> reason = text == nullptr ? std::nullopt : errc_from_code(*text);
        if (!reason) reader.fail(Errc::bad_value, "reasons", "each is a stable code");
        if (!reason) continue;
        if (!event.reasons.empty() && *reason <= event.reasons.back()) {
            reader.fail(Errc::bad_value, "reasons", "in the order of the codes, none twice");
        }
        event.reasons.push_back(*reason);
    }
    if (event.reasons.empty()) reader.fail(Errc::bad_value, "reasons", "at least one");
    event.leaf = leaf_from(reader);
    return event;
}

ActEvent act_from(ObjectReader& reader, ActKind kind) {
    ActEvent event;
    event.act = kind;
    event.from = unit_from(reader, "from");
    const JsonValue::Array& items = reader.array("notices");
    event.notices.reserve(items.size());
    LogIndex highest;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string place = "notices[" + std::to_string(i) + ']';
        const NoticeRef notice = notice_ref_from(reader, items[i], place);
        // They mostly ascend: then none behind the highest is there twice.
        const bool twice =
            notice.index <= highest &&
            std::any_of(event.notices.begin(), event.notices.end(),
                        [&notice](const auto& each) { return each.index == notice.index; });
        highest = std::max(highest, notice.index);
        if (twice) reader.fail(Errc::bad_value, place, "is named twice");
        event.notices.push_back(notice);
    }
    const std::size_t limit = kind == ActKind::delivered ? kMaxNoticesPerAct : 1;
    if (items.empty() || items.size() > limit) {
        reader.fail(Errc::bad_value, "notices", "from 1 to " + std::to_string(limit));
    }
    if (is_senders(kind)) event.unit = unit_from(reader, "unit");
    event.leaf = leaf_from(reader);
    event.register_head = reader.digest_hex("register");
    return event;
}

RepliedEvent replied_from(ObjectReader& reader) {
    RepliedEvent event;
    event.from = unit_from(reader, "from");
    event.asked = notice_ref_from(reader, "asked");
    event.answer = notice_ref_from(reader, "answer");
    return event;
}

std::optional<SignedConsent> consent_from(ObjectReader& outer) {
    if (!outer.has("consent")) return std::nullopt;
    const JsonValue* const value = outer.value("consent");
    if (value == nullptr) return std::nullopt;
    ObjectReader reader(*value, "consent");
    SignedConsent consent{reader.text("text"), reader.base64("signature")};
    if (auto fault = reader.finish()) outer.fail(fault->code, fault->place, fault->explanation);
    return consent;
}

KeyEnrolled enrolled_from(ObjectReader& reader) {
    KeyEnrolled data{reader.text("spiffe"), reader.base64("certificate")};
    data.consent = consent_from(reader);
    return data;
}

KeyRevoked revoked_from(ObjectReader& reader) {
    KeyRevoked data{reader.text("spiffe"), reader.digest_hex("certificate_sha256")};
    if (reader.has("compromised_since")) {
        data.compromised_since = reader.utc_time("compromised_since");
    }
    return data;
}

/// The data of a register event, by its word; none if the word is no register event's.
std::optional<RegisterEvent> register_from(ObjectReader& reader, std::string_view event) {
    RegisterEvent entry;
    if (event == "charter_adopted") {
        const auto [id, version] = charter_from(reader);
        entry.data = CharterAdopted{id, version, reader.digest_hex("sha256")};
    } else if (event == "log_key") {
        entry.data = LogKeyAnnounced{reader.text("verifier_key")};
    } else if (event == "key_enrolled") {
        entry.data = enrolled_from(reader);
    } else if (event == "key_revoked") {
        entry.data = revoked_from(reader);
    } else {
        return std::nullopt;
    }
    if (reader.has("predecessor")) entry.predecessor = reader.digest_hex("predecessor");
    return entry;
}

LogEvent event_from(ObjectReader& reader, std::string_view event) {
    if (event == "logged") return logged_from(reader);
    if (event == "refused") return refused_from(reader);
    if (event == "replied") return replied_from(reader);
    if (event == "escalated" || event == "overdue") return escalated_from(reader, event);
    if (event == "closed") return closed_from(reader);
    if (event == kOpaqueWord) return OpaqueEvent{reader.digest_hex("record")};
    if (const auto act = answered_act_from_event(event)) return answered_act_from(reader, *act);
    if (const auto kind = act_kind_from_word(event)) return act_from(reader, *kind);
    if (auto entry = register_from(reader, event)) return *std::move(entry);
    reader.fail(Errc::bad_value, "event", "not an event of this version");
    return {};
}

}  // namespace

std::string_view event_word(const LogEvent& event) noexcept {
    return std::visit(
        Overloaded{
            [](const LoggedEvent&) { return std::string_view("logged"); },
            [](const RefusedEvent&) { return std::string_view("refused"); },
            [](const ActEvent& act) { return word(act.act); },
            [](const RepliedEvent&) { return std::string_view("replied"); },
            [](const RegisterEvent& entry) { return kRegisterWords[entry.data.index()]; },
            [](const EscalatedEvent& step) { return event_word(step); },
            [](const ClosedEvent&) { return std::string_view("closed"); },
            [](const AnsweredActEvent& act) { return event_word(act.act); },
            [](const OpaqueEvent&) { return kOpaqueWord; },
        },
        event);
}

bool is_event_word(std::string_view text) noexcept {
    const auto among = [text](const auto& words) {
        return std::find(words.begin(), words.end(), text) != words.end();
    };
    return among(kOtherWords) || among(kRegisterWords) || answered_act_from_event(text) ||
           act_kind_from_word(text);
}

std::string write_log_entry(const LogEntry& entry) {
    JsonWriter writer(kUsualEntryBytes);
    writer.begin_object()
        .member("format", kLogEntryFormat)
        .member("event", event_word(entry.event))
        .member("time", format_utc(entry.time))
        .member("salt", to_base64(entry.salt));
    std::visit([&writer](const auto& event) { write_event(writer, event); }, entry.event);
    writer.end_object();
    return writer.take();
}

Checked<LogEntry> read_log_entry(BytesView text) {
    const Checked<JsonDocument> value = read_json(text, kMaxLogEntryBytes);
    if (!value) return value.error();
    ObjectReader reader(*value, "");
    reader.literal("format", kLogEntryFormat, Errc::unknown_format);
    LogEntry entry;
    const std::string event = reader.text("event");
    entry.time = reader.utc_time("time");
    const Bytes salt = reader.base64("salt", entry.salt.size());
    std::copy(salt.begin(), salt.end(), entry.salt.begin());
    entry.event = event_from(reader, event);
    if (auto fault = reader.finish()) return *std::move(fault);
    return entry;
}

}  // namespace tongbao::protocol
