#include "client/daemon/tray.hpp"

#include "client/daemon/local_json.hpp"
#include "client/daemon/notice_archive.hpp"
#include "client/daemon/reminders.hpp"
#include "domain/due_time.hpp"
#include "domain/notice_rules.hpp"
#include "program/blocking.hpp"
#include "program/tz_database.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/notice_json.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

/// Whether a notice of the draft's kind points at the one that the clock is of, as check_answer
/// will have it.
bool points_back(const Kind& draft, const DueClock& clock, const Charter& charter) {
    if (!draft.is_answer()) return false;
    if (draft.answers == AnswersTo::any_open_clock) return true;
    if (draft.answers == AnswersTo::own_notice) return clock.from == charter.parts().office.unit;
    const Kind* const asked = charter.find_kind(clock.kind);
    if (asked == nullptr) return false;
    return std::any_of(asked->replies.begin(), asked->replies.end(), [&draft](const auto& reply) {
        return reply.kind == draft.id ||
               std::find(reply.satisfied_by.begin(), reply.satisfied_by.end(), draft.id) !=
                   reply.satisfied_by.end();
    });
}

/// What check_notice finds that the draft does not have yet.
std::vector<std::string> missing_in(const TrayItem& item, const UnitId& own,
                                    const Charter& charter) {
    Notice notice;
    notice.charter = charter.id();
    notice.charter_version = charter.version();
    notice.kind = item.kind;
    notice.from = own;
    notice.to = {item.step->clock.unit};
    notice.case_number = item.case_number;
    if (item.answers) notice.in_reply_to = NoticeId(item.step->clock.id);
    std::vector<std::string> places;
    for (const Reason& reason : check_notice(charter, notice, Viewpoint::unit)) {
        const bool lacks =
            reason.code == Errc::missing_field || reason.code == Errc::missing_attachment ||
            reason.code == Errc::case_required || reason.code == Errc::reply_required;
        if (lacks) places.push_back(reason.place);
    }
    return places;
}

/// The case of the notice at this place, if it is here and it has one.
Result<std::optional<CaseNumber>> case_at(const NoticeArchive& archive, LogIndex index) {
    const Result<ArchivedNotice> found = archive.find_at(index);
    if (!found && found.error() == Errc::not_found) return std::optional<CaseNumber>();
    if (!found) return found.error();
    std::string number = case_of(*found);
    if (number.empty()) return std::optional<CaseNumber>();
    return std::optional(CaseNumber(std::move(number)));
}

void write_item(protocol::JsonWriter& writer, const TrayItem& item, const TimeZone* zone,
                UtcTime now) {
    const DueClock& clock = item.step->clock;
    writer.begin_object().key("item").number(item.step->step.index.value());
    writer.member("kind", item.kind.value()).member("to", clock.unit.value());
    write_open_step(writer, *item.step);
    if (item.case_number) writer.member("case", item.case_number->value());
    if (zone != nullptr && clock.overdue_since) {
        const Checked<std::int64_t> days = days_since(*clock.overdue_since, now, *zone);
        if (days) writer.key("days_over").number(*days);
    }
    writer.key("draft").raw(draft_body(item)).key("missing").begin_array();
    for (const std::string& place : item.missing) writer.text(place);
    writer.end_array().end_object();
}

}  // namespace

Result<std::vector<TrayItem>> laid_drafts(const OpenSteps& steps, const UnitId& own,
                                          const Charter& charter,
                                          const storage::DaemonStore& store) {
    const NoticeArchive archive(store);
    std::vector<TrayItem> items;
    for (const OpenStep& open : steps.steps) {
        if (open.rule == nullptr || !open.rule->draft) continue;
        const Kind* const kind = charter.find_kind(*open.rule->draft);
        const bool sendable = kind != nullptr && open.clock.unit != own &&
                              any_covers(kind->from, own) && any_covers(kind->to, open.clock.unit);
        if (!sendable) continue;
        TrayItem item{&open, kind->id, points_back(*kind, open.clock, charter)};
        if (kind->case_use != CaseUse::none) {
            Result<std::optional<CaseNumber>> number = case_at(archive, open.clock.notice.index);
            if (!number) return number.error();
            item.case_number = *std::move(number);
        }
        item.missing = missing_in(item, own, charter);
        items.push_back(std::move(item));
    }
    return items;
}

