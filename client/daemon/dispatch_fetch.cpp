#include "client/daemon/alarm.hpp"
#include "client/daemon/dispatch_counts.hpp"
#include "client/daemon/dispatch_list.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/notice_archive.hpp"
#include "program/blocking.hpp"
#include "protocol/json_value.hpp"
#include "protocol/object_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>

// The register of dispatches as the hub is asked for it.

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

constexpr std::size_t kMaxCountsBytes = 1024;
/// So long what was counted stands while nothing of the unit's own is settled: whoever looks again
/// and again costs the hub no more than that.
constexpr std::chrono::seconds kCountsStand{2};
/// Whoever asks how the daemon is learns it also beside a hub that does not answer.
constexpr std::chrono::seconds kCountsWait{1};

/// Compares the items with the notices that are here, and names those.
Checked<void> check_held_notices(DispatchList& list, const storage::DaemonStore& store) {
    const NoticeArchive archive(store);
    std::size_t at = 0;
    for (DispatchItem& item : list.items) {
        const std::string place = "items[" + std::to_string(at++) + ']';
        const Result<ArchivedNotice> found = archive.find_at(item.notice.index);
        if (!found && found.error() == Errc::not_found) continue;
        if (!found) return Reason{to_errc(found.error()), place, {}};
        if (found->sha256 != item.notice.sha256) {
            return Reason{Errc::entry_mismatch, place, "is another notice than is held here"};
        }
        item.id = found->notice.id;
        item.title = found->notice.title;
    }
    return {};
}

std::optional<DispatchCounts> read_counts(BytesView answer) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(answer, kMaxCountsBytes);
    if (!value) return std::nullopt;
    protocol::ObjectReader reader(*value, "");
    constexpr std::int64_t kMost = 1'000'000;
    DispatchCounts counts;
    counts.open = static_cast<std::uint64_t>(reader.integer("open", 0, kMost));
    counts.without_evidence =
        static_cast<std::uint64_t>(reader.integer("without_evidence", 0, kMost));
    if (reader.finish()) return std::nullopt;
    return counts;
}

}  // namespace

asio::awaitable<Checked<DispatchList>> fetch_dispatches(Services& services, HubRequests& requests,
                                                        const LogFollower& follower,
                                                        DispatchQuestion question) {
    // As it is now: while the hub answers, the stream may show a newer head than the answer's.
    const auto copy = [&follower] { return follower; };
    const LogFollower known = co_await program::run_blocking(services.pool, copy);
    const Result<Bytes> answer =
        co_await requests.get(dispatch_target(question, known.size()), kMaxDispatchBytes);
    if (!answer && answer.error() != Errc::log_rolled_back) {
        co_return list_fault(to_errc(answer.error()), "has no list of dispatches", "the register");
    }
    const auto check = [&]() -> Checked<DispatchList> {
        if (!answer) return Reason{Errc::log_rolled_back, {}, {}};
        Checked<DispatchList> list =
            read_dispatch_list(*answer, question, services.config.unit, *services.charter, known);
        if (!list) return list.error();
        const Checked<void> held = check_held_notices(*list, services.store);
        if (!held) return held.error();
        return list;
    };
    Checked<DispatchList> list = co_await program::run_blocking(services.pool, check);
    const bool own_fault = !list && (list.error().code == Errc::storage_corrupt ||
                                     list.error().code == Errc::storage_failure);
    if (!list && !own_fault && list.error().code != Errc::protocol_violation) {
        raise_alarm(services, "dispatches", list.error());
    }
    co_return list;
}

asio::awaitable<std::optional<DispatchCounts>> DispatchCounter::counts() {
    const auto look = [this] { return services_.store.settled_through(); };
    const Result<std::uint64_t> settled = co_await program::run_blocking(services_.pool, look);
    const auto now = std::chrono::steady_clock::now();
    const bool stands =
        settled && last_ && last_->settled == *settled && now - last_->at < kCountsStand;
    if (stands) co_return last_->counts;
    if (!settled || !services_.hub.connected) co_return std::nullopt;
    // Who asks meanwhile is not kept waiting either, nor makes a connection more.
    if (asking_) co_return std::nullopt;
    asking_ = true;
    const auto done = [](bool* asking) { *asking = false; };
    const std::unique_ptr<bool, decltype(done)> asking(&asking_, done);
    HubRequests requests(services_);
    asio::steady_timer timer(co_await asio::this_coro::executor, kCountsWait);
    const auto first = co_await (requests.get("/v1/dispatches/count", kMaxCountsBytes) ||
                                 timer.async_wait(asio::as_tuple(asio::use_awaitable)));
    std::optional<DispatchCounts> counts;
    if (const auto* const answer = std::get_if<0>(&first); answer != nullptr && *answer) {
        counts = read_counts(**answer);
    }
    last_ = Counted{counts, *settled, std::chrono::steady_clock::now()};
    co_return counts;
}

}  // namespace tongbao::client
