#include "client/daemon/dispatch_reminders.hpp"

#include "protocol/clock_event_json.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <tuple>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

/// When the item came to where it is.
UtcTime begun_at(const DispatchItem& item) {
    return item.acts.empty() ? item.logged : item.acts.back().time;
}

/// The entry that says so.
LogIndex entry_since(const DispatchItem& item) {
    return item.acts.empty() ? item.notice.index : item.acts.back().index;
}

std::optional<UtcTime> chased(const DispatchItem& item, const CharterLimits* limits) {
    if (limits != nullptr) return chased_from(item.state, begun_at(item), limits->by());
    if (!is_chased(item.state)) return std::nullopt;
    return begun_at(item) + std::chrono::hours(24);
}

}  // namespace

std::vector<DispatchReminder> dispatch_reminders(std::vector<DispatchItem> items, const UnitId& own,
                                                 const CharterLimits* limits, UtcTime now) {
    std::vector<DispatchReminder> reminders;
    for (DispatchItem& item : items) {
        // The office may know of those of others, who are reminded themselves.
        if (item.from != own) continue;
        const std::optional<UtcTime> since = chased(item, limits);
        if (since && *since < now) reminders.push_back({std::move(item), *since});
    }
    std::sort(reminders.begin(), reminders.end(),
              [](const DispatchReminder& a, const DispatchReminder& b) {
                  return std::tuple(a.since, a.item.notice.index, a.item.unit) <
                         std::tuple(b.since, b.item.notice.index, b.item.unit);
              });
    return reminders;
}

asio::awaitable<Checked<ChasedItems>> fetch_chased_items(Services& services, HubRequests& requests,
                                                         const LogFollower& follower) {
    ChasedItems found;
    std::size_t pages = 0;
    for (const DispatchStage stage : {DispatchStage::open, DispatchStage::registered}) {
        DispatchQuestion question;
        question.state = stage;
        do {
            if (++pages > kMaxChasedPages) {
                found.complete = false;
                co_return found;
            }
            Checked<DispatchList> page =
                co_await fetch_dispatches(services, requests, follower, question);
            if (!page && page.error().code == Errc::unsupported_version) co_return found;
            if (!page) co_return page.error();
            std::move(page->items.begin(), page->items.end(), std::back_inserter(found.items));
            question.after.reset();
            if (!page->next.empty()) question.after = std::move(page->next);
        } while (question.after);
    }
    co_return found;
}

void write_dispatch_reminder(protocol::JsonWriter& writer, const DispatchReminder& reminder) {
    const DispatchItem& item = reminder.item;
    const bool open = item.state == DispatchStage::open;
    const std::string since = format_utc(reminder.since);
    writer.begin_object().key("entry").number(entry_since(item).value());
    writer.member("deed", open ? "register_dispatch" : "add_evidence").member("since", since);
    writer.key("notice");
    protocol::write_notice_ref(writer, item.notice);
    if (item.id) writer.member("id", item.id->value().text());
    writer.member("notice_kind", item.kind.value())
        .member("from", item.from.value())
        .member("unit", item.unit.value())
        .member("purpose", "dispatch")
        .member("due", since)
        .member("overdue_since", since);
    writer.key("posts").begin_array().end_array().end_object();
}

}  // namespace tongbao::client
