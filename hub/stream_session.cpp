#include "hub/stream_session.hpp"

#include "program/blocking.hpp"
#include "protocol/limits.hpp"
#include "protocol/message_codec.hpp"
#include "transport/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
using transport::kAsTuple;

/// Mailbox rows read at once: their notices are read one row at a time.
constexpr std::size_t kRowsAtOnce = 32;

}  // namespace

StreamSession::StreamSession(Services& services, UnitId unit, const Digest& certificate,
                             std::shared_ptr<transport::WebSocket> socket)
    : services_(services),
      unit_(std::move(unit)),
      certificate_(certificate),
      socket_(std::move(socket)),
      waker_(socket_->executor(), asio::steady_timer::time_point::max()) {}

asio::awaitable<Result<void>> StreamSession::run() {
    services_.logging.info("stream_opened", {{"unit", unit_.value()}});
    std::unique_ptr<OpenStreams::Place> place = enter_streams();
    // Whichever side ends first ends the other: its operations then answer with an error.
    const auto [read, written] = co_await (read_all() && write_until_end());
    subscription_.reset();
    place.reset();
    Result<void> reason = read ? written : read;
    if (expelled_) reason = *expelled_;
    services_.logging.info(
        "stream_closed",
        {{"unit", unit_.value()},
         {"reason", reason ? std::string("closed") : std::string(code(to_errc(reason.error())))}});
    co_return reason;
}

std::unique_ptr<OpenStreams::Place> StreamSession::enter_streams() {
    // Only the strand may hold the session: no other thread ever frees it.
    return services_.streams.enter(
        certificate_, [weak = weak_from_this(), executor = socket_->executor()](const Reason& why) {
            asio::post(executor, [weak, why] {
                const std::shared_ptr<StreamSession> self = weak.lock();
                if (self) self->expel(why);
            });
        });
}

void StreamSession::expel(const Reason& reason) {
    if (ended_ || expelled_) return;
    expelled_ = reason.code;
    ended_ = true;  // nothing else goes out
    wake();
    const auto told = [self = shared_from_this()](const std::exception_ptr& /*thrown*/,
                                                  Result<void> /*done*/) {
        // Told or not, it ends: the reading sees it.
        self->socket_->abort();
    };
    asio::co_spawn(socket_->executor(), say_farewell(reason), told);
}

void StreamSession::wake() {
    waker_.cancel();
}

asio::awaitable<Result<void>> StreamSession::read_all() {
    Result<void> result{};
    while (!ended_) {
        Result<Bytes> frame = co_await socket_->read();
        if (!frame) {
            result = frame.error();
            break;
        }
        Result<protocol::Message> message = protocol::decode(*frame);
        protocol::HubAction action =
            message ? machine_.on_message(*std::move(message))
                    : protocol::HubAction(protocol::EndStream{
                          {to_errc(message.error()), "frame", "can't be read"}});
        // The machine decides, this loop acts: no protocol rule lives below this line.
        if (auto* const start = std::get_if<protocol::BeginStream>(&action)) {
            result = co_await begin(*start);
        } else if (auto* const batch = std::get_if<protocol::AdmitBatch>(&action)) {
            result = co_await admit(std::move(batch->submit));
        } else if (const auto* const end = std::get_if<protocol::EndStream>(&action)) {
            result = co_await say_farewell(end->reason);
            if (result) result = end->reason.code;
        }
        if (!result) break;
        wake();
    }
    ended_ = true;
    wake();
    co_return result;
}

asio::awaitable<Result<void>> StreamSession::begin(protocol::BeginStream begin) {
    delivered_through_ = begin.resume_after;
    showing_.emplace(services_.store, services_.tree, services_.head, begin.known_size);
    const std::weak_ptr<StreamSession> weak = weak_from_this();
    subscription_ = services_.bell.subscribe(unit_, [weak, executor = socket_->executor()] {
        asio::post(executor, [weak] {
            const std::shared_ptr<StreamSession> self = weak.lock();
            if (!self) return;
            self->mail_waiting_ = true;
            self->wake();
        });
    });
    mail_waiting_ = true;
    LogShowing& showing = *showing_;
    Result<protocol::HeadUpdate> head =
        co_await program::run_blocking(services_.pool, [&showing] { return showing.update(); });
    if (!head) {
        const Errc errc = to_errc(head.error());
        Reason reason{errc, "known_size", {}};
        if (errc == Errc::log_rolled_back) {
            reason.explanation = "the daemon knows a longer log than this one";
        }
        const Result<void> told = co_await say_farewell(std::move(reason));
        if (!told) co_return told.error();
        co_return head.error();
    }
    protocol::Welcome welcome{protocol::kProtocolVersion, services_.deployment.origin.value(),
                              services_.deployment.charter_digest, *std::move(head)};
    Bytes frame = protocol::encode(std::move(welcome));
    const Result<void> written = co_await socket_->write(std::move(frame));
    welcomed_ = written.has_value();
    co_return written;
}

