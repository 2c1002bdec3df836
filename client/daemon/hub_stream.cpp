#include "client/daemon/hub_stream.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/register_refresh.hpp"
#include "client/daemon/store_write.hpp"
#include "program/blocking.hpp"
#include "protocol/limits.hpp"
#include "protocol/message_codec.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
using program::run_blocking;

/// In place of kLookAgain while a certificate of this unit waits for its enrolment.
constexpr std::chrono::milliseconds kLookSoon{5'000};

std::string name_of(LogIndex batch) {
    return "delivery " + std::to_string(batch.value());
}

}  // namespace

HubStream::HubStream(Services& services, LogFollower& follower, KeyCopy& keys, Retries& retries,
                     std::shared_ptr<transport::WebSocket> socket)
    : services_(services),
      follower_(follower),
      keys_(keys),
      retries_(retries),
      socket_(std::move(socket)),
      outbox_(services),
      intake_(services, follower),
      requests_(services),
      register_requests_(services),
      arrivals_bell_(socket_->executor()),
      end_bell_(socket_->executor()) {}

asio::awaitable<Result<void>> HubStream::serve() {
    const auto [read, sent, stored, followed] =
        co_await (until_end(&HubStream::read_all) && until_end(&HubStream::send_all) &&
                  until_end(&HubStream::store_all) && until_end(&HubStream::follow_register));
    // The first to end has said why.
    static_cast<void>(read && sent && stored && followed);
    co_return why_;
}

void HubStream::stop() {
    ended_ = true;
    socket_->abort();
    requests_.abort();
    register_requests_.abort();
    outbox_.abort();
    intake_.abort();
    services_.outbox_bell.ring();
    arrivals_bell_.ring();
    end_bell_.ring();
}

asio::awaitable<Result<void>> HubStream::until_end(Part part) {
    Result<void> result = co_await (this->*part)();
    if (!ended_ && !result) why_ = to_errc(result.error());
    stop();
    co_return result;
}

