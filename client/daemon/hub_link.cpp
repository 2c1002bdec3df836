#include "client/daemon/hub_link.hpp"

#include "program/blocking.hpp"
#include "protocol/limits.hpp"
#include "protocol/message_codec.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
using program::run_blocking;

constexpr std::chrono::milliseconds kFirstPause{200};
constexpr std::chrono::milliseconds kLongestPause{30'000};
/// How long a coroutine waits for a bell before it looks again by itself.
constexpr std::chrono::milliseconds kLookAgain{60'000};

/// What shows that the hub, or who sits between, is not honest, or that a disk was put back: no
/// retry makes it good, a person must look.
bool alarming(Errc errc) {
    switch (errc) {
        case Errc::log_rolled_back:
        case Errc::log_forked:
        case Errc::unknown_log_key:
        case Errc::bad_note:
        case Errc::bad_checkpoint:
        case Errc::proof_mismatch:
        case Errc::not_in_tree:
        case Errc::entry_mismatch:
        case Errc::statement_mismatch:
        case Errc::bad_statement:
        case Errc::bad_signature:
        case Errc::wrong_signer:
        case Errc::charter_mismatch:
            return true;
        default:
            return false;
    }
}

}  // namespace

class HubLink::Stream {
public:
    Stream(HubLink& link, std::shared_ptr<transport::WebSocket> socket)
        : link_(link),
          services_(link.services_),
          socket_(std::move(socket)),
          outbox_(services_),
          intake_(services_),
          requests_(services_),
          arrivals_bell_(socket_->executor()) {}

    asio::awaitable<Result<void>> serve() {
        const auto [read, sent, stored] =
            co_await (until_end(&Stream::read_all) && until_end(&Stream::send_all) &&
                      until_end(&Stream::store_all));
        for (const Result<void>& each : {read, sent, stored}) {
            if (!each && each.error() != Errc::connection_closed) co_return each.error();
        }
        co_return Errc::connection_closed;
    }

    void stop() {
        ended_ = true;
        socket_->abort();
        services_.outbox_bell.ring();
        arrivals_bell_.ring();
    }

private:
    using Part = asio::awaitable<Result<void>> (Stream::*)();

    /// Whichever part ends first ends the others.
    asio::awaitable<Result<void>> until_end(Part part) {
        Result<void> result = co_await (this->*part)();
        stop();
        co_return result;
    }

    asio::awaitable<Result<void>> read_all() {
        const auto resume = services_.store.resume_position();
        if (!resume) co_return resume.error();
        protocol::Hello hello = protocol::ClientSession::hello(*resume, link_.follower_.size());
        const Result<void> greeted = co_await socket_->write(protocol::encode(hello));
        if (!greeted) co_return greeted.error();
        while (!ended_) {
            Result<Bytes> frame = co_await socket_->read();
            if (!frame) co_return frame.error();
            const Result<void> done = co_await on_frame(*std::move(frame));
            if (!done) co_return done.error();
        }
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> on_frame(Bytes frame) {
        Result<protocol::Message> message = protocol::decode(frame);
        if (!message) co_return message.error();
        protocol::ClientAction action = machine_.on_message(*std::move(message));
        // The machine decides, this function acts: no protocol rule lives below this line.
        if (const auto* const welcomed = std::get_if<protocol::Welcomed>(&action)) {
            co_return co_await on_welcome(welcomed->welcome);
        }
        if (auto* const answered = std::get_if<protocol::Answered>(&action)) {
            if (const auto* const refused =
                    std::get_if<protocol::BatchRefused>(&answered->answer)) {
                co_return outbox_.refuse(*refused);
            }
            co_return co_await on_outcome(std::get<protocol::Outcome>(std::move(answered->answer)));
        }
        if (auto* const arrived = std::get_if<protocol::Arrived>(&action)) {
            co_return co_await on_delivery(std::move(arrived->delivery), std::move(frame));
        }
        const Reason& reason = std::get<protocol::StreamEnded>(action).reason;
        services_.logging.warning("hub_said_farewell", {{"code", std::string(code(reason.code))},
                                                        {"words", reason.explanation}});
        co_return reason.code;
    }

    asio::awaitable<Result<void>> advance(protocol::HeadUpdate update) {
        const auto take = [this, &update] { return link_.follower_.advance(update); };
        co_return co_await run_blocking(services_.pool, take);
    }

    asio::awaitable<Result<void>> on_welcome(protocol::Welcome welcome) {
        if (welcome.origin != services_.log_key.name()) co_return Errc::unknown_log_key;
        if (welcome.charter != services_.charter_digest) co_return Errc::charter_mismatch;
        const Result<void> advanced = co_await advance(std::move(welcome.head));
        if (!advanced) co_return advanced.error();
        const Result<void> pinned = services_.store.pin_head(link_.follower_.note());
        if (!pinned) co_return pinned.error();
        const Result<void> keys = co_await link_.keys_.refresh(requests_);
        if (!keys) co_return keys.error();
        services_.hub.connected = true;
        services_.hub.last_error.clear();
        link_.failures_ = 0;
        services_.logging.info("connected",
                               {{"log_size", std::to_string(link_.follower_.size().value())}});
        welcomed_ = true;
        services_.outbox_bell.ring();
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> on_outcome(protocol::Outcome outcome) {
        const Result<void> advanced = co_await advance(outcome.head);
        if (!advanced) co_return advanced.error();
        const Result<void> settled = co_await outbox_.settle(std::move(outcome), link_.follower_);
        if (!settled) co_return settled.error();
        services_.outbox_bell.ring();  // the window has room again
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> on_delivery(protocol::Delivery delivery, Bytes frame) {
        const Result<void> advanced = co_await advance(delivery.head);
        if (!advanced) co_return advanced.error();
        if (needs_register(delivery, link_.keys_.keys())) {
            const Result<void> keys = co_await link_.keys_.refresh(requests_);
            if (!keys) co_return keys.error();
        }
        const auto check = [this, &delivery] {
            return check_delivery(delivery, {link_.follower_, link_.keys_.keys(), *services_.trust,
                                             services_.config.unit});
        };
        Checked<CheckedBatch> leaves = co_await run_blocking(services_.pool, check);
        if (!leaves) {
            services_.logging.error("delivery_does_not_verify",
                                    {{"batch", std::to_string(delivery.batch.value())},
                                     {"code", std::string(code(leaves.error().code))},
                                     {"place", leaves.error().place}});
            co_return leaves.error().code;
        }
        arrivals_.push_back(
            {delivery.batch, std::move(frame), std::move(leaves->leaves), link_.follower_.note()});
        arrivals_bell_.ring();
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> store_all() {
        while (!ended_) {
            if (arrivals_.empty()) {
                const std::uint64_t seen = arrivals_bell_.rings();
                static_cast<void>(co_await arrivals_bell_.wait(seen, kLookAgain));
                continue;
            }
            CheckedDelivery delivery = std::move(arrivals_.front());
            arrivals_.pop_front();
            const LogIndex batch = delivery.batch;
            const Result<void> stored = co_await intake_.take(std::move(delivery));
            if (!stored) co_return stored.error();
            const Result<void> told =
                co_await socket_->write(protocol::encode(protocol::Credit{batch}));
            if (!told) co_return told.error();
        }
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> send_all() {
        Bell& bell = services_.outbox_bell;
        while (!ended_) {
            const std::uint64_t seen = bell.rings();
            if (!welcomed_ || !machine_.may_submit()) {
                static_cast<void>(co_await bell.wait(seen, kLookAgain));
                continue;
            }
            Result<std::optional<protocol::Submit>> submit = co_await outbox_.next();
            if (!submit) co_return submit.error();
            if (!*submit) {
                static_cast<void>(co_await bell.wait(seen, kLookAgain));
                continue;
            }
            (*submit)->number = machine_.on_submit((*submit)->leaves.size());
            const Result<void> sent =
                co_await socket_->write(protocol::encode(**std::move(submit)));
            if (!sent) co_return sent.error();
        }
        co_return Result<void>();
    }

    HubLink& link_;
    Services& services_;
    std::shared_ptr<transport::WebSocket> socket_;
    protocol::ClientSession machine_;
    Outbox outbox_;
    DeliveryIntake intake_;
    HubRequests requests_;
    std::deque<CheckedDelivery> arrivals_;
    Bell arrivals_bell_;
    bool welcomed_{false};
    bool ended_{false};
};

asio::awaitable<Result<void>> HubLink::connect_and_serve() {
    Result<std::unique_ptr<transport::HttpClient>> client = co_await transport::connect_https(
        hub_address(services_.config), services_.tls, hub_limits());
    if (!client) co_return client.error();
    Result<std::shared_ptr<transport::WebSocket>> socket =
        co_await (*client)->open_websocket("/v1/stream");
    if (!socket) co_return socket.error();
    const auto stream = std::make_shared<Stream>(*this, *std::move(socket));
    stream_ = stream;
    if (stopping_) co_return Errc::shutting_down;
    co_return co_await stream->serve();
}

asio::awaitable<void> HubLink::run() {
    while (!stopping_) {
        const Result<void> served = co_await connect_and_serve();
        services_.hub.connected = false;
        if (stopping_) break;
        tell(to_errc(served.error()));
        const std::uint64_t seen = pause_bell_.rings();
        static_cast<void>(co_await pause_bell_.wait(seen, next_pause()));
    }
}

void HubLink::stop() {
    stopping_ = true;
    pause_bell_.ring();
    if (const std::shared_ptr<Stream> stream = stream_.lock()) stream->stop();
}

std::chrono::milliseconds HubLink::next_pause() {
    constexpr unsigned kMaxDoublings = 10;
    const auto longest =
        std::min(kLongestPause, kFirstPause * (1 << std::min(failures_, kMaxDoublings)));
    ++failures_;
    // Half to whole: units that lost the hub together do not come back together.
    std::uniform_int_distribution<std::int64_t> spread(longest.count() / 2, longest.count());
    return std::chrono::milliseconds(spread(jitter_));
}

void HubLink::tell(Errc errc) {
    services_.hub.last_error = code(errc);
    if (!alarming(errc)) {
        services_.logging.warning("not_connected", {{"code", std::string(code(errc))},
                                                    {"what", std::string(sentence(errc))}});
        return;
    }
    services_.hub.alarm = std::string(code(errc)) + ": " + std::string(sentence(errc));
    services_.logging.error(
        "ALARM_hub_not_trusted",
        {{"code", std::string(code(errc))},
         {"what", std::string(sentence(errc))},
         {"consequence",
          "nothing it shows is taken over; compare the log's head with other units"}});
}

}  // namespace tongbao::client
