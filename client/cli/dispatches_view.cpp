#include "client/cli/dispatches_view.hpp"

#include "client/cli/csv.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/table.hpp"
#include "protocol/json_writer.hpp"

#include <ostream>

namespace tongbao::client {
namespace {

/// An item with what its acts say together: how it went the first of them, the evidence either.
class DispatchLine {
public:
    explicit DispatchLine(const protocol::JsonValue& item) : item_(item) {}

    [[nodiscard]] const JsonView& item() const { return item_; }
    [[nodiscard]] std::string notice() const {
        return JsonView(item_.member("notice")).integer_text("index");
    }
    [[nodiscard]] std::string first(std::string_view member) const {
        const protocol::JsonValue::Array& acts = item_.array("acts");
        return acts.empty() ? std::string() : JsonView(acts.front()).text(member);
    }
    [[nodiscard]] std::string evidence() const {
        for (const protocol::JsonValue& act : item_.array("acts")) {
            std::string evidence = JsonView(act).text("evidence");
            if (!evidence.empty()) return evidence;
        }
        return {};
    }
    /// The log's indexes of the acts.
    [[nodiscard]] std::string entries() const {
        std::string text;
        for (const protocol::JsonValue& act : item_.array("acts")) {
            text += (text.empty() ? "" : ", ") + JsonView(act).integer_text("index");
        }
        return text;
    }

private:
    JsonView item_;
};

std::string_view state_zh(std::string_view state) {
    if (state == "open") return "待登记";
    if (state == "registered") return "已登记，缺凭证";
    if (state == "evidenced") return "已登记";
    if (state == "withdrawn") return "已撤回";
    return {};
}

}  // namespace

bool fits(const protocol::JsonValue& item, const DispatchFilter& filter, const TimeZone& zone) {
    const JsonView view(item);
    const std::string state = view.text("state");
    const bool any = !filter.open && !filter.without_evidence;
    const bool wanted = any || (filter.open && state == "open") ||
                        (filter.without_evidence && state == "registered");
    if (!wanted) return false;
    if (!filter.from.empty() && view.text("from") != filter.from) return false;
    if (!filter.to.empty() && view.text("unit") != filter.to) return false;
    if (!filter.first && !filter.last) return true;
    const Result<UtcTime> since = parse_utc(view.text("since"));
    if (!since) return false;
    const LocalDay day = day_in(zone, *since);
    return (!filter.first || day >= *filter.first) && (!filter.last || day <= *filter.last);
}

void print_dispatch_table(std::ostream& out, const DispatchItems& items, const CaseWords& words) {
    TextTable table(
        {"state", "notice", "kind", "from", "to", "since", "method", "number", "at", "evidence"});
    constexpr std::size_t kShownDigits = 16;
    for (const protocol::JsonValue* const each : items) {
        const DispatchLine line(*each);
        const JsonView& item = line.item();
        const std::string state = item.text("state");
        table.add({std::string(state_zh(state)) + " / " + state, line.notice(), item.text("kind"),
                   item.text("from"), item.text("unit"), words.day_and_time(item.text("since")),
                   line.first("method"), line.first("number"), line.first("at"),
                   line.evidence().substr(0, kShownDigits)});
    }
    table.print(out);
}

void print_dispatch_csv(std::ostream& out, const DispatchItems& items, const CaseWords& words) {
    print_csv(out, {"state",   "state_zh", "notice", "id",   "title",    "kind",      "kind_zh",
                    "kind_en", "from",     "to",     "case", "since",    "since_day", "since_time",
                    "zone",    "method",   "number", "at",   "evidence", "acts",      "ended"});
    for (const protocol::JsonValue* const each : items) {
        const DispatchLine line(*each);
        const JsonView& item = line.item();
        const std::string state = item.text("state");
        const std::string since = item.text("since");
        const Kind* const kind = words.charter().find_kind(KindId(item.text("kind")));
        print_csv(out, {state,
                        std::string(state_zh(state)),
                        line.notice(),
                        item.text("id"),
                        item.text("title"),
                        item.text("kind"),
                        kind == nullptr ? "" : kind->title_zh,
                        kind == nullptr ? "" : kind->title_en,
                        item.text("from"),
                        item.text("unit"),
                        item.text("case"),
                        since,
                        words.day(since),
                        words.time(since),
                        std::string(words.zone_name()),
                        line.first("method"),
                        line.first("number"),
                        line.first("at"),
                        line.evidence(),
                        line.entries(),
                        item.integer_text("ended")});
    }
}

std::string dispatches_json(const DispatchItems& items) {
    protocol::JsonWriter writer;
    writer.begin_object().key("dispatches").begin_array();
    for (const protocol::JsonValue* const each : items) write_json(writer, *each);
    return writer.end_array().end_object().take();
}

}  // namespace tongbao::client
