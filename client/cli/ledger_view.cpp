#include "client/cli/ledger_view.hpp"

#include "client/cli/csv.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

std::string_view role_words(std::string_view role) {
    if (role == "keeper") return "it judges what is written";
    if (role == "follower") return "it holds what this unit sent and received";
    return "";
}

void print_line_if(std::ostream& out, std::string_view label, const std::string& value,
                   std::string_view words) {
    if (value.empty() || value == "0") return;
    out << label << printable(value) << "  " << words << '\n';
}

std::string position_text(const JsonView& position) {
    const std::string batch = position.integer_text("batch");
    return (batch.empty() ? "no delivery yet" : "delivery " + batch) + ", sent item " +
           position.integer_text("settled");
}

/// At whom it happened, else who sent the notice.
std::string refused_of(const JsonView& refused) {
    const std::string unit = refused.text("unit");
    return unit.empty() ? refused.text("sender") : unit;
}

/// The index of the notice that settled it; empty while none has.
std::string settled_by(const JsonView& refused) {
    return JsonView(JsonView(refused.member("settled")).member("by")).integer_text("index");
}

}  // namespace

std::int64_t open_refusals(const JsonView& counts) {
    return counts.integer("refused").value_or(0) - counts.integer("settled").value_or(0);
}

void print_ledger(std::ostream& out, const JsonView& ledger, const CaseWords& words) {
    const JsonView positions(ledger.member("positions"));
    const JsonView counts(ledger.member("counts"));
    const std::string role = ledger.text("role");
    out << "role         " << printable(role) << "  " << role_words(role) << '\n'
        << "state        " << printable(ledger.text("state")) << '\n';
    print_line_if(out, "FAULT        ", ledger.text("fault"), "");
    print_line_if(out, "DAMAGED      ", ledger.text("damaged"),
                  "in the daemon's database: the ledger stands still in front of it");
    out << "came to      " << position_text(positions) << '\n';
    if (ledger.has("progress")) {
        out << "made anew to " << position_text(JsonView(ledger.member("progress"))) << '\n';
    }
    out << "holds        " << counts.integer_text("cases") << " cases, "
        << counts.integer_text("events") << " events of " << counts.integer_text("notices")
        << " notices\n";
    print_line_if(out, "waiting      ", counts.integer_text("waiting"),
                  "acts and answers, for a notice that is not here yet");
    print_line_if(out, "skipped      ", counts.integer_text("skipped"),
                  "notices of a kind that the charter does not know");
    out << "refused      " << open_refusals(counts) << '\n';
    print_line_if(out, "settled      ", counts.integer_text("settled"),
                  "refused before, and corrected or withdrawn since");
    const protocol::JsonValue::Array& all = ledger.array("refused");
    const bool settled = std::any_of(all.begin(), all.end(), [](const protocol::JsonValue& each) {
        return JsonView(each).has("settled");
    });
    std::vector<std::string> headings{"case", "entry",  "time", "on",    "of",
                                      "kind", "notice", "code", "place", "explanation"};
    if (settled) headings.insert(headings.begin(), "settled by");
    TextTable table(headings);
    for (const protocol::JsonValue& item : all) {
        const JsonView refused(item);
        for (const protocol::JsonValue& why : refused.array("reasons")) {
            const JsonView reason(why);
            std::vector<std::string> cells{refused.text("case"),
                                           refused.integer_text("entry"),
                                           words.day_and_time(refused.text("at")),
                                           refused.text("on"),
                                           refused_of(refused),
                                           refused.text("kind"),
                                           JsonView(refused.member("notice")).integer_text("index"),
                                           reason.text("code"),
                                           reason.text("place"),
                                           reason.text("explanation")};
            if (settled) cells.insert(cells.begin(), settled_by(refused));
            table.add(std::move(cells));
        }
    }
    if (table.empty()) return;
    out << "\nrefused, and written in no part\n";
    table.print(out, "  ");
}

void print_refused_csv(std::ostream& out, const JsonView& ledger, const CaseWords& words) {
    print_csv(out, {"case", "entry", "at", "day", "time", "zone", "on", "unit", "sender", "kind",
                    "kind_words", "notice", "notice_sha256", "code", "place", "explanation",
                    "settled_by", "settled_at"});
    for (const protocol::JsonValue& item : ledger.array("refused")) {
        const JsonView refused(item);
        const JsonView notice(refused.member("notice"));
        const std::string at = refused.text("at");
        for (const protocol::JsonValue& why : refused.array("reasons")) {
            const JsonView reason(why);
            print_csv(out, {refused.text("case"), refused.integer_text("entry"), at, words.day(at),
                            words.time(at), std::string(words.zone_name()), refused.text("on"),
                            refused.text("unit"), refused.text("sender"), refused.text("kind"),
                            words.kind(refused.text("kind")), notice.integer_text("index"),
                            notice.text("sha256"), reason.text("code"), reason.text("place"),
                            reason.text("explanation"), settled_by(refused),
                            JsonView(refused.member("settled")).text("at")});
        }
    }
}

}  // namespace tongbao::client
