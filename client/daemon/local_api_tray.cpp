// What the unit's posts are reminded of, and the office's tray of drafts.

#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/open_steps.hpp"
#include "client/daemon/reminders.hpp"
#include "domain/act_rules.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using transport::Response;

constexpr std::size_t kMaxDiscardBodyBytes = 8192;

Response no_tray() {
    return problem(
        Errc::not_permitted,
        {{Errc::not_permitted, {}, "the tray of drafts is the office's: ask its daemon"}});
}

/// What is wrong with the words of a reason: as with those of an act.
Reasons faults_of_reason(const Charter& charter, const std::string& reason) {
    Act words;
    words.kind = ActKind::declined;
    words.reason = reason;
    return check_words(charter, words);
}

}  // namespace

LocalApi::Answer LocalApi::reminders() {
    HubRequests requests(services_);
    const Checked<OpenSteps> steps = co_await fetch_open_steps(services_, requests);
    if (!steps) co_return problem(steps.error().code, {steps.error()});
    const std::vector<Reminder> found =
        reminders_of(*steps, services_.config.unit, *services_.charter);
    Checked<ChasedItems> chased = co_await fetch_chased_items(services_, requests, follower_);
    if (!chased) co_return problem(chased.error().code, {chased.error()});
    const std::vector<DispatchReminder> dispatches =
        dispatch_reminders(std::move(chased->items), services_.config.unit, services_.limits.get(),
                           services_.clock.now());
    co_return json(200, write_reminders(found, dispatches, steps->complete && chased->complete));
}

LocalApi::Answer LocalApi::tray() {
    if (!tray_.is_here()) co_return no_tray();
    HubRequests requests(services_);
    const Checked<OpenSteps> steps = co_await fetch_open_steps(services_, requests);
    if (!steps) co_return problem(steps.error().code, {steps.error()});
    const Result<std::vector<TrayItem>> items = co_await tray_.lying(*steps);
    if (!items) co_return problem(to_errc(items.error()));
    co_return json(200,
                   write_tray(*items, steps->complete, *services_.charter, services_.clock.now()));
}

LocalApi::Answer LocalApi::discard_draft(const transport::Peer& peer, std::string item,
                                         transport::BodyReader& body) {
    const Result<Bytes> text = co_await body.read_all(kMaxDiscardBodyBytes);
    if (!text) co_return problem(to_errc(text.error()));
    if (!tray_.is_here()) co_return no_tray();
    const Checked<std::string> reason = read_discard_reason(*text);
    if (!reason) co_return problem(reason.error().code, {reason.error()});
    const Reasons faults = faults_of_reason(*services_.charter, *reason);
    if (!faults.empty()) co_return problem(faults.front().code, faults);
    HubRequests requests(services_);
    const Checked<OpenSteps> steps = co_await fetch_open_steps(services_, requests);
    if (!steps) co_return problem(steps.error().code, {steps.error()});
    const Result<std::vector<TrayItem>> items = co_await tray_.lying(*steps);
    if (!items) co_return problem(to_errc(items.error()));
    const auto found = std::find_if(items->begin(), items->end(), [&item](const TrayItem& each) {
        return std::to_string(each.step->step.index.value()) == item;
    });
    if (found == items->end()) {
        co_return problem(Errc::not_found,
                          {{Errc::not_found, "item", "no draft of this number lies in the tray"}});
    }
    const LogIndex index = found->step->step.index;
    DiscardedDraft draft{index, services_.clock.now(), peer.address, *reason};
    const Result<void> room = services_.space.admit(text->size());
    if (!room) {
        const Errc full = to_errc(room.error());
        co_return problem(full, {{full, {}, std::string(kMakeRoom)}});
    }
    const Result<void> kept = co_await tray_.discard(std::move(draft));
    if (!kept) co_return problem(to_errc(kept.error()));
    // At every level of the log: something that the charter asks for is left undone.
    services_.logging.error("draft_discarded", {{"item", item},
                                                {"kind", found->kind.value()},
                                                {"to", found->step->clock.unit.value()},
                                                {"caller", peer.address},
                                                {"reason", *reason}});
    protocol::JsonWriter writer;
    writer.begin_object().key("item").number(index.value());
    writer.member("state", "discarded").end_object();
    co_return json(200, writer.take());
}

}  // namespace tongbao::client
