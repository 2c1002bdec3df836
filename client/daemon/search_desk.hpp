#pragma once

#include "client/daemon/bell.hpp"
#include "client/daemon/search_feed.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "program/logging.hpp"
#include "protocol/json_writer.hpp"
#include "storage/daemon_store.hpp"
#include "storage/search_index.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

namespace tongbao::client {

/// What the index of what can be found is doing.
enum class SearchState : std::uint8_t {
    catching_up,  ///< reads what is there since it was last read, or since ever
    current,      ///< has read all
    failed,       ///< can't go on, and tries again by itself
};

/// `catching_up`, `current`, `failed`.
[[nodiscard]] std::string_view word(SearchState state) noexcept;

/// Where the index stands.
struct SearchStanding {
    SearchState state{SearchState::catching_up};
    /// While it failed, why.
    std::optional<Errc> fault;
};

/// `state` and, if there is one, `fault`: members of the object under way.
void write_standing(protocol::JsonWriter& writer, const SearchStanding& standing);

/// What the index of a daemon is kept for and with.
struct SearchHome {
    UnitId unit;
    std::shared_ptr<const Charter> charter;
    Digest charter_digest;
    /// Where `search.sqlite` lies.
    std::filesystem::path folder;
    const storage::DaemonStore& store;
    program::Logging& logging;
    ReadTable read_table;
    /// Whether so many bytes more leave the disk the room that the daemon needs, or
    /// Errc::storage_full: notices go before what finds them. None: there is always room. Any
    /// thread.
    std::function<Result<void>(std::uint64_t bytes)> admit{};
};

/// What was found.
struct FoundPage {
    storage::SearchPage page;
    /// Whether the index had read everything since it was opened or made anew: else there may be
    /// more to find.
    bool complete{false};
};

/// Keeps the index of what a unit holds: opens it, feeds it whenever something came or was settled,
/// makes it anew where it is damaged, and asks it. Feeding is done piece by piece on a thread of
/// its own, and questions on another one, so nothing that the daemon does for notices waits for it.
/// If it fails, or the disk has no room beside what notices need, the daemon works on: the running
/// log says so once, GET /v1/status as long as it lasts, and it is tried again with pauses.
///
/// run(), stop(), catch_up(), find() on the daemon's thread; the rest on any.
class SearchDesk {
public:
    /// Whatever `home` refers to and `bell`, which is rung when there may be something to read,
    /// outlive the object.
    SearchDesk(SearchHome home, Bell& bell);
    ~SearchDesk();
    SearchDesk(const SearchDesk&) = delete;
    SearchDesk& operator=(const SearchDesk&) = delete;

    /// Keeps the index up to date until stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    void stop() noexcept;
    /// Waits until its threads have ended what they do; nothing is done after that.
    void join();

    /// The same until there is nothing more to read. Errors: those of feed_search and
    /// open_search_index.
    [[nodiscard]] boost::asio::awaitable<Result<void>> catch_up();

    /// Damage that is met is no error: the index is made anew, and what could be read again by then
    /// is given.
    ///
    /// Errors: those of SearchIndex::find and, while the index can't be opened or made anew, of
    /// open_search_index.
    [[nodiscard]] boost::asio::awaitable<Result<FoundPage>> find(storage::SearchQuestion question);

    [[nodiscard]] SearchStanding standing() const;

private:
    [[nodiscard]] storage::SearchMaker maker() const;
    [[nodiscard]] std::shared_ptr<storage::SearchIndex> at_hand() const;
    [[nodiscard]] Result<FoundPage> ask(const storage::SearchQuestion& question) const;

    // On the index's thread.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<SearchStep> step();
    [[nodiscard]] Result<SearchStep> feed();
    [[nodiscard]] Result<void> mend();
    [[nodiscard]] Result<void> mend_and_read();

    void set_complete(bool complete);
    void note(const Result<SearchStep>& step);

    const SearchHome home_;
    Bell& bell_;
    bool stopping_{false};
    /// Whether a damaged index was begun anew since it was last whole: not again and again.
    bool mended_{false};
    mutable std::mutex mutex_;
    std::shared_ptr<storage::SearchIndex> index_;
    bool complete_{false};
    SearchStanding standing_;
    boost::asio::thread_pool pool_{1};
    boost::asio::thread_pool questions_{1};
};

}  // namespace tongbao::client