asio::awaitable<Result<void>> HubStream::read_all() {
    const Result<void> greeted = co_await say_hello();
    if (!greeted) co_return greeted.error();
    while (!ended_) {
        Result<Bytes> frame = co_await socket_->read();
        if (!frame) co_return frame.error();
        const Result<void> done = co_await on_frame(*std::move(frame));
        if (!done) co_return done.error();
    }
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::say_hello() {
    TreeSize known;
    const auto read = [this, &known] {
        known = follower_.size();
        return services_.store.resume_position();
    };
    const Result<std::optional<LogIndex>> resume = co_await run_blocking(services_.pool, read);
    if (!resume) co_return resume.error();
    Bytes hello = protocol::encode(machine_.hello(*resume, known));
    co_return co_await socket_->write(std::move(hello));
}

asio::awaitable<Result<void>> HubStream::on_frame(Bytes frame) {
    Result<protocol::Message> message = protocol::decode(frame);
    protocol::ClientAction action =
        message ? machine_.on_message(*std::move(message), frame.size())
                : protocol::ClientAction(protocol::StreamEnded{
                      {to_errc(message.error()), "frame", "can't be read"}, false});
    // The machine decides, this function acts: no protocol rule lives below this line.
    if (auto* const welcomed = std::get_if<protocol::Welcomed>(&action)) {
        co_return co_await on_welcome(std::move(welcomed->welcome));
    }
    if (auto* const answered = std::get_if<protocol::Answered>(&action)) {
        if (auto* const outcome = std::get_if<protocol::Outcome>(&answered->answer)) {
            co_return co_await on_outcome(std::move(*outcome));
        }
        outbox_.refuse(std::get<protocol::BatchRefused>(answered->answer));
        services_.outbox_bell.ring();
        co_return Result<void>();
    }
    if (auto* const arrived = std::get_if<protocol::Arrived>(&action)) {
        co_return co_await on_delivery(std::move(arrived->delivery), std::move(frame));
    }
    co_return co_await on_end(std::get<protocol::StreamEnded>(std::move(action)));
}

asio::awaitable<Result<void>> HubStream::on_end(protocol::StreamEnded ended) {
    const Reason& reason = ended.reason;
    services_.logging.warning(ended.by_hub ? "hub_said_farewell" : "hub_broke_the_protocol",
                              {{"code", std::string(code(reason.code))},
                               {"place", reason.place},
                               {"words", reason.explanation}});
    if (!ended.by_hub) {
        Bytes farewell = protocol::encode(protocol::Farewell{reason});
        const Result<void> told = co_await socket_->write(std::move(farewell));
        if (!told) co_return told.error();
    } else if (reason.code == Errc::log_rolled_back) {
        co_return raise_alarm(services_, "farewell", reason);
    }
    co_return reason.code;
}

asio::awaitable<Result<void>> HubStream::advance(protocol::HeadUpdate update) {
    const auto take = [this, &update] { return follower_.advance(update); };
    const Result<void> taken = co_await run_blocking(services_.pool, take);
    if (!taken) co_return raise_alarm(services_, "head", {to_errc(taken.error()), {}, {}});
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::refresh_keys() {
    co_return co_await refresh_register(services_, keys_, requests_);
}

asio::awaitable<Result<void>> HubStream::follow_register() {
    auto asked = std::chrono::steady_clock::now();
    while (!ended_) {
        static_cast<void>(co_await end_bell_.wait(end_bell_.rings(), kLookSoon));
        // A certificate that waits for its enrolment may have begun to while this waited.
        const bool waiting = services_.seals.waiting() || services_.tls.waiting();
        const auto now = std::chrono::steady_clock::now();
        if (ended_ || !welcomed_ || (!waiting && now - asked < kLookAgain)) continue;
        asked = now;
        // A connection of its own: the other serves what comes over the stream.
        const Result<void> followed =
            co_await refresh_register(services_, keys_, register_requests_);
        // What could not be asked now is asked later; what does not verify ends the stream.
        if (!followed && !services_.hub.alarm.empty()) co_return followed.error();
    }
    co_return Result<void>();
}

template <typename Shown>
asio::awaitable<Result<void>> HubStream::make_ready(const Shown& shown) {
    bool behind = false;
    const auto take = [this, &shown, &behind]() -> Result<void> {
        const Result<void> taken = follower_.advance(shown.head);
        if (taken) behind = needs_register(shown, keys_.keys());
        return taken;
    };
    const Result<void> taken = co_await run_blocking(services_.pool, take);
    if (!taken) co_return raise_alarm(services_, "head", {to_errc(taken.error()), {}, {}});
    if (behind) co_return co_await refresh_keys();
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::on_welcome(protocol::Welcome welcome) {
    const auto distrust = [this](Errc errc, std::string place) {
        return raise_alarm(services_, "welcome", {errc, std::move(place), {}});
    };
    if (welcome.origin != services_.log_key.name()) {
        co_return distrust(Errc::unknown_log_key, "origin");
    }
    if (welcome.charter != services_.charter_digest) {
        co_return distrust(Errc::charter_mismatch, "charter");
    }
    if (welcome.head.checkpoint.empty()) co_return distrust(Errc::bad_checkpoint, "head");
    const Result<void> advanced = co_await advance(std::move(welcome.head));
    if (!advanced) co_return advanced.error();
    TreeSize size;
    const auto pin = [this, &size] {
        size = follower_.size();
        return written(services_, services_.store.pin_head(follower_.note()));
    };
    const Result<void> pinned = co_await run_blocking(services_.pool, pin);
    if (!pinned) co_return pinned.error();
    const Result<void> keys = co_await refresh_keys();
    if (!keys) co_return keys.error();
    services_.hub.connected = true;
    services_.events.connected(size);
    services_.hub.last_error.clear();
    services_.logging.info("connected", {{"log_size", std::to_string(size.value())}});
    welcomed_ = true;
    services_.outbox_bell.ring();
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::on_outcome(protocol::Outcome outcome) {
    const Result<void> ready = co_await make_ready(outcome);
    if (!ready) co_return ready.error();
    const Result<void> settled = co_await outbox_.settle(std::move(outcome), follower_, keys_);
    if (!settled) co_return settled.error();
    retries_.connecting.progress();
    retries_.sending.progress();
    services_.hub.last_error.clear();
    services_.outbox_bell.ring();  // the window has room again
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::on_delivery(protocol::Delivery delivery, Bytes frame) {
    const Result<void> ready = co_await make_ready(delivery);
    if (!ready) co_return ready.error();
    Result<void> kept{};
    const auto check = [this, &delivery, &kept] {
        const std::shared_ptr<const crypto::TrustStore> trust = services_.trust.get();
        Checked<CheckedBatch> checked = check_delivery(
            delivery, {follower_, keys_.keys(), *trust, *services_.charter, services_.config.unit});
        if (checked && checked->register_head) {
            kept = written(services_, keys_.keep(*checked->register_head));
        }
        return checked;
    };
    Checked<CheckedBatch> batch = co_await run_blocking(services_.pool, check);
    if (!batch) co_return raise_alarm(services_, name_of(delivery.batch), batch.error());
    if (!kept) co_return kept.error();
    arrivals_.push_back({delivery.batch, std::move(frame), std::move(batch->leaves)});
    arrivals_bell_.ring();
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::store_all() {
    while (!ended_) {
        if (arrivals_.empty()) {
            const std::uint64_t seen = arrivals_bell_.rings();
            static_cast<void>(co_await arrivals_bell_.wait(seen, kLookAgain));
            continue;
        }
        CheckedDelivery delivery = std::move(arrivals_.front());
        arrivals_.pop_front();
        const LogIndex batch = delivery.batch;
        const std::size_t count = delivery.leaves.size();
        const Result<void> stored = co_await intake_.take(std::move(delivery));
        if (!stored) co_return stored.error();
        retries_.connecting.progress();
        services_.hub.received.add(services_.clock.now(), count);
        machine_.on_stored(batch);
        Bytes credit = protocol::encode(protocol::Credit{batch});
        const Result<void> told = co_await socket_->write(std::move(credit));
        if (!told) co_return told.error();
    }
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubStream::send_all() {
    Bell& bell = services_.outbox_bell;
    while (!ended_) {
        const std::uint64_t seen = bell.rings();
        const bool refused = outbox_.refused();
        // After a refusal all of the outbox is sent anew, once nothing of it is under way.
        if (!welcomed_ || !machine_.may_submit() || (refused && outbox_.under_way())) {
            static_cast<void>(co_await bell.wait(seen, kLookAgain));
            continue;
        }
        if (refused) {
            static_cast<void>(co_await pause_sending());
            outbox_.begin_again();
            continue;
        }
        Result<std::optional<protocol::Submit>> submit = co_await outbox_.next();
        if (!submit) {
            const Errc errc = to_errc(submit.error());
            services_.hub.last_error = code(errc);
            services_.logging.warning("batch_not_sent",
                                      {{"code", std::string(code(errc))},
                                       {"what", std::string(sentence(errc))},
                                       {"consequence", "it is tried again by itself"}});
            static_cast<void>(co_await pause_sending());
            continue;
        }
        if (!*submit) {
            static_cast<void>(co_await bell.wait(seen, kLookAgain));
            continue;
        }
        (*submit)->number = machine_.on_submit((*submit)->leaves.size());
        Bytes frame = protocol::encode(**std::move(submit));
        const Result<void> sent = co_await socket_->write(std::move(frame));
        if (!sent) co_return sent.error();
    }
    co_return Result<void>();
}

asio::awaitable<void> HubStream::pause_sending() {
    if (ended_) co_return;
    static_cast<void>(co_await end_bell_.wait(end_bell_.rings(), retries_.sending.next()));
}

}  // namespace tongbao::client
