#include "client/cli/search_view.hpp"

#include "client/cli/csv.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/table.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <ostream>

namespace tongbao::client {
namespace {

constexpr std::size_t kShownMatches = 3;

/// How the unit holds a notice, and the member that has the time of that.
struct FoundBox {
    const char* name;
    const char* time;
};

constexpr FoundBox kBoxes[] = {
    {"inbox", "received_at"}, {"sent", "sent_at"}, {"kept", "logged_at"}};

FoundBox box_of(const JsonView& notice) {
    for (const FoundBox& box : kBoxes) {
        if (notice.has(box.time)) return box;
    }
    return {"", ""};
}

std::string matches_of(const JsonView& notice) {
    const protocol::JsonValue::Array& where = notice.array("where");
    std::string text;
    for (std::size_t i = 0; i < std::min(where.size(), kShownMatches); ++i) {
        const JsonView match(where[i]);
        text += (i == 0 ? "" : "; ") + match.text("field") + ": " + match.text("value");
    }
    if (where.size() > kShownMatches) {
        text += "; and " + std::to_string(where.size() - kShownMatches) + " more";
    }
    return text;
}

}  // namespace

void print_found_notices(std::ostream& out, const FoundNotices& found) {
    TextTable table({"index", "at", "box", "from", "kind", "title", "case", "matched"});
    for (const protocol::JsonValue* const each : found) {
        const JsonView notice(*each);
        const FoundBox box = box_of(notice);
        table.add({notice.integer_text("index"), notice.text(box.time), box.name,
                   notice.text("from"), notice.text("kind"), notice.text("title"),
                   notice.text("case"), matches_of(notice)});
    }
    table.print(out);
}

void print_found_notices_csv(std::ostream& out, const FoundNotices& found) {
    print_csv(out, {"index", "id", "received_at", "sent_at", "logged_at", "from", "kind", "title",
                    "case", "field", "value", "masked"});
    for (const protocol::JsonValue* const each : found) {
        const JsonView notice(*each);
        for (const protocol::JsonValue& item : notice.array("where")) {
            const JsonView match(item);
            print_csv(out, {notice.integer_text("index"), notice.text("id"),
                            notice.text("received_at"), notice.text("sent_at"),
                            notice.text("logged_at"), notice.text("from"), notice.text("kind"),
                            notice.text("title"), notice.text("case"), match.text("field"),
                            match.text("value"), match.boolean("masked") ? "yes" : "no"});
        }
    }
}

std::string found_notices_json(const FoundNotices& found, const std::string& next,
                               bool catching_up) {
    protocol::JsonWriter writer;
    writer.begin_object().key("notices").begin_array();
    for (const protocol::JsonValue* const each : found) write_json(writer, *each);
    writer.end_array();
    if (!next.empty()) writer.key("next").raw(next);
    if (catching_up) writer.key("catching_up").boolean(true);
    return writer.end_object().take();
}

bool any_masked(const FoundNotices& found) {
    return std::any_of(found.begin(), found.end(), [](const protocol::JsonValue* each) {
        const protocol::JsonValue::Array& where = JsonView(*each).array("where");
        return std::any_of(where.begin(), where.end(), [](const protocol::JsonValue& match) {
            return JsonView(match).boolean("masked");
        });
    });
}

}  // namespace tongbao::client
