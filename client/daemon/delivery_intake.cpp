#include "client/daemon/delivery_intake.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/clock_check.hpp"
#include "client/daemon/detached_tables.hpp"
#include "client/daemon/keepers_copy.hpp"
#include "client/daemon/named_files.hpp"
#include "client/daemon/notice_archive.hpp"
#include "client/daemon/own_act.hpp"
#include "client/daemon/restricted_leaves.hpp"
#include "client/daemon/store_write.hpp"
#include "domain/lifecycle.hpp"
#include "domain/notice_rules.hpp"
#include "program/blocking.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

/// The notice of the leaf, if it is one that was sent to the unit; nullptr for an act, and for a
/// notice that the unit only keeps: its delivery is stored, and no more.
const Notice* arrived_in(const CheckedLeaf& leaf, const UnitId& unit) {
    const auto* const notice = std::get_if<Notice>(&leaf.leaf);
    return notice != nullptr && !is_keepers_copy(*notice, unit) ? notice : nullptr;
}

/// What the delivery takes on disk, with the attachments that it names.
std::uint64_t bytes_of(const CheckedDelivery& delivery, const UnitId& unit) {
    std::uint64_t bytes = delivery.frame.size();
    for (const CheckedLeaf& leaf : delivery.leaves) {
        const Notice* const notice = arrived_in(leaf, unit);
        if (notice == nullptr) continue;
        for (const AttachmentItem& item : notice->attachments) {
            const auto* const attachment = std::get_if<Attachment>(&item);
            if (attachment != nullptr) bytes += attachment->size;
        }
    }
    return bytes;
}

storage::InboxRow inbox_row(const CheckedLeaf& leaf, const Notice& notice, LogIndex batch,
                            const UnitId& unit, UtcTime now) {
    storage::InboxRow row;
    row.index = leaf.index;
    row.batch = batch;
    row.position = leaf.position;
    row.id = notice.id.value();
    row.from = notice.from;
    row.kind = notice.kind;
    row.title = notice.title;
    if (leaf.case_number) row.case_number = leaf.case_number->value();
    if (notice.in_reply_to) row.in_reply_to = notice.in_reply_to->value();
    row.copy = !contains(notice.to, unit);
    row.state = RecipientState().with(ActKind::delivered).bits();
    row.received_at = now;
    return row;
}

}  // namespace

asio::awaitable<Result<void>> DeliveryIntake::take(CheckedDelivery delivery) {
    const std::string name = "delivery " + std::to_string(delivery.batch.value());
    const auto check = [this, &delivery] { return check_new(delivery); };
    const Checked<void> fresh = co_await run_blocking(services_.pool, check);
    if (!fresh) co_return raise_alarm(services_, name, fresh.error());
    const Result<void> ready = co_await make_ready(delivery, name);
    if (!ready) co_return ready.error();
    for (const CheckedLeaf& leaf : delivery.leaves) {
        compare_with_delivered(services_, leaf.logged_at);
    }
    auto store = [this, &delivery] {
        for (const CheckedLeaf& leaf : delivery.leaves) {
            const Notice* const notice = arrived_in(leaf, services_.config.unit);
            if (notice != nullptr) warn_of(*notice, leaf.index);
        }
        storage::Received received = rows_of(std::move(delivery));
        // The newest head, not the one that the delivery was checked under: a later one may have
        // been pinned since, and a pin never goes back.
        received.head = follower_.note();
        return written(services_, services_.store.receive(std::move(received)));
    };
    const Result<void> stored = co_await run_blocking(services_.pool, store);
    // The store takes what arrives in the order of the log alone.
    if (!stored && stored.error() == Errc::bad_argument) {
        const Reason reason{Errc::entry_mismatch, "leaves", "stand before what came earlier"};
        co_return raise_alarm(services_, name, reason);
    }
    if (!stored) co_return stored.error();
    services_.events.ring();
    services_.outbox_bell.ring();
    co_return Result<void>();
}

