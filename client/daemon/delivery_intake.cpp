#include "client/daemon/delivery_intake.hpp"

#include "client/daemon/own_act.hpp"
#include "domain/lifecycle.hpp"
#include "domain/notice_rules.hpp"
#include "program/blocking.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

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
    if (notice.case_number) row.case_number = notice.case_number->value();
    if (notice.in_reply_to) row.in_reply_to = notice.in_reply_to->value();
    row.copy = std::find(notice.to.begin(), notice.to.end(), unit) == notice.to.end();
    row.state = RecipientState().with(ActKind::delivered).bits();
    row.received_at = now;
    return row;
}

}  // namespace

asio::awaitable<Result<void>> DeliveryIntake::take(CheckedDelivery delivery) {
    for (const CheckedLeaf& leaf : delivery.leaves) {
        const auto* const notice = std::get_if<Notice>(&leaf.leaf);
        if (notice == nullptr) continue;
        warn_of(*notice, leaf.index);
        for (const AttachmentItem& item : notice->attachments) {
            const auto* const attachment = std::get_if<Attachment>(&item);
            if (attachment == nullptr) continue;
            const Result<void> fetched = co_await requests_.download(leaf.index, *attachment);
            if (!fetched) co_return fetched.error();
        }
    }
    storage::Received received = rows_of(std::move(delivery));
    auto store = [this, received = std::move(received)]() mutable {
        return services_.store.receive(std::move(received));
    };
    const Result<void> stored = co_await program::run_blocking(services_.pool, std::move(store));
    if (!stored) co_return stored.error();
    services_.outbox_bell.ring();
    co_return Result<void>();
}

storage::Received DeliveryIntake::rows_of(CheckedDelivery delivery) const {
    const UtcTime now = services_.clock.now();
    storage::Received received;
    received.batch = delivery.batch;
    received.delivery = std::move(delivery.frame);
    received.head = std::move(delivery.head);
    std::vector<NoticeRef> arrived;
    for (const CheckedLeaf& leaf : delivery.leaves) {
        if (const auto* const notice = std::get_if<Notice>(&leaf.leaf)) {
            received.notices.push_back(
                inbox_row(leaf, *notice, delivery.batch, services_.config.unit, now));
            arrived.push_back({leaf.sha256, leaf.index});
            continue;
        }
        const Act& act = std::get<Act>(leaf.leaf);
        for (const NoticeRef& notice : act.notices) {
            received.acts.push_back({notice.index, leaf.index, act.kind, act.from, leaf.logged_at,
                                     act.reason.value_or("")});
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

void DeliveryIntake::warn_of(const Notice& notice, LogIndex index) const {
    for (const Reason& reason : check_notice(*services_.charter, notice, Viewpoint::unit)) {
        services_.logging.warning("notice_breaks_a_rule", {{"index", std::to_string(index.value())},
                                                           {"code", std::string(code(reason.code))},
                                                           {"place", reason.place}});
    }
}

}  // namespace tongbao::client
