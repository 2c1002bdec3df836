#pragma once

#include "client/daemon/bell.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/daemon_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What happens at the daemon, for programs that do not want to ask again and again. What is
/// durable (arrived, acted, accepted, refused) is read from the store by each reader at his own
/// pace, so nothing is kept in memory for a slow one and none is lost at a restart. What is not
/// (alarm, connected, disconnected, reminder) is kept for a short while, and the newest state of
/// the first three is told to every reader at the start.
namespace tongbao::client {

/// One server-sent event (HTML Living Standard, section 9.2).
struct Event {
    /// What a reader hands back to go on behind this one; empty for an event that is not durable.
    std::string id;
    std::string name;
    std::string data;  ///< JSON in one line

    friend bool operator==(const Event&, const Event&) = default;
};

/// The event's lines and the empty one behind them.
[[nodiscard]] std::string write_event(const Event& event);

/// Up to where a reader has been told.
struct EventPlace {
    /// Of what came from others: everything below this log index.
    std::uint64_t next_index{0};
    /// Of this unit's own: everything up to this place in the order of its outbox.
    std::uint64_t settled{0};

    friend bool operator==(const EventPlace&, const EventPlace&) = default;
};

/// `18.4`: entries below 18, own items up to 4. `0.0` is the beginning of all.
[[nodiscard]] std::string format_event_place(const EventPlace& place);

/// Errors: Errc::bad_value for what format_event_place did not write.
[[nodiscard]] Result<EventPlace> parse_event_place(std::string_view text);

/// The place behind everything that is there. Blocks. Errors: those of the store.
[[nodiscard]] Result<EventPlace> newest_event_place(const storage::DaemonStore& store);

/// At most `limit` durable events behind `place`, which moves along: first those from others, in
/// the log's order, then the unit's own, in the outbox's. Of the keeper of the case ledger,
/// `keeper`, what it only keeps is left out: notices of others to others and acts on them. There is
/// no more if `place` did not move. The `delivered` acts that the daemon gives by itself are told
/// only if they were refused. Blocks.
///
/// Errors: those of the store; Errc::storage_corrupt for a delivery that can't be read.
[[nodiscard]] Result<std::vector<Event>> read_events(const storage::DaemonStore& store,
                                                     EventPlace& place, std::size_t limit,
                                                     const UnitId* keeper = nullptr);

/// Wakes the readers, and tells them what is not durable. On the daemon's thread.
class EventFeed {
public:
    /// So many events that are not durable are kept; who is further behind is cut.
    static constexpr std::size_t kKept = 64;
    static constexpr std::size_t kMaxReaders = 16;

    explicit EventFeed(boost::asio::any_io_executor executor) : bell_(std::move(executor)) {
        disconnected(Errc::hub_unavailable);
    }

    /// Something durable happened.
    void ring() { bell_.ring(); }
    void connected(TreeSize log_size);
    /// Told once until connected() again: a daemon tries on for as long as it takes.
    void disconnected(Errc why);
    void alarm(const std::string& words);
    /// What posts of the unit are reminded of, as JSON.
    void reminder(std::string data) { tell({"", "reminder", std::move(data)}); }
    /// The alarm over keys that the unit did not ask for; empty: there are none any more.
    void own_keys(const std::string& words);
    /// Every reader ends, and no other begins.
    void close();

    /// A reader's place among the readers, as long as it lives.
    class Seat {
    public:
        explicit Seat(EventFeed& feed) : feed_(&feed) { ++feed_->readers_; }
        Seat(const Seat&) = delete;
        Seat& operator=(const Seat&) = delete;
        Seat(Seat&&) = delete;
        Seat& operator=(Seat&&) = delete;
        ~Seat() { --feed_->readers_; }

    private:
        EventFeed* feed_;
    };
    [[nodiscard]] bool is_full() const noexcept { return readers_ >= kMaxReaders; }
    [[nodiscard]] bool is_closed() const noexcept { return closed_; }

    [[nodiscard]] Bell& bell() noexcept { return bell_; }
    /// How the daemon stands with its hub: connected or disconnected, and the alarms that
    /// there are.
    [[nodiscard]] std::vector<Event> state() const;
    /// How many events that are not durable there were.
    [[nodiscard]] std::uint64_t told() const noexcept { return told_; }
    /// Those after the first `seen`, which is moved along; none if some of them are gone.
    [[nodiscard]] std::optional<std::vector<Event>> since(std::uint64_t& seen) const;

private:
    void tell(Event event);

    Bell bell_;
    std::deque<Event> kept_;
    std::uint64_t told_{0};
    Event link_;
    std::optional<Event> alarm_;
    std::optional<Event> own_keys_;
    std::size_t readers_{0};
    bool closed_{false};
};

}  // namespace tongbao::client
