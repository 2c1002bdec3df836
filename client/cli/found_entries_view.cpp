#include "client/cli/found_entries_view.hpp"

#include "client/cli/audit_view.hpp"
#include "client/cli/csv.hpp"
#include "client/cli/table.hpp"
#include "domain/clock_words.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>
#include <variant>

namespace tongbao::client {
namespace {

constexpr std::array<std::string_view, 5> kCountColumns{"event", "unit", "kind", "case", "reason"};

const std::vector<std::string>& found_headings() {
    static const std::vector<std::string> kHeadings{"index", "time", "event",   "unit", "to",
                                                    "kind",  "case", "notices", "says"};
    return kHeadings;
}

std::string with_commas(const std::vector<std::string>& items) {
    std::string line;
    for (const std::string& item : items) line += (line.empty() ? "" : ",") + item;
    return line;
}

std::vector<std::string> reasons_in(const LogEvent& event) {
    std::vector<std::string> reasons;
    const auto* const refused = std::get_if<RefusedEvent>(&event);
    if (refused == nullptr) return reasons;
    for (const Errc reason : refused->reasons) reasons.emplace_back(code(reason));
    return reasons;
}

std::string doer_in(const LogEvent& event) {
    const UnitId* const doer = doer_of(event);
    return doer != nullptr ? doer->value() : "";
}

std::string recipients_in(const LogEvent& event) {
    std::vector<std::string> units;
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) {
        for (const UnitId& unit : logged->to) units.push_back(unit.value());
        for (const UnitId& unit : logged->cc) units.push_back("cc:" + unit.value());
    }
    return with_commas(units);
}

/// What else the entry says, for a person.
std::string rest_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) {
        return logged->late.empty() ? "" : "late: " + with_commas(logged->late);
    }
    if (const auto* const step = std::get_if<EscalatedEvent>(&event)) {
        return std::string(word(step->deed)) + ", due " + format_utc(step->due);
    }
    if (const auto* const entry = std::get_if<RegisterEvent>(&event)) {
        return register_subject(*entry);
    }
    return with_commas(reasons_in(event));
}

std::vector<std::string> found_cells(const FoundEntry& found) {
    const LogEvent& event = found.entry.event;
    std::vector<std::string> notices;
    if (!std::holds_alternative<LoggedEvent>(event)) {
        for (const LogIndex notice : notices_of(found.index, event)) {
            notices.push_back(std::to_string(notice.value()));
        }
    }
    return {std::to_string(found.index.value()),
            format_utc(found.entry.time),
            std::string(protocol::event_word(event)),
            doer_in(event),
            recipients_in(event),
            found.kind ? found.kind->value() : "",
            found.case_number ? found.case_number->value() : "",
            with_commas(notices),
            rest_of(event)};
}

/// Leaves out what is empty.
template <typename Items, typename Write>
void write_array(protocol::JsonWriter& writer, std::string_view name, const Items& items,
                 Write write) {
    if (items.empty()) return;
    writer.key(name).begin_array();
    for (const auto& item : items) write(writer, item);
    writer.end_array();
}

void write_item(protocol::JsonWriter& writer, const std::string& text) {
    writer.text(text);
}

void write_unit_item(protocol::JsonWriter& writer, const UnitId& unit) {
    writer.text(unit.value());
}