bool deals_with(const SentDraft& sent, const TrayItem& item) {
    const DueClock& clock = item.step->clock;
    if (sent.kind != item.kind || !contains(sent.to, clock.unit)) return false;
    if (sent.index && *sent.index <= item.step->step.index) return false;
    if (item.answers) return sent.in_reply_to == NoticeId(clock.id);
    return item.case_number && sent.case_number == item.case_number;
}

std::string draft_body(const TrayItem& item) {
    protocol::JsonWriter writer;
    writer.begin_object().member("kind", item.kind.value());
    protocol::write_units(writer, "to", {item.step->clock.unit});
    if (item.answers) writer.member("in_reply_to", item.step->clock.id.text());
    if (item.case_number) writer.member("case", item.case_number->value());
    return writer.end_object().take();
}

std::string write_tray(const std::vector<TrayItem>& items, bool complete, const Charter& charter,
                       UtcTime now) {
    // A daemon that can't tell the charter's days leaves them out.
    const Checked<std::shared_ptr<const TimeZone>> zone =
        program::load_time_zone(charter.parts().timezone);
    protocol::JsonWriter writer;
    writer.begin_object().key("drafts").begin_array();
    for (const TrayItem& item : items) write_item(writer, item, zone ? zone->get() : nullptr, now);
    writer.end_array().key("complete").boolean(complete).end_object();
    return writer.take();
}

bool TrayDesk::is_here() const {
    return services_.config.unit == services_.charter->parts().office.unit;
}

asio::awaitable<Result<std::vector<TrayItem>>> TrayDesk::lying(const OpenSteps& steps) {
    const std::set<KindId> kinds = draft_kinds(*services_.charter);
    for (;;) {
        // In pieces, since the thread serves all of the daemon.
        const auto read = [this, &kinds] {
            return services_.tray->sent.read_on(services_.store, kinds);
        };
        const Result<SentDrafts::More> more = co_await run_blocking(services_.pool, read);
        if (!more) co_return more.error();
        if (*more == SentDrafts::More::none) break;
    }
    const auto look = [this, &steps] { return remaining(steps); };
    co_return co_await run_blocking(services_.pool, look);
}

Result<std::vector<TrayItem>> TrayDesk::remaining(const OpenSteps& steps) const {
    DiscardedDrafts& discarded = services_.tray->discarded;
    const Result<void> open = discarded.open();
    if (!open) return open.error();
    Result<std::vector<TrayItem>> items =
        laid_drafts(steps, services_.config.unit, *services_.charter, services_.store);
    if (!items || items->empty()) return items;
    const std::set<KindId> kinds = draft_kinds(*services_.charter);
    // What was settled since the last piece; of what is behind a queued one `all` knows.
    const Result<SentDrafts::More> settled = services_.tray->sent.read_on(services_.store, kinds);
    if (!settled) return settled.error();
    const Result<std::vector<SentDraft>> sent = services_.tray->sent.all(services_.store, kinds);
    if (!sent) return sent.error();
    std::erase_if(*items, [&](const TrayItem& item) {
        return discarded.contains(item.step->step.index) ||
               std::any_of(sent->begin(), sent->end(),
                           [&item](const SentDraft& each) { return deals_with(each, item); });
    });
    return items;
}

asio::awaitable<Result<void>> TrayDesk::discard(DiscardedDraft draft) {
    const auto keep = [this, &draft]() -> Result<void> {
        const Result<void> open = services_.tray->discarded.open();
        if (!open) return open.error();
        return services_.tray->discarded.add(draft);
    };
    co_return co_await run_blocking(services_.pool, keep);
}

}  // namespace tongbao::client
