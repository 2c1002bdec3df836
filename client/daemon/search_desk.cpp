#include "client/daemon/search_desk.hpp"

#include "program/blocking.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

/// Until an index that failed is tried again; sooner when something came.
constexpr std::chrono::seconds kTrySearchAgain{10};

constexpr const char* kSearchFile = "search.sqlite";

/// How many pieces of an index that was just made anew are read before a question is answered: all
/// of a small one, and a large one keeps nobody waiting for minutes.
constexpr int kPiecesBeforeAnswer = 32;

}  // namespace

std::string_view word(SearchState state) noexcept {
    switch (state) {
        case SearchState::catching_up:
            return "catching_up";
        case SearchState::current:
            return "current";
        case SearchState::failed:
            break;
    }
    return "failed";
}

void write_standing(protocol::JsonWriter& writer, const SearchStanding& standing) {
    writer.member("state", word(standing.state));
    if (standing.fault) writer.member("fault", code(*standing.fault));
}

SearchDesk::SearchDesk(SearchHome home, Bell& bell) : home_(std::move(home)), bell_(bell) {}

SearchDesk::~SearchDesk() {
    join();
}

void SearchDesk::join() {
    pool_.join();
    questions_.join();
}

void SearchDesk::stop() noexcept {
    stopping_ = true;
    bell_.ring();
}

asio::awaitable<void> SearchDesk::run() {
    while (!stopping_) {
        const std::uint64_t seen = bell_.rings();
        const Result<SearchStep> stepped = co_await run_blocking(pool_, [this] { return step(); });
        note(stepped);
        if (stepped && *stepped == SearchStep::more) continue;
        if (stopping_) break;
        const std::chrono::milliseconds limit = stepped ? kLookAgain : kTrySearchAgain;
        static_cast<void>(co_await bell_.wait(seen, limit));
    }
}

asio::awaitable<Result<void>> SearchDesk::catch_up() {
    for (;;) {
        const Result<SearchStep> stepped = co_await run_blocking(pool_, [this] { return step(); });
        note(stepped);
        if (!stepped) co_return stepped.error();
        if (*stepped == SearchStep::up_to_date) co_return Result<void>();
    }
}

asio::awaitable<Result<FoundPage>> SearchDesk::find(storage::SearchQuestion question) {
    if (!at_hand()) {
        // The first question may come before the first piece.
        const auto open_first = [this] { return at_hand() ? Result<void>() : open(); };
        const Result<void> opened = co_await run_blocking(pool_, open_first);
        if (!opened) co_return opened.error();
    }
    const auto ask_it = [this, &question] { return ask(question); };
    Result<FoundPage> found = co_await run_blocking(questions_, ask_it);
    if (found || found.error() != Errc::storage_corrupt) co_return found;
    const Result<void> mended = co_await run_blocking(pool_, [this] { return mend_and_read(); });
    bell_.ring();  // for what is left to read
    if (!mended) co_return mended.error();
    co_return co_await run_blocking(questions_, ask_it);
}

Result<FoundPage> SearchDesk::ask(const storage::SearchQuestion& question) const {
    const std::shared_ptr<const storage::SearchIndex> index = at_hand();
    if (!index) return Errc::storage_failure;
    FoundPage found;
    {
        const std::lock_guard lock(mutex_);
        found.complete = complete_;
    }
    Result<storage::SearchPage> page = index->find(question);
    if (!page) return page.error();
    found.page = *std::move(page);
    return found;
}

SearchStanding SearchDesk::standing() const {
    const std::lock_guard lock(mutex_);
    return standing_;
}

std::shared_ptr<storage::SearchIndex> SearchDesk::at_hand() const {
    const std::lock_guard lock(mutex_);
    return index_;
}

storage::SearchMaker SearchDesk::maker() const {
    return {home_.unit, home_.charter_digest};
}

void SearchDesk::set_complete(bool complete) {
    const std::lock_guard lock(mutex_);
    complete_ = complete;
}

Result<void> SearchDesk::open() {
    const auto report = [&logging = home_.logging](std::string_view fault) {
        logging.error("storage_fault", {{"words", std::string(fault)}});
    };
    Result<storage::OpenedSearch> opened =
        storage::open_search_index(home_.folder / kSearchFile, maker(), report);
    if (!opened) return opened.error();
    switch (opened->found) {
        case storage::SearchFileFound::nothing:
        case storage::SearchFileFound::kept:
            break;
        case storage::SearchFileFound::other_maker:
            home_.logging.info("search_made_anew",
                               {{"reason", "it was of another charter or unit"}});
            break;
        case storage::SearchFileFound::other_version:
            home_.logging.info("search_made_anew",
                               {{"reason", "it was of another version of this program"}});
            break;
        case storage::SearchFileFound::unreadable:
            home_.logging.warning("search_made_anew", {{"reason", "what was there can't be read"}});
            break;
    }
    const std::lock_guard lock(mutex_);
    index_ = std::move(opened->index);
    return {};
}

Result<SearchStep> SearchDesk::step() {
    if (!at_hand()) {
        const Result<void> opened = open();
        if (!opened) return opened.error();
    }
    Result<SearchStep> stepped = feed();
    if (stepped && *stepped == SearchStep::up_to_date) {
        mended_ = false;
        set_complete(true);
    }
    if (stepped || stepped.error() != Errc::storage_corrupt || mended_) return stepped;
    const Result<void> mended = mend();
    if (!mended) return mended.error();
    return SearchStep::more;
}

Result<SearchStep> SearchDesk::feed() {
    const Result<void> admitted = home_.admit ? home_.admit(0) : Result<void>();
    if (!admitted) return admitted.error();
    return feed_search(*at_hand(), {home_.store, *home_.charter, home_.unit, home_.read_table});
}

/// It follows from what the daemon has: what is damaged is made anew, once. If that does not help,
/// the damage is elsewhere.
Result<void> SearchDesk::mend() {
    mended_ = true;
    set_complete(false);
    home_.logging.warning("search_made_anew",
                          {{"reason", "it is damaged, or ahead of the daemon's database"}});
    const Result<void> begun = at_hand()->begin_anew(maker());
    if (begun) return {};
    // The next step opens it.
    const std::lock_guard lock(mutex_);
    index_.reset();
    return begun.error();
}

/// For who met damage with a question.
Result<void> SearchDesk::mend_and_read() {
    if (!mended_ && at_hand()) {
        const Result<void> mended = mend();
        if (!mended) return mended.error();
    }
    for (int piece = 0; piece < kPiecesBeforeAnswer; ++piece) {
        const Result<SearchStep> stepped = step();
        if (!stepped) return stepped.error();
        if (*stepped == SearchStep::up_to_date) break;
    }
    return {};
}

void SearchDesk::note(const Result<SearchStep>& step) {
    std::unique_lock lock(mutex_);
    const std::optional<Errc> before = standing_.fault;
    standing_.fault.reset();
    if (!step) standing_.fault = to_errc(step.error());
    const bool all = step && *step == SearchStep::up_to_date;
    standing_.state = !step ? SearchState::failed
                      : all ? SearchState::current
                            : SearchState::catching_up;
    const std::optional<Errc> now = standing_.fault;
    lock.unlock();
    if (now && now != before) {
        home_.logging.error("search_stopped",
                            {{"code", std::string(code(*now))},
                             {"what", std::string(sentence(*now))},
                             {"consequence", "it is tried again by itself, notices go on"}});
    }
    if (before && !now) home_.logging.info("search_goes_on");
}

}  // namespace tongbao::client
