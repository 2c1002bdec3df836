#include "client/cli/case_file_view.hpp"

#include "client/cli/case_entry.hpp"
#include "client/cli/case_list_view.hpp"
#include "client/cli/csv.hpp"
#include "client/cli/rows_view.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/notice_json.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using protocol::JsonValue;

constexpr std::string_view kEntryIndent = "    ";

void print_head_line(std::ostream& out, std::string_view label, const std::string& value) {
    constexpr std::size_t kLabels = 13;
    if (value.empty()) return;
    out << label << std::string(kLabels - label.size(), ' ') << printable(value) << '\n';
}

std::string flags_text(const JsonView& flags) {
    std::string text = flags.boolean("major") ? "major" : "";
    if (!flags.has("supervised")) return text;
    const JsonView supervised(flags.member("supervised"));
    const std::string due = supervised.text("due");
    const std::string resolution = supervised.text("resolution_no");
    text += text.empty() ? "supervised" : ", supervised";
    if (!due.empty()) text += " until " + due;
    if (!resolution.empty()) text += " by resolution " + resolution;
    return text;
}

/// What the daemon has against the case; a code that this program does not know stands as it is.
std::string warning_text(std::string_view code) {
    if (code == "recovered_too_much") return "more was recovered than was ordered to be returned";
    return std::string(code);
}

void print_head(std::ostream& out, const JsonView& file, const CaseWords& words) {
    print_head_line(out, "case", file.text("case"));
    print_head_line(out, "title", file.text("title"));
    print_head_line(out, "state", words.case_state(file.text("state")));
    const std::string opened = words.day_and_time(file.text("opened_at"));
    if (!opened.empty()) {
        print_head_line(out, "opened", opened + " by " + words.unit(file.text("opened_by")));
    }
    print_head_line(out, "found at", file.text("found_at"));
    print_head_line(out, "flags", flags_text(JsonView(file.member("flags"))));
    print_head_line(out, "last change", words.day_and_time(file.text("updated_at")));
    print_head_line(out, "charter", file.text("charter"));
    for (const JsonValue& item : file.array("warnings")) {
        const auto* const code = std::get_if<std::string_view>(&item.value);
        if (code != nullptr) print_head_line(out, "WARNING", warning_text(*code));
    }
}

/// The columns that every kind of entry has behind what it says.
void add_entry(TextTable& table, const CaseEntry& entry, const CaseWords& words,
               std::vector<std::string> cells) {
    cells.insert(cells.begin(), words.day_and_time(entry.at()));
    cells.insert(cells.end(), {entry.by(), entry.notice(), entry.taken_back_by()});
    table.add(std::move(cells));
}

TextTable entry_table(std::vector<std::string> headings) {
    headings.insert(headings.begin(), "time");
    headings.insert(headings.end(), {"by", "notice", "taken back by"});
    return TextTable(std::move(headings));
}

void print_table_fact(std::ostream& out, const CaseEntry& entry, CaseWords& words) {
    const std::string attribute = entry.value().text("attribute");
    const FieldRule* const rule = words.fact_field(entry.said_by().text("kind"), attribute);
    const std::string back = entry.taken_back_by();
    out << '\n'
        << printable(attribute) << "  " << words.day_and_time(entry.at()) << " by "
        << printable(entry.by()) << ", notice " << entry.notice()
        << (back.empty() ? "" : ", taken back by " + back) << '\n';
    const Checked<FieldValue> value =
        protocol::field_value_from(entry.value().member("value"), attribute);
    const Table* const rows = value ? std::get_if<Table>(&*value) : nullptr;
    if (rows == nullptr) {
        out << kEntryIndent << printable(entry.text(words)) << '\n';
        return;
    }
    print_rows(out, *rows, words.fields().table_of(rule), words.fields(), kEntryIndent);
}

void print_facts(std::ostream& out, const JsonView& file, CaseWords& words) {
    TextTable table = entry_table({"what", "says"});
    for (const JsonValue& item : file.array("facts")) {
        const CaseEntry entry(CaseEntry::What::fact, item);
        const JsonValue& value = entry.value().member("value");
        if (std::holds_alternative<JsonValue::Array>(value.value)) {
            print_table_fact(out, entry, words);
        } else {
            add_entry(table, entry, words, {entry.value().text("attribute"), entry.text(words)});
        }
    }
    for (const JsonValue& item : file.array("raised")) {
        const CaseEntry entry(CaseEntry::What::flag, item);
        add_entry(table, entry, words, {"flag", entry.text(words)});
    }
    if (table.empty()) return;
    out << "\nfacts\n";
    table.print(out, "  ");
}

/// What a track is now: `investigating 查办中 / under investigation since …, holds the case open`.
std::string track_now(const JsonView& track, const CaseWords& words) {
    const std::string state = track.text("state");
    if (state.empty()) {
        return track.array("history").empty() ? "only a decision is known"
                                              : "every step was taken back";
    }
    const std::string since = words.day_and_time(track.text("since"));
    std::string text = words.track_state(state) + (since.empty() ? "" : " since " + since);
    if (track.boolean("open")) text += ", holds the case open";
    return text;
}

