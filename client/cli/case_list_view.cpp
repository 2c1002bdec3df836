#include "client/cli/case_list_view.hpp"

#include "client/cli/csv.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <ostream>
#include <set>

namespace tongbao::client {
namespace {

std::string tracks_text(const JsonView& row) {
    std::string text;
    for (const protocol::JsonValue& item : row.array("tracks")) {
        const JsonView track(item);
        const std::string state = track.text("state");
        text += (text.empty() ? "" : ", ") + track.text("id") + (state.empty() ? "" : ": " + state);
    }
    return text;
}

std::string money_text(const JsonView& row, const Charter& charter) {
    std::string text;
    for (const auto& [kind, fen] : amounts_of(JsonView(row.member("money")), charter)) {
        text += (text.empty() ? "" : ", ") + kind + ' ' + format_yuan(fen);
    }
    return text;
}

/// The charter's names in its order, then what else stands in the cases.
class Columns {
public:
    void known(const std::string& name) { add(name, known_); }
    void found(const std::string& name) { add(name, found_); }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all = known_;
        all.insert(all.end(), found_.begin(), found_.end());
        return all;
    }

private:
    void add(const std::string& name, std::vector<std::string>& list) {
        if (seen_.insert(name).second) list.push_back(name);
    }

    std::vector<std::string> known_;
    std::vector<std::string> found_;
    std::set<std::string> seen_;
};

/// The columns of a CSV that are there once for each track, and for each kind of money.
struct CaseColumns {
    std::vector<std::string> tracks;
    std::vector<std::string> money;
};

CaseColumns columns_of_cases(const CaseRows& cases, const Charter& charter) {
    Columns tracks;
    Columns money;
    for (const LedgerTrack& each : charter.parts().ledger.tracks) tracks.known(each.id);
    for (const LedgerMoney& each : charter.parts().ledger.money) money.known(each.kind);
    for (const protocol::JsonValue* const each : cases) {
        const JsonView row(*each);
        for (const protocol::JsonValue& item : row.array("tracks")) {
            tracks.found(JsonView(item).text("id"));
        }
        for (const std::string& kind : JsonView(row.member("money")).names()) money.found(kind);
    }
    return {tracks.names(), money.names()};
}

std::string state_of_track(const JsonView& row, const std::string& id) {
    for (const protocol::JsonValue& item : row.array("tracks")) {
        const JsonView track(item);
        if (track.text("id") == id) return track.text("state");
    }
    return "";
}

std::string open_tracks(const JsonView& row) {
    std::string text;
    for (const protocol::JsonValue& item : row.array("tracks")) {
        const JsonView track(item);
        if (track.boolean("open")) text += (text.empty() ? "" : ", ") + track.text("id");
    }
    return text;
}

}  // namespace

std::vector<std::pair<std::string, Fen>> amounts_of(const JsonView& money, const Charter& charter) {
    std::vector<std::pair<std::string, Fen>> amounts;
    std::vector<std::string> names = money.names();
    const auto take = [&](const std::string& kind) {
        const std::optional<std::int64_t> fen = money.integer(kind);
        if (fen) amounts.emplace_back(kind, Fen(*fen));
    };
    for (const LedgerMoney& each : charter.parts().ledger.money) {
        take(each.kind);
        names.erase(std::remove(names.begin(), names.end(), each.kind), names.end());
    }
    for (const std::string& kind : names) take(kind);
    return amounts;
}

void print_case_table(std::ostream& out, const CaseRows& cases, const CaseWords& words) {
    const bool repeats = std::any_of(cases.begin(), cases.end(), [](const auto* each) {
        return JsonView(*each).has("subjects");
    });
    std::vector<std::string> headings{"case",  "state",  "opened", "by",
                                      "title", "tracks", "money",  "flags"};
    if (repeats) headings.emplace_back("in other cases too");
    TextTable table(headings);
    for (const protocol::JsonValue* const each : cases) {
        const JsonView row(*each);
        table.add({row.text("case"), row.text("state"), words.day(row.text("opened_at")),
                   row.text("opened_by"), shortened(row.text("title")), tracks_text(row),
                   money_text(row, words.charter()), row.texts("flags"),
                   repeats ? row.texts("subjects") : ""});
    }
    table.print(out);
}

void print_case_csv(std::ostream& out, const CaseRows& cases, const CaseWords& words) {
    const CaseColumns columns = columns_of_cases(cases, words.charter());
    std::vector<std::string> names{"case",       "state",       "state_words", "opened_at",
                                   "opened_day", "opened_time", "zone",        "opened_by",
                                   "title",      "flags",       "open_tracks"};
    for (const std::string& track : columns.tracks) names.push_back("track_" + track);
    for (const std::string& kind : columns.money) names.push_back(kind + "_yuan");
    names.insert(names.end(), {"subjects", "updated_at"});
    print_csv(out, names);
    for (const protocol::JsonValue* const each : cases) {
        const JsonView row(*each);
        const JsonView money(row.member("money"));
        const std::string opened = row.text("opened_at");
        std::vector<std::string> cells{row.text("case"),
                                       row.text("state"),
                                       words.case_state(row.text("state")),
                                       opened,
                                       words.day(opened),
                                       words.time(opened),
                                       std::string(words.zone_name()),
                                       row.text("opened_by"),
                                       row.text("title"),
                                       row.texts("flags"),
                                       open_tracks(row)};
        for (const std::string& track : columns.tracks) {
            cells.push_back(state_of_track(row, track));
        }
        for (const std::string& kind : columns.money) {
            const std::optional<std::int64_t> fen = money.integer(kind);
            cells.push_back(fen ? format_yuan(Fen(*fen)) : "");
        }
        cells.push_back(row.texts("subjects"));
        cells.push_back(row.text("updated_at"));
        print_csv(out, cells);
    }
}

std::string case_list_json(const CaseRows& cases) {
    protocol::JsonWriter writer;
    writer.begin_object().key("cases").begin_array();
    for (const protocol::JsonValue* const each : cases) write_json(writer, *each);
    return writer.end_array().end_object().take();
}

}  // namespace tongbao::client
