#pragma once

#include "protocol/message.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <variant>

namespace tongbao::protocol {

/// The hub is who it should be: check its head, then submit and take deliveries.
struct Welcomed {
    Welcome welcome;
};

/// The oldest batch under way was answered.
struct Answered {
    std::variant<Outcome, BatchRefused> answer;
};

/// Something arrived: check it, store it, give credit.
struct Arrived {
    Delivery delivery;
};

/// The stream is over, for this reason.
struct StreamEnded {
    Reason reason;
};

using ClientAction = std::variant<Welcomed, Answered, Arrived, StreamEnded>;

/// The daemon's side of a stream. Decides without I/O; not thread-safe.
class ClientSession {
public:
    /// The first message of the stream.
    [[nodiscard]] static Hello hello(std::optional<LogIndex> resume_after, TreeSize known_size);

    /// What to do on a message.
    ///
    /// Ends with Errc::unsupported_version for a Welcome of another version; with
    /// Errc::protocol_violation for anything before the Welcome, a second one, a message that is
    /// the daemon's own, an answer that is not for the oldest batch under way or does not speak of
    /// each of its leaves, or a delivery that is not later in the log than the one before; with the
    /// hub's own reason on its Farewell.
    [[nodiscard]] ClientAction on_message(Message message);

    /// Whether another batch may go out now.
    [[nodiscard]] bool may_submit() const noexcept;

    /// The number under which a batch of `leaves` leaves goes out.
    [[nodiscard]] std::uint64_t on_submit(std::size_t leaves);

private:
    struct UnderWay {
        std::uint64_t number;
        std::size_t leaves;
    };

    [[nodiscard]] ClientAction on_answer(std::uint64_t number,
                                         std::variant<Outcome, BatchRefused> answer);

    bool welcomed_{false};
    std::uint64_t next_number_{1};
    std::deque<UnderWay> under_way_;
    std::optional<LogIndex> last_delivery_;
};

}  // namespace tongbao::protocol