void StreamSession::settle(std::uint64_t ticket, Checked<SequencedBatch> verdict) {
    const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                   [ticket](const Slot& each) { return each.ticket == ticket; });
    if (slot == slots_.end()) return;
    slot->verdict = std::move(verdict);
    wake();
}

asio::awaitable<Result<void>> StreamSession::admit(protocol::Submit submit) {
    const std::uint64_t ticket = next_ticket_++;
    slots_.push_back({ticket, submit.number, std::nullopt});
    auto judge = [&admission = services_.admission, &unit = unit_,
                  submit = std::move(submit)]() mutable {
        return admission.admit(unit, std::move(submit));
    };
    Checked<VerifiedBatch> batch = co_await program::run_blocking(services_.pool, std::move(judge));
    if (!batch) {
        log_refused(services_.logging, unit_, batch.error());
        settle(ticket, batch.error());
        co_return Result<void>();
    }
    // Only the strand may hold the session: the sequencer's thread never frees it.
    const auto answer = [weak = weak_from_this(), executor = socket_->executor(),
                         ticket](Checked<SequencedBatch> verdict) {
        asio::post(executor, [weak, ticket, verdict = std::move(verdict)]() mutable {
            const std::shared_ptr<StreamSession> self = weak.lock();
            if (self) self->settle(ticket, std::move(verdict));
        });
    };
    const Result<void> taken = services_.sequencer.submit(*std::move(batch), answer);
    if (!taken) settle(ticket, Reason{to_errc(taken.error()), {}, {}});
    co_return Result<void>();
}

asio::awaitable<Result<void>> StreamSession::write_until_end() {
    Result<void> written = co_await write_all();
    if (!written) {
        ended_ = true;
        socket_->abort();
    }
    co_return written;
}

asio::awaitable<Result<void>> StreamSession::write_all() {
    while (!ended_) {
        if (welcomed_ && answer_ready()) {
            const Result<void> answered = co_await answer_next();
            if (!answered) co_return answered.error();
            continue;
        }
        if (welcomed_ && mail_waiting_ && machine_.may_deliver()) {
            const Result<void> delivered = co_await deliver();
            if (!delivered) co_return delivered.error();
            continue;
        }
        // Woken by answers, mail, credit and the end; the stream's own deadlines watch the peer.
        waker_.expires_at(asio::steady_timer::time_point::max());
        const auto [woken] = co_await waker_.async_wait(kAsTuple);
        if (woken && woken != asio::error::operation_aborted) co_return woken;
    }
    co_return Result<void>();
}

asio::awaitable<Result<void>> StreamSession::answer_next() {
    Slot slot = std::move(slots_.front());
    slots_.pop_front();
    machine_.on_answered();
    Checked<SequencedBatch>& verdict = *slot.verdict;
    if (!verdict) {
        Bytes frame = protocol::encode(protocol::BatchRefused{slot.number, verdict.error()});
        co_return co_await socket_->write(std::move(frame));
    }
    auto compose = [&showing = *showing_, number = slot.number,
                    batch = *std::move(verdict)]() mutable -> Result<Bytes> {
        Result<protocol::Outcome> outcome = showing.outcome(number, std::move(batch));
        if (!outcome) return outcome.error();
        return protocol::encode(*std::move(outcome));
    };
    Result<Bytes> frame = co_await program::run_blocking(services_.pool, std::move(compose));
    if (!frame) co_return frame.error();
    co_return co_await socket_->write(*std::move(frame));
}

asio::awaitable<Result<void>> StreamSession::deliver() {
    // What rings from here on is seen by the next round; what rang before is read now.
    mail_waiting_ = false;
    const auto read = [this] {
        return services_.store.read_mailbox(unit_, delivered_through_, kRowsAtOnce);
    };
    const Result<std::vector<storage::MailboxRow>> rows =
        co_await program::run_blocking(services_.pool, read);
    if (!rows) co_return rows.error();
    for (const storage::MailboxRow& row : *rows) {
        if (!machine_.may_deliver() || answer_ready() || ended_) {
            mail_waiting_ = true;
            co_return Result<void>();
        }
        const auto compose = [&showing = *showing_, &row]() -> Result<Bytes> {
            Result<protocol::Delivery> delivery = showing.delivery(row);
            if (!delivery) return delivery.error();
            return protocol::encode(*std::move(delivery));
        };
        Result<Bytes> frame = co_await program::run_blocking(services_.pool, compose);
        if (!frame) co_return frame.error();
        machine_.on_delivered(row.batch, frame->size());
        delivered_through_ = row.batch;
        const Result<void> written = co_await socket_->write(*std::move(frame));
        if (!written) co_return written.error();
    }
    if (rows->size() == kRowsAtOnce) mail_waiting_ = true;
    co_return Result<void>();
}

asio::awaitable<Result<void>> StreamSession::say_farewell(Reason reason) {
    Bytes frame = protocol::encode(protocol::Farewell{reason});
    const Result<void> written = co_await socket_->write(std::move(frame));
    if (!written) co_return written.error();
    co_return co_await socket_->close(transport::CloseCode::policy_violation,
                                      std::string(code(reason.code)));
}

}  // namespace tongbao::hub
