#pragma once

#include "client/daemon/bell.hpp"
#include "client/ledger/ledger_feed.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "program/logging.hpp"
#include "protocol/json_writer.hpp"
#include "storage/daemon_store.hpp"
#include "storage/ledger_database.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace tongbao::client {

/// What the ledger is doing.
enum class LedgerState : std::uint8_t {
    catching_up,  ///< reads what is there since it was last read, or since ever
    current,      ///< has read all
    failed,       ///< can't go on, and tries again by itself
    rebuilding,   ///< the one at hand goes on meanwhile
    checking,
};

/// `catching_up`, `current`, …
[[nodiscard]] std::string_view word(LedgerState state) noexcept;

/// Where the case ledger stands.
struct LedgerStanding {
    LedgerRole role{};
    LedgerState state{};
    /// While it failed, why.
    std::optional<Errc> fault;
    /// While it failed for what the daemon's database holds, what that is, such as `delivery 12`.
    std::string damaged;
    /// While it is rebuilt or checked, up to where that came.
    std::optional<storage::LedgerPositions> progress;
};

/// `role`, `state` and, where they are, `fault` and `damaged`: members of the object under way.
void write_standing(protocol::JsonWriter& writer, const LedgerStanding& standing);

/// What a check found: what was compared, and the first difference if there is one.
struct LedgerVerdict {
    storage::LedgerCounts counts;
    std::optional<storage::LedgerDifference> difference;
};

/// What the ledger of a daemon is kept for and with.
struct LedgerHome {
    UnitId unit;
    std::shared_ptr<const Charter> charter;
    Digest charter_digest;
    /// Where `ledger.sqlite` lies.
    std::filesystem::path folder;
    const storage::DaemonStore& store;
    program::Logging& logging;
    /// Whether so many bytes more leave the disk the room that the daemon needs, or
    /// Errc::storage_full: notices go before their ledger. None: there is always room. Any thread.
    std::function<Result<void>(std::uint64_t bytes)> admit{};
};

/// Keeps the case ledger of a daemon: opens it, feeds it whenever something came or was settled,
/// rebuilds and checks it. A damaged one is made anew, but not where the damage is in the daemon's
/// database: then it stands still in front of that, and says what it is. All of that is done piece
/// by piece on a thread of its own, and questions on another one, so nothing the daemon does for
/// notices waits for it. If it fails, or the disk has no room beside what notices need, the daemon
/// works on: the running log says so once, GET /v1/status as long as it lasts, and it is tried
/// again with pauses.
///
/// run(), stop(), rebuild(), check() on the daemon's thread; the rest on any.
class LedgerDesk {
public:
    /// Whatever `home` refers to and `bell`, which is rung when there may be something to read,
    /// outlive the object.
    LedgerDesk(LedgerHome home, Bell& bell);
    ~LedgerDesk();
    LedgerDesk(const LedgerDesk&) = delete;
    LedgerDesk& operator=(const LedgerDesk&) = delete;

    /// Keeps the ledger up to date until stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    void stop() noexcept;
    /// Waits until its thread has ended what it does; nothing is done after that.
    void join();

    /// The same until there is nothing more to read. Errors: those of feed_ledger and open_ledger.
    [[nodiscard]] boost::asio::awaitable<Result<void>> catch_up();

    /// Makes a ledger from nothing and puts it in place of the one at hand, which serves meanwhile.
    ///
    /// Errors: Errc::already_running while a rebuild or check is under way; Errc::shutting_down;
    /// those of feed_ledger and create_ledger, after which the one at hand stays.
    [[nodiscard]] boost::asio::awaitable<Result<storage::LedgerCounts>> rebuild();

    /// Makes a second ledger from nothing and compares all rows of both. Errors: as rebuild.
    [[nodiscard]] boost::asio::awaitable<Result<LedgerVerdict>> check();

    [[nodiscard]] LedgerStanding standing() const;

    /// Where it is asked.
    [[nodiscard]] boost::asio::thread_pool& questions() noexcept { return questions_; }

    /// To ask it; nullptr while it can't be opened. It may change while it is asked.
    [[nodiscard]] std::shared_ptr<const storage::LedgerDatabase> ledger() const;

private:
    class Task;

    [[nodiscard]] storage::LedgerMaker maker() const;
    [[nodiscard]] storage::FaultReport report() const;
    [[nodiscard]] std::filesystem::path path(const char* name) const;
    [[nodiscard]] Result<void> admit(std::uint64_t bytes) const;
    [[nodiscard]] std::shared_ptr<storage::LedgerDatabase> at_hand() const;

    // On the ledger's thread.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Checked<FeedStep> step();
    [[nodiscard]] Checked<FeedStep> feed(storage::LedgerDatabase& ledger) const;
    [[nodiscard]] Result<void> feed_all(storage::LedgerDatabase& ledger) const;
    [[nodiscard]] Result<void> mend();
    [[nodiscard]] Result<LedgerVerdict> compare(storage::LedgerDatabase& fresh) const;

    /// A ledger of everything there is, in a file of that name.
    [[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<storage::LedgerDatabase>>> make(
        const char* name);
    void note(const Checked<FeedStep>& step);

    const LedgerHome home_;
    const LedgerRole role_;
    Bell& bell_;
    bool stopping_{false};
    bool working_{false};
    /// Whether a damaged ledger was begun anew since it was last whole: not again and again.
    bool mended_{false};
    mutable std::mutex mutex_;
    std::shared_ptr<storage::LedgerDatabase> ledger_;
    LedgerStanding standing_;
    boost::asio::thread_pool pool_{1};
    boost::asio::thread_pool questions_{1};
};

}  // namespace tongbao::client