void write_found(protocol::JsonWriter& writer, const FoundEntry& found) {
    const LogEvent& event = found.entry.event;
    writer.begin_object().key("index").number(found.index.value());
    writer.member("time", format_utc(found.entry.time))
        .member("event", protocol::event_word(event));
    const std::string unit = doer_in(event);
    if (!unit.empty()) writer.member("unit", unit);
    const auto* const logged = std::get_if<LoggedEvent>(&event);
    if (logged != nullptr) {
        write_array(writer, "to", logged->to, write_unit_item);
        write_array(writer, "cc", logged->cc, write_unit_item);
    }
    if (found.kind) writer.member("kind", found.kind->value());
    if (found.case_number) writer.member("case", found.case_number->value());
    if (logged != nullptr) {
        write_array(writer, "late", logged->late, write_item);
    } else {
        write_array(writer, "notices", notices_of(found.index, event),
                    [](protocol::JsonWriter& to, LogIndex notice) { to.number(notice.value()); });
    }
    write_array(writer, "reasons", reasons_in(event), write_item);
    if (const auto* const step = std::get_if<EscalatedEvent>(&event)) {
        writer.member("deed", word(step->deed)).member("due", format_utc(step->due));
    }
    if (const auto* const entry = std::get_if<RegisterEvent>(&event)) {
        const std::string subject = register_subject(*entry);
        if (!subject.empty()) writer.member("subject", subject);
    }
    writer.end_object();
}

/// The value of a column of kCountColumns.
std::string count_value(const FoundEntry& found, std::string_view column,
                        const std::string& reason) {
    if (column == "event") return std::string(protocol::event_word(found.entry.event));
    if (column == "unit") return doer_in(found.entry.event);
    if (column == "kind") return found.kind ? found.kind->value() : "";
    if (column == "case") return found.case_number ? found.case_number->value() : "";
    return reason;
}

}  // namespace

bool is_count_column(std::string_view name) {
    return std::find(kCountColumns.begin(), kCountColumns.end(), name) != kCountColumns.end();
}

EntryCounts::EntryCounts(std::vector<std::string> columns) : columns_(std::move(columns)) {}

void EntryCounts::add(const FoundEntry& found) {
    const bool by_reason = std::find(columns_.begin(), columns_.end(), "reason") != columns_.end();
    std::vector<std::string> reasons;
    if (by_reason) reasons = reasons_in(found.entry.event);
    if (reasons.empty()) reasons.emplace_back();
    for (const std::string& reason : reasons) {
        std::vector<std::string> values;
        for (const std::string& column : columns_) {
            values.push_back(count_value(found, column, reason));
        }
        ++counts_[std::move(values)];
    }
}

std::vector<EntryCounts::Row> EntryCounts::rows() const {
    std::vector<Row> rows(counts_.begin(), counts_.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& left, const Row& right) { return left.second > right.second; });
    return rows;
}

std::vector<std::vector<std::string>> EntryCounts::lines() const {
    std::vector<std::vector<std::string>> lines{columns_};
    lines.front().emplace_back("entries");
    for (const auto& [values, count] : rows()) {
        lines.push_back(values);
        lines.back().push_back(std::to_string(count));
    }
    return lines;
}

void EntryCounts::print(std::ostream& out) const {
    const std::vector<std::vector<std::string>> all = lines();
    TextTable table(all.front());
    for (std::size_t line = 1; line < all.size(); ++line) table.add(all[line]);
    table.print(out);
}

void EntryCounts::print_as_csv(std::ostream& out) const {
    for (const std::vector<std::string>& line : lines()) print_csv(out, line);
}

std::string EntryCounts::json(const Checkpoint& head) const {
    protocol::JsonWriter writer;
    writer.begin_object().key("size").number(head.size.value());
    writer.key("counts").begin_array();
    for (const auto& [values, count] : rows()) {
        writer.begin_object();
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            writer.member(columns_[at], values[at]);
        }
        writer.key("entries").number(count).end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

void print_found(std::ostream& out, const std::vector<FoundEntry>& found) {
    TextTable table(found_headings());
    for (const FoundEntry& each : found) table.add(found_cells(each));
    table.print(out);
}

void print_found_csv(std::ostream& out, const std::vector<FoundEntry>& found) {
    print_csv(out, found_headings());
    for (const FoundEntry& each : found) print_csv(out, found_cells(each));
}

std::string found_json(const std::vector<FoundEntry>& found, std::uint64_t count,
                       const Checkpoint& head) {
    protocol::JsonWriter writer;
    writer.begin_object().key("size").number(head.size.value());
    writer.key("count").number(count).key("entries").begin_array();
    for (const FoundEntry& each : found) write_found(writer, each);
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
