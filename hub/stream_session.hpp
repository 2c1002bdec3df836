#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "hub/log_showing.hpp"
#include "hub/services.hpp"
#include "protocol/hub_session.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace tongbao::hub {

/// One daemon's stream: reads batches and credit, writes answers and deliveries. Two coroutines on
/// the connection's strand; what they decide is protocol::HubSession's.
class StreamSession : public std::enable_shared_from_this<StreamSession> {
public:
    /// `services` outlive the session; `certificate` is the SHA-256 of the daemon's certificate.
    StreamSession(Services& services, UnitId unit, const Digest& certificate,
                  std::shared_ptr<transport::WebSocket> socket);

    /// Serves the stream until either side ends it. Called once, on the connection's strand.
    ///
    /// Errors: why it ended, where that was no orderly close.
    [[nodiscard]] boost::asio::awaitable<Result<void>> run();

private:
    /// A batch in the order in which it came: answers go out in that order, whichever is ready
    /// first.
    struct Slot {
        /// Our own; the daemon's `number` need not be another one each time.
        std::uint64_t ticket;
        std::uint64_t number;
        std::optional<Checked<SequencedBatch>> verdict;
    };

    [[nodiscard]] boost::asio::awaitable<Result<void>> read_all();
    [[nodiscard]] boost::asio::awaitable<Result<void>> write_all();
    [[nodiscard]] boost::asio::awaitable<Result<void>> write_until_end();
    [[nodiscard]] boost::asio::awaitable<Result<void>> begin(protocol::BeginStream begin);
    [[nodiscard]] boost::asio::awaitable<Result<void>> admit(protocol::Submit submit);
    [[nodiscard]] boost::asio::awaitable<Result<void>> answer_next();
    [[nodiscard]] boost::asio::awaitable<Result<void>> deliver();
    [[nodiscard]] boost::asio::awaitable<Result<void>> say_farewell(Reason reason);
    /// Stands in the list of open streams until run() ends.
    [[nodiscard]] std::unique_ptr<OpenStreams::Place> enter_streams();
    /// Ends the stream because its certificate does not count any more. Once.
    void expel(const Reason& reason);

    /// Wakes the writing coroutine. On the strand, as is all but the constructor.
    void wake();
    /// Takes what became of a batch, and wakes.
    void settle(std::uint64_t ticket, Checked<SequencedBatch> verdict);
    [[nodiscard]] bool answer_ready() const {
        return !slots_.empty() && slots_.front().verdict.has_value();
    }

    Services& services_;
    UnitId unit_;
    Digest certificate_;
    std::shared_ptr<transport::WebSocket> socket_;
    protocol::HubSession machine_;
    boost::asio::steady_timer waker_;
    std::optional<LogShowing> showing_;
    std::unique_ptr<MailBell::Subscription> subscription_;
    std::optional<LogIndex> delivered_through_;
    std::deque<Slot> slots_;
    std::uint64_t next_ticket_{0};
    /// The Welcome went out: until then nothing else may.
    bool welcomed_{false};
    bool mail_waiting_{false};
    bool ended_{false};
    /// Why the hub ended the stream by itself.
    std::optional<Errc> expelled_;
};

}  // namespace tongbao::hub