asio::awaitable<Result<void>> DeliveryIntake::make_ready(const CheckedDelivery& delivery,
                                                         const std::string& name) {
    const std::uint64_t bytes = bytes_of(delivery, services_.config.unit);
    for (;;) {
        const Result<void> room = co_await wait_for_room(bytes);
        if (!room) co_return room.error();
        Result<void> fetched{};
        for (const CheckedLeaf& leaf : delivery.leaves) {
            fetched = co_await fetch_attachments(leaf, name);
            if (!fetched) break;
        }
        // Others filled the disk meanwhile: what was fetched whole stays.
        if (!fetched && fetched.error() == Errc::storage_full) continue;
        if (!fetched) co_return fetched;
        // All at once, since the first may have come long before the last: none is swept away
        // before the delivery that names it is stored.
        const auto touch = [this, &delivery] { return touch_files(delivery); };
        const Result<void> there = co_await run_blocking(services_.pool, touch);
        if (there || there.error() != Errc::not_found) co_return there;
    }
}

Result<void> DeliveryIntake::touch_files(const CheckedDelivery& delivery) const {
    std::vector<Digest> files;
    for (const CheckedLeaf& leaf : delivery.leaves) {
        const Notice* const notice = arrived_in(leaf, services_.config.unit);
        if (notice != nullptr) add_files(*notice, files);
    }
    for (const Digest& file : files) {
        const Result<std::uint64_t> there =
            services_.attachments.touch(services_.config.unit, file);
        if (!there) return there.error();
    }
    return {};
}

asio::awaitable<Result<void>> DeliveryIntake::wait_for_room(std::uint64_t bytes) {
    while (!aborted_) {
        const std::uint64_t seen = services_.room_bell.rings();
        if (services_.space.admit(bytes)) co_return Result<void>();
        static_cast<void>(co_await services_.room_bell.wait(seen, kLookAgain));
    }
    co_return Errc::shutting_down;
}

void DeliveryIntake::abort() noexcept {
    aborted_ = true;
    requests_.abort();
    services_.room_bell.ring();
}

asio::awaitable<Result<void>> DeliveryIntake::fetch_attachments(const CheckedLeaf& leaf,
                                                                const std::string& name) {
    const Notice* const notice = arrived_in(leaf, services_.config.unit);
    if (notice == nullptr) co_return Result<void>();
    for (const AttachmentItem& item : notice->attachments) {
        const auto* const attachment = std::get_if<Attachment>(&item);
        if (attachment == nullptr) continue;
        const Result<void> fetched = co_await requests_.download(leaf.index, *attachment);
        if (fetched) continue;
        const Errc errc = to_errc(fetched.error());
        // The hub logged the notice when it had the file.
        if (errc == Errc::attachment_mismatch || errc == Errc::not_found) {
            co_return raise_alarm(services_, name, {errc, attachment->sha256.hex(), {}});
        }
        co_return errc;
    }
    co_return Result<void>();
}

Checked<void> DeliveryIntake::check_hidden(const CheckedDelivery& delivery) const {
    const RestrictedLeaves restricted(*services_.charter, services_.store);
    for (const CheckedLeaf& leaf : delivery.leaves) {
        if (!leaf.hidden_by_other) continue;
        const std::string place = "leaves[" + std::to_string(leaf.position) + ']';
        const Result<Restricted> rightly = restricted.contains(leaf.leaf);
        if (!rightly) return Reason{to_errc(rightly.error()), place, {}};
        if (*rightly == Restricted::no)
            return Reason{Errc::entry_mismatch, place, "its entry hides it"};
    }
    return {};
}

Checked<void> DeliveryIntake::check_new(const CheckedDelivery& delivery) const {
    if (Checked<void> hidden = check_hidden(delivery); !hidden) return hidden;
    std::vector<Uuid> ids;
    for (const CheckedLeaf& leaf : delivery.leaves) {
        const Notice* const notice = arrived_in(leaf, services_.config.unit);
        if (notice != nullptr) ids.push_back(notice->id.value());
    }
    const Result<std::optional<Uuid>> any = services_.store.first_received(ids);
    if (!any) return Reason{to_errc(any.error()), "leaves", {}};
    if (!*any) return {};
    const NoticeArchive archive(services_.store);
    for (const CheckedLeaf& leaf : delivery.leaves) {
        const Notice* const notice = arrived_in(leaf, services_.config.unit);
        if (notice == nullptr) continue;
        const std::string place = "leaves[" + std::to_string(leaf.position) + ']';
        const auto rows = services_.store.find_received(notice->id.value());
        if (!rows) return Reason{to_errc(rows.error()), place, {}};
        for (const storage::InboxRow& row : *rows) {
            if (row.from != notice->from || row.index == leaf.index) continue;
            const Result<ArchivedNotice> earlier = archive.open(row);
            if (!earlier) return Reason{to_errc(earlier.error()), place, {}};
            const bool same = earlier->sha256 == leaf.sha256;
            return Reason{same ? Errc::repeated_leaf : Errc::id_conflict, place,
                          "came before as entry " + std::to_string(row.index.value())};
        }
    }
    return {};
}

