#pragma once

#include "protocol/message.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
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

/// The stream is over, for this reason: the hub's own, or what the hub broke, which it is to be
/// told.
struct StreamEnded {
    Reason reason;
    bool by_hub{false};
};

using ClientAction = std::variant<Welcomed, Answered, Arrived, StreamEnded>;

/// The daemon's side of a stream. Decides without I/O; not thread-safe.
class ClientSession {
public:
    /// The first message of the stream.
    [[nodiscard]] Hello hello(std::optional<LogIndex> resume_after, TreeSize known_size);

    /// What to do on a message that came in a frame of `frame_bytes`.
    ///
    /// Ends with Errc::unsupported_version for a Welcome of another version; with
    /// Errc::protocol_violation for anything before the Welcome, a second one, a message that is
    /// the daemon's own, an answer that is not for the oldest batch under way or does not speak of
    /// each of its leaves, a delivery that is not later in the log than the one before (or than the
    /// one the Hello named), or one that was begun while kDeliveryWindowBytes were under way; with
    /// the hub's own reason on its Farewell.
    [[nodiscard]] ClientAction on_message(Message message, std::size_t frame_bytes);

    /// The delivery `batch` is durable: credit for it may go out. In the order of their arrival.
    void on_stored(LogIndex batch);

    /// Whether another batch may go out now.
    [[nodiscard]] bool may_submit() const noexcept;

    /// The number under which a batch of `leaves` leaves goes out.
    [[nodiscard]] std::uint64_t on_submit(std::size_t leaves);

private:
    struct UnderWay {
        std::uint64_t number;
        std::size_t leaves;
    };

    [[nodiscard]] ClientAction on_delivery(Delivery delivery, std::size_t frame_bytes);
    [[nodiscard]] ClientAction on_answer(std::uint64_t number,
                                         std::variant<Outcome, BatchRefused> answer);

    bool welcomed_{false};
    std::uint64_t next_number_{1};
    std::deque<UnderWay> under_way_;
    std::optional<LogIndex> last_delivery_;
    /// Deliveries that are not durable yet, with their bytes.
    std::deque<std::pair<LogIndex, std::size_t>> deliveries_under_way_;
    std::size_t bytes_under_way_{0};
};

}  // namespace tongbao::protocol
