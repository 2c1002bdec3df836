// GET /v1/events: server-sent events.

#include "client/daemon/events.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "program/blocking.hpp"

#include <chrono>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

constexpr std::size_t kMostAtOnce = 100;
/// A comment goes out so often, so that a reader who is gone is noticed.
constexpr std::chrono::seconds kStillHere{15};

Result<EventPlace> first_place(const storage::DaemonStore& store,
                               const transport::RequestHead& request) {
    const std::optional<std::string_view> last = request.field("Last-Event-ID");
    return last ? parse_event_place(*last) : newest_event_place(store);
}

std::string write_events(const std::vector<Event>& events) {
    std::string text;
    for (const Event& event : events) text += write_event(event);
    return text;
}

}  // namespace

asio::awaitable<Result<void>> LocalApi::send_events(const transport::RequestHead& request,
                                                    transport::Responder& responder) {
    EventFeed& feed = services_.events;
    if (feed.is_closed() || feed.is_full()) {
        co_return feed.is_closed() ? Errc::shutting_down : Errc::too_many_requests;
    }
    const EventFeed::Seat seat(feed);
    const auto find_place = [this, &request] { return first_place(services_.store, request); };
    const Result<EventPlace> first = co_await run_blocking(services_.pool, find_place);
    if (!first) {
        const Errc errc = to_errc(first.error());
        const Reasons reasons = errc == Errc::bad_value
                                    ? Reasons{{errc, "Last-Event-ID", "an id of this stream"}}
                                    : Reasons{};
        transport::Response answer = problem(errc, reasons);
        co_return co_await responder.send(std::move(answer));
    }
    transport::Fields fields{{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}};
    const Result<void> begun = co_await responder.begin(200, std::move(fields), std::nullopt);
    if (!begun) co_return begun.error();

    const UnitId& unit = services_.config.unit;
    const bool keeps = services_.charter->parts().ledger.kept_by == unit;
    EventPlace place = *first;
    std::uint64_t told = feed.told();
    std::vector<Event> state = feed.state();
    // So that a reader who is cut before the first durable event knows where he began.
    state.front().id = format_event_place(place);
    std::string text = write_events(state);
    while (!feed.is_closed()) {
        // Noted before anything is done that others may ring during.
        const std::uint64_t seen = feed.bell().rings();
        const Result<void> written = co_await responder.write(as_bytes(text));
        if (!written) co_return written.error();
        const EventPlace before = place;
        const auto read = [this, &place, keeper = keeps ? &unit : nullptr] {
            return read_events(services_.store, place, kMostAtOnce, keeper);
        };
        const Result<std::vector<Event>> durable = co_await run_blocking(services_.pool, read);
        if (!durable) co_return durable.error();
        const std::optional<std::vector<Event>> news = feed.since(told);
        // He missed some: cut, he learns the state when he comes again.
        if (!news) co_return Errc::timed_out;
        text = write_events(*news) + write_events(*durable);
        if (!text.empty() || place != before) continue;
        const std::uint64_t now = co_await feed.bell().wait(seen, kStillHere);
        text = now == seen ? ": still here\n\n" : "";
    }
    co_return co_await responder.finish();
}

}  // namespace tongbao::client