storage::Received DeliveryIntake::rows_of(CheckedDelivery delivery) const {
    const UtcTime now = services_.clock.now();
    storage::Received received;
    received.batch = delivery.batch;
    received.delivery = std::move(delivery.frame);
    std::vector<NoticeRef> arrived;
    for (const CheckedLeaf& leaf : delivery.leaves) {
        if (std::holds_alternative<Notice>(leaf.leaf)) {
            const Notice* const notice = arrived_in(leaf, services_.config.unit);
            if (notice == nullptr) continue;
            add_files(*notice, received.files);
            received.notices.push_back(
                inbox_row(leaf, *notice, delivery.batch, services_.config.unit, now));
            arrived.push_back({leaf.sha256, leaf.index});
            continue;
        }
        const Act& act = std::get<Act>(leaf.leaf);
        // A keeper's own comes back to it too; the state of what it acted on is in its inbox.
        if (act.from == services_.config.unit) continue;
        if (act.unit && !is_closing(act)) continue;
        for (const NoticeRef& notice : act.notices) {
            received.acts.push_back({notice.index, leaf.index, notice.sha256, act.kind,
                                     act.unit.value_or(act.from), leaf.logged_at,
                                     act.reason.value_or("")});
            // Of another recipient the keeper of the case ledger is told too.
            if (act.unit != services_.config.unit) continue;
            received.states.push_back({notice.index, RecipientState().with(act.kind).bits()});
        }
    }
    for (std::size_t first = 0; first < arrived.size(); first += protocol::kMaxNoticesPerAct) {
        const std::size_t count = std::min(protocol::kMaxNoticesPerAct, arrived.size() - first);
        const auto begin = arrived.begin() + static_cast<std::ptrdiff_t>(first);
        received.answers.push_back(make_act(
            services_.config.unit, ActKind::delivered,
            std::vector<NoticeRef>(begin, begin + static_cast<std::ptrdiff_t>(count)), {}, now));
    }
    return received;
}

bool DeliveryIntake::is_closing(const Act& act) const {
    const NoticeRef& named = act.notices.front();
    const Result<ArchivedNotice> found = NoticeArchive(services_.store).find_at(named.index);
    const bool own = found && found->sha256 == named.sha256 && found->notice.from == act.from &&
                     contains(found->notice.to, *act.unit) &&
                     (act.unit != services_.config.unit || found->inbox);
    if (own) return true;
    services_.logging.warning("act_passed_over",
                              {{"act", std::string(word(act.kind))},
                               {"unit", act.from.value()},
                               {"notice", std::to_string(named.index.value())},
                               {"consequence", "it is kept, and changes nothing here"}});
    return false;
}

void DeliveryIntake::warn_of(const Notice& notice, LogIndex index) const {
    Reasons reasons = check_notice(*services_.charter, notice, Viewpoint::unit);
    const Reasons tables = check_detached_tables(services_, notice);
    reasons.insert(reasons.end(), tables.begin(), tables.end());
    if (reasons.empty()) return;
    services_.logging.warning("notice_breaks_a_rule",
                              {{"index", std::to_string(index.value())},
                               {"code", std::string(code(reasons.front().code))},
                               {"what", std::string(sentence(reasons.front().code))},
                               {"place", reasons.front().place},
                               {"reasons", std::to_string(reasons.size())},
                               {"consequence", "it is kept, and shown with the warning"}});
}

}  // namespace tongbao::client
