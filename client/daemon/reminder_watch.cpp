#include "client/daemon/reminder_watch.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

/// How often it is seen whether the daemon has connected anew.
constexpr std::chrono::milliseconds kSeeConnected{5'000};

}  // namespace

asio::awaitable<void> ReminderWatch::run() {
    bool connected = false;
    auto looked = std::chrono::steady_clock::now();
    while (!stopping_) {
        const bool was_connected = connected;
        connected = services_.hub.connected;
        const auto now = std::chrono::steady_clock::now();
        if (connected && (!was_connected || now - looked >= kLookAgain)) {
            looked = now;
            // What could not be asked now is asked later.
            static_cast<void>(co_await look());
        }
        if (stopping_) break;
        static_cast<void>(co_await stop_bell_.wait(stop_bell_.rings(), kSeeConnected));
    }
}

void ReminderWatch::stop() {
    stopping_ = true;
    requests_.abort();
    stop_bell_.ring();
}

asio::awaitable<Result<void>> ReminderWatch::look() {
    const Checked<OpenSteps> steps = co_await fetch_open_steps(services_, requests_);
    if (!steps) co_return failed(steps.error());
    std::size_t drafts = 0;
    if (tray_.is_here()) {
        const Result<std::vector<TrayItem>> items = co_await tray_.lying(*steps);
        if (!items) co_return failed({to_errc(items.error()), "tray", {}});
        drafts = items->size();
    }
    Checked<ChasedItems> chased = co_await fetch_chased_items(services_, requests_, follower_);
    if (!chased) co_return failed(chased.error());
    told_failure_.reset();
    const std::vector<Reminder> reminders =
        reminders_of(*steps, services_.config.unit, *services_.charter);
    const std::vector<DispatchReminder> dispatches =
        dispatch_reminders(std::move(chased->items), services_.config.unit, services_.limits.get(),
                           services_.clock.now());
    tell(reminders, drafts);
    tell(dispatches);
    services_.hub.reminded = {reminders.size() + dispatches.size(), drafts, services_.clock.now()};
    co_return Result<void>();
}

Errc ReminderWatch::failed(const Reason& reason) {
    // That the hub is away is told elsewhere; each other trouble once.
    const bool news = reason.code != Errc::hub_unavailable && told_failure_ != reason.code;
    if (news && !stopping_) {
        told_failure_ = reason.code;
        services_.logging.warning("reminders_not_read",
                                  {{"code", std::string(code(reason.code))},
                                   {"place", reason.place},
                                   {"what", std::string(sentence(reason.code))},
                                   {"consequence", "nobody is reminded; it is tried again"}});
    }
    return reason.code;
}

void ReminderWatch::tell(const std::vector<Reminder>& reminders, std::size_t drafts) {
    std::vector<const Reminder*> news;
    LogIndex newest = newest_.value_or(LogIndex(0));
    for (const Reminder& each : reminders) {
        const LogIndex entry = each.step->step.index;
        if (newest_ && entry > *newest_) news.push_back(&each);
        newest = std::max(newest, entry);
    }
    if (!newest_) {
        services_.logging.info("reminders", {{"open", std::to_string(reminders.size())},
                                             {"drafts_in_the_tray", std::to_string(drafts)}});
    }
    newest_ = newest;
    const std::size_t left_out = news.size() > kMostTold ? news.size() - kMostTold : 0;
    if (left_out > 0) {
        services_.logging.warning("reminders_left_out", {{"count", std::to_string(left_out)},
                                                         {"do", "`tongbao reminders` lists all"}});
    }
    for (std::size_t at = left_out; at < news.size(); ++at) {
        const Reminder& each = *news[at];
        const DueClock& clock = each.step->clock;
        std::string posts;
        for (const PostId& post : each.posts) posts += (posts.empty() ? "" : ", ") + post.value();
        services_.logging.info("reminder",
                               {{"posts", posts},
                                {"deed", each.step->step.deed},
                                {"unit", clock.unit.value()},
                                {"notice", std::to_string(clock.notice.index.value())},
                                {"kind", clock.kind.value()},
                                {"entry", std::to_string(each.step->step.index.value())}});
        services_.events.reminder(write_reminder(each));
    }
}

void ReminderWatch::tell(const std::vector<DispatchReminder>& dispatches) {
    std::set<ChasedItem> chased;
    std::size_t told = 0;
    for (const DispatchReminder& each : dispatches) {
        ChasedItem item(each.item.notice.index, each.item.unit, each.item.state);
        const bool news = chased_ && !chased_->contains(item);
        chased.insert(std::move(item));
        if (!news || ++told > kMostTold) continue;
        services_.logging.info("reminder",
                               {{"deed", std::string(word(each.item.state))},
                                {"unit", each.item.unit.value()},
                                {"notice", std::to_string(each.item.notice.index.value())},
                                {"kind", each.item.kind.value()},
                                {"do", "tongbao dispatch"}});
        protocol::JsonWriter writer;
        write_dispatch_reminder(writer, each);
        services_.events.reminder(writer.take());
    }
    if (told > kMostTold) {
        services_.logging.warning("reminders_left_out",
                                  {{"count", std::to_string(told - kMostTold)},
                                   {"do", "`tongbao dispatches` lists all"}});
    }
    chased_ = std::move(chased);
}

}  // namespace tongbao::client
