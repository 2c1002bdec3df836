#pragma once

#include "protocol/message.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <variant>

namespace tongbao::protocol {

/// Greet the daemon, and deliver what follows.
struct BeginStream {
    std::optional<LogIndex> resume_after;
    TreeSize known_size;
};

/// Judge this batch and answer under its number.
struct AdmitBatch {
    Submit submit;
};

/// The daemon has stored deliveries: more may go out.
struct WindowOpened {};

/// Say why, and close.
struct EndStream {
    Reason reason;
};

using HubAction = std::variant<BeginStream, AdmitBatch, WindowOpened, EndStream>;

/// The hub's side of a stream: what it does on each message, and how much it may send. Decides
/// without I/O; not thread-safe.
class HubSession {
public:
    /// What to do on a message. After an EndStream nothing more is to be done.
    ///
    /// Ends with Errc::unsupported_version for a Hello of another version; with
    /// Errc::protocol_violation for anything before the Hello, a second Hello, a message that is
    /// the hub's own, more than kSubmitWindow batches under way, or credit for what was not
    /// delivered; with the peer's own reason on its Farewell.
    [[nodiscard]] HubAction on_message(Message message);

    /// Whether another delivery may go out now: less than kDeliveryWindowBytes are under way.
    [[nodiscard]] bool may_deliver() const noexcept;

    /// A delivery of `bytes` went out. Deliveries go out in log order.
    void on_delivered(LogIndex batch, std::size_t bytes);

    /// A submitted batch was answered.
    void on_answered() noexcept;

private:
    [[nodiscard]] HubAction on_hello(const Hello& hello);
    [[nodiscard]] HubAction on_credit(const Credit& credit);

    bool greeted_{false};
    std::size_t batches_under_way_{0};
    std::deque<std::pair<LogIndex, std::size_t>> deliveries_under_way_;
    std::size_t bytes_under_way_{0};
};

}  // namespace tongbao::protocol