void print_track(std::ostream& out, const JsonView& track, CaseWords& words) {
    out << "  " << printable(words.track(track.text("id"))) << '\n'
        << "  " << printable(track_now(track, words)) << '\n';
    TextTable table = entry_table({"what", "says", "on"});
    for (const CaseEntry& entry : entries_of_track(track)) {
        add_entry(table, entry, words,
                  {std::string(entry.word()), entry.text(words), entry.said_by().text("on")});
    }
    table.print(out, kEntryIndent);
}

/// Unit by unit, in the order in which their first tracks moved.
void print_tracks(std::ostream& out, const JsonView& file, CaseWords& words) {
    std::vector<std::string> units;
    for (const JsonValue& item : file.array("tracks")) {
        const std::string unit = JsonView(item).text("unit");
        if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
    }
    for (const std::string& unit : units) {
        out << '\n' << printable(words.unit(unit)) << '\n';
        for (const JsonValue& item : file.array("tracks")) {
            const JsonView track(item);
            if (track.text("unit") == unit) print_track(out, track, words);
        }
    }
}

void print_case_decisions(std::ostream& out, const JsonView& file, CaseWords& words) {
    TextTable table = entry_table({"says"});
    for (const JsonValue& item : file.array("decisions")) {
        const CaseEntry entry(CaseEntry::What::decision, item);
        add_entry(table, entry, words, {entry.text(words)});
    }
    if (table.empty()) return;
    out << "\ndecisions of the case as a whole\n";
    table.print(out, "  ");
}

void print_money(std::ostream& out, const JsonView& file, CaseWords& words) {
    if (file.array("money").empty()) return;
    TextTable table = entry_table({"money", "yuan", "counts", "track", "doc no", "period"});
    for (const JsonValue& item : file.array("money")) {
        const CaseEntry entry(CaseEntry::What::money, item);
        const JsonView& value = entry.value();
        add_entry(table, entry, words,
                  {words.money(value.text("kind")), entry.text(words),
                   value.boolean("counts") ? "yes" : "no", value.text("track"),
                   value.text("doc_no"), value.text("period")});
    }
    out << "\nmoney\n";
    table.print(out, "  ");
    TextTable totals({"in total", "yuan"});
    for (const auto& [kind, fen] : amounts_of(JsonView(file.member("totals")), words.charter())) {
        totals.add({words.money(kind), format_yuan(fen)});
    }
    if (totals.empty()) return;
    out << '\n';
    totals.print(out, "  ");
}

/// Links of a notice and what it takes back, in the log's order: the case, notice by notice.
void print_notices(std::ostream& out, const JsonView& file, CaseWords& words) {
    TextTable table = entry_table({"what", "kind"});
    for (const CaseEntry& entry : entries_of(file)) {
        if (entry.what() != CaseEntry::What::link && entry.what() != CaseEntry::What::reversal) {
            continue;
        }
        add_entry(table, entry, words,
                  {entry.text(words), words.kind(entry.said_by().text("kind"))});
    }
    if (table.empty()) return;
    out << "\nnotices\n";
    table.print(out, "  ");
}

}  // namespace

void print_case_file(std::ostream& out, const JsonView& file, CaseWords& words) {
    print_head(out, file, words);
    print_tracks(out, file, words);
    print_case_decisions(out, file, words);
    print_money(out, file, words);
    print_facts(out, file, words);
    print_notices(out, file, words);
}

void print_case_file_csv(std::ostream& out, const JsonView& file, CaseWords& words) {
    print_csv(out, {"case",          "entry",  "at",         "day",    "time",         "zone",
                    "what",          "name",   "says",       "track",  "track_unit",   "doc_no",
                    "date",          "period", "counts",     "by",     "on",           "notice",
                    "notice_sha256", "kind",   "kind_words", "sender", "taken_back_by"});
    for (const CaseEntry& entry : entries_of(file)) {
        const JsonView& value = entry.value();
        const JsonView said_by = entry.said_by();
        const std::string kind = said_by.text("kind");
        const bool money = entry.what() == CaseEntry::What::money;
        print_csv(out, {file.text("case"),
                        said_by.integer_text("entry"),
                        entry.at(),
                        words.day(entry.at()),
                        words.time(entry.at()),
                        std::string(words.zone_name()),
                        std::string(entry.word()),
                        entry.name(),
                        entry.text(words),
                        entry.track(),
                        entry.track_unit(),
                        value.text("doc_no"),
                        value.text("date"),
                        value.text("period"),
                        !money                    ? ""
                        : value.boolean("counts") ? "yes"
                                                  : "no",
                        entry.by(),
                        said_by.text("on"),
                        entry.notice(),
                        JsonView(said_by.member("notice")).text("sha256"),
                        kind,
                        words.kind(kind),
                        said_by.text("sender"),
                        entry.taken_back_by()});
    }
}

}  // namespace tongbao::client
