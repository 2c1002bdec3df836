#include "client/cli/case_entry.hpp"

#include "domain/money.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

using protocol::JsonValue;

void add_entries(std::vector<CaseEntry>& entries, CaseEntry::What what, const JsonView& file,
                 std::string_view member) {
    for (const JsonValue& item : file.array(member)) entries.emplace_back(what, item);
}

void add_track(std::vector<CaseEntry>& entries, const JsonView& track) {
    for (const JsonValue& item : track.array("history")) {
        entries.emplace_back(CaseEntry::What::state, item, track);
    }
    for (const JsonValue& item : track.array("decisions")) {
        entries.emplace_back(CaseEntry::What::decision, item, track);
    }
}

void sort_by_entry(std::vector<CaseEntry>& entries) {
    std::stable_sort(entries.begin(), entries.end(), [](const CaseEntry& a, const CaseEntry& b) {
        return a.log_entry() < b.log_entry();
    });
}

/// A scalar as the charter's field `rule` means it; empty for what is none.
std::string scalar_text(const JsonValue& value, const FieldRule* rule, FieldView& fields) {
    if (const auto* const text = std::get_if<std::string_view>(&value.value)) {
        return fields.text(rule, Scalar(std::string(*text)));
    }
    if (const auto* const number = std::get_if<std::int64_t>(&value.value)) {
        return fields.text(rule, Scalar(*number));
    }
    const auto* const flag = std::get_if<bool>(&value.value);
    return flag == nullptr ? "" : fields.text(rule, Scalar(*flag));
}

}  // namespace

std::string_view CaseEntry::word() const {
    constexpr std::array<std::string_view, 7> kWords{"fact",  "flag", "state",   "decision",
                                                     "money", "link", "reversal"};
    return kWords[static_cast<std::size_t>(what_)];
}

std::string CaseEntry::name() const {
    switch (what_) {
        case What::fact:
            return value_.text("attribute");
        case What::flag:
            return value_.text("flag");
        case What::state:
            return value_.text("state");
        case What::decision:
        case What::money:
            return value_.text("kind");
        case What::link:
            return value_.text("role");
        case What::reversal:
            return "";
    }
    return "";
}

std::string CaseEntry::track() const {
    return track_.empty() ? value_.text("track") : track_;
}

std::int64_t CaseEntry::log_entry() const {
    return said_by().integer("entry").value_or(-1);
}

std::string CaseEntry::by() const {
    const std::string unit = said_by().text("unit");
    return unit.empty() ? said_by().text("sender") : unit;
}

std::string CaseEntry::notice() const {
    return JsonView(said_by().member("notice")).integer_text("index");
}

std::string CaseEntry::taken_back_by() const {
    return JsonView(value_.member("reversed_by")).integer_text("index");
}

std::string CaseEntry::fact_text(CaseWords& words) const {
    const JsonValue& value = value_.member("value");
    if (std::holds_alternative<JsonValue::Object>(value.value)) {
        return "in the attachment " + JsonView(value).text("detached");
    }
    if (std::holds_alternative<JsonValue::Array>(value.value)) {
        protocol::JsonWriter writer;
        write_json(writer, value);
        return writer.take();
    }
    const FieldRule* const rule =
        words.fact_field(said_by().text("kind"), value_.text("attribute"));
    return scalar_text(value, rule, words.fields());
}

std::string CaseEntry::decision_text(CaseWords& words) const {
    const std::string kind = said_by().text("kind");
    std::string text;
    for (const std::string_view attribute : {"kind", "outcome", "doc_no", "date", "measures"}) {
        const std::string part = scalar_text(value_.member(attribute),
                                             words.decision_field(kind, attribute), words.fields());
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

std::string CaseEntry::text(CaseWords& words) const {
    switch (what_) {
        case What::fact:
            return fact_text(words);
        case What::flag:
            return value_.text("flag");
        case What::state:
            return words.track_state(value_.text("state"));
        case What::decision:
            return decision_text(words);
        case What::money: {
            const std::optional<std::int64_t> fen = value_.integer("fen");
            return fen ? format_yuan(Fen(*fen)) : "";
        }
        case What::link: {
            const std::string reason = value_.text("closing_reason");
            return value_.text("role") + (reason.empty() ? "" : ": " + reason);
        }
        case What::reversal:
            return "takes back " + JsonView(value_.member("target")).integer_text("index");
    }
    return "";
}

std::vector<CaseEntry> entries_of_track(const JsonView& track) {
    std::vector<CaseEntry> entries;
    add_track(entries, track);
    sort_by_entry(entries);
    return entries;
}

std::vector<CaseEntry> entries_of(const JsonView& file) {
    std::vector<CaseEntry> entries;
    add_entries(entries, CaseEntry::What::link, file, "links");
    add_entries(entries, CaseEntry::What::fact, file, "facts");
    add_entries(entries, CaseEntry::What::flag, file, "raised");
    for (const JsonValue& track : file.array("tracks")) add_track(entries, JsonView(track));
    add_entries(entries, CaseEntry::What::decision, file, "decisions");
    add_entries(entries, CaseEntry::What::money, file, "money");
    add_entries(entries, CaseEntry::What::reversal, file, "reversals");
    sort_by_entry(entries);
    return entries;
}

}  // namespace tongbao::client
