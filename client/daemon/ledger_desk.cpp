#include "client/daemon/ledger_desk.hpp"

#include "program/blocking.hpp"

#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

/// Until a ledger that failed is tried again; sooner when something came.
constexpr std::chrono::seconds kTryLedgerAgain{10};

constexpr const char* kLedgerFile = "ledger.sqlite";
constexpr const char* kFreshFile = "ledger.sqlite.new";
constexpr const char* kCheckFile = "ledger.sqlite.check";

}  // namespace

std::string_view word(LedgerState state) noexcept {
    switch (state) {
        case LedgerState::catching_up:
            return "catching_up";
        case LedgerState::current:
            return "current";
        case LedgerState::failed:
            return "failed";
        case LedgerState::rebuilding:
            return "rebuilding";
        case LedgerState::checking:
            return "checking";
    }
    return "failed";
}

/// A rebuild or check while it is under way.
class LedgerDesk::Task {
public:
    Task(LedgerDesk& desk, LedgerState state) : desk_(desk) {
        desk_.working_ = true;
        const std::lock_guard lock(desk_.mutex_);
        desk_.standing_.state = state;
    }
    ~Task() {
        desk_.working_ = false;
        const std::lock_guard lock(desk_.mutex_);
        desk_.standing_.state =
            desk_.standing_.fault ? LedgerState::failed : LedgerState::catching_up;
        desk_.standing_.progress.reset();
        desk_.bell_.ring();
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

private:
    LedgerDesk& desk_;
};

LedgerDesk::LedgerDesk(LedgerHome home, Bell& bell)
    : home_(std::move(home)), role_(ledger_role(*home_.charter, home_.unit)), bell_(bell) {
    standing_.role = role_;
}

LedgerDesk::~LedgerDesk() {
    join();
}

void LedgerDesk::join() {
    pool_.join();
    questions_.join();
}

Result<void> LedgerDesk::admit(std::uint64_t bytes) const {
    return home_.admit ? home_.admit(bytes) : Result<void>();
}

void LedgerDesk::stop() noexcept {
    stopping_ = true;
    bell_.ring();
}

asio::awaitable<void> LedgerDesk::run() {
    while (!stopping_) {
        const std::uint64_t seen = bell_.rings();
        const Checked<FeedStep> stepped = co_await run_blocking(pool_, [this] { return step(); });
        note(stepped);
        if (stepped && *stepped == FeedStep::more) continue;
        if (stopping_) break;
        const std::chrono::milliseconds limit = stepped ? kLookAgain : kTryLedgerAgain;
        static_cast<void>(co_await bell_.wait(seen, limit));
    }
}

asio::awaitable<Result<void>> LedgerDesk::catch_up() {
    for (;;) {
        const Checked<FeedStep> stepped = co_await run_blocking(pool_, [this] { return step(); });
        note(stepped);
        if (!stepped) co_return stepped.error().code;
        if (*stepped == FeedStep::up_to_date) co_return Result<void>();
    }
}

asio::awaitable<Result<storage::LedgerCounts>> LedgerDesk::rebuild() {
    if (working_) co_return Errc::already_running;
    const Task task(*this, LedgerState::rebuilding);
    auto made = co_await make(kFreshFile);
    if (!made) co_return made.error();
    const auto replace = [this, &fresh = *made]() -> Result<storage::LedgerCounts> {
        // What came since: nobody else feeds meanwhile.
        const Result<void> fed = feed_all(*fresh);
        if (!fed) return fed.error();
        if (!at_hand()) {
            const Result<void> opened = open();
            if (!opened) return opened.error();
        }
        const Result<void> replaced = at_hand()->replace_by(std::move(fresh));
        if (!replaced) return replaced.error();
        return at_hand()->counts();
    };
    const Result<storage::LedgerCounts> counts = co_await run_blocking(pool_, replace);
    if (counts) home_.logging.info("ledger_rebuilt", {{"cases", std::to_string(counts->cases)}});
    co_return counts;
}

asio::awaitable<Result<LedgerVerdict>> LedgerDesk::check() {
    if (working_) co_return Errc::already_running;
    const Task task(*this, LedgerState::checking);
    auto made = co_await make(kCheckFile);
    if (!made) co_return made.error();
    const auto look = [this, &fresh = *made] {
        Result<LedgerVerdict> verdict = compare(*fresh);
        fresh.reset();
        // One that stays behind goes at the next start.
        static_cast<void>(storage::remove_ledger(path(kCheckFile)));
        return verdict;
    };
    const Result<LedgerVerdict> verdict = co_await run_blocking(pool_, look);
    if (verdict && verdict->difference) {
        home_.logging.error("ledger_differs",
                            {{"case", verdict->difference->case_number},
                             {"rows", verdict->difference->what},
                             {"consequence", "answers about this case may be wrong"},
                             {"do", "tongbao ledger rebuild"}});
    }
    co_return verdict;
}

Result<LedgerVerdict> LedgerDesk::compare(storage::LedgerDatabase& fresh) const {
    const std::shared_ptr<storage::LedgerDatabase> kept = at_hand();
    if (!kept) return Errc::storage_failure;
    // Both must have read the same: what comes meanwhile may come between the two.
    for (;;) {
        const Result<void> one = feed_all(*kept);
        if (!one) return one.error();
        const Result<void> other = feed_all(fresh);
        if (!other) return other.error();
        const Result<storage::LedgerPositions> here = kept->positions();
        if (!here) return here.error();
        const Result<storage::LedgerPositions> there = fresh.positions();
        if (!there) return there.error();
        if (*here == *there) break;
    }
    LedgerVerdict verdict;
    const Result<storage::LedgerCounts> counts = fresh.counts();
    if (!counts) return counts.error();
    verdict.counts = *counts;
    Result<std::optional<storage::LedgerDifference>> difference =
        kept->first_difference(fresh.file());
    if (!difference) return difference.error();
    verdict.difference = *std::move(difference);
    return verdict;
}

asio::awaitable<Result<std::unique_ptr<storage::LedgerDatabase>>> LedgerDesk::make(
    const char* name) {
    using Made = Result<std::unique_ptr<storage::LedgerDatabase>>;
    const auto create = [this, name]() -> Made {
        // It becomes about as large as the one at hand.
        std::error_code none;
        const std::uintmax_t size = std::filesystem::file_size(path(kLedgerFile), none);
        const Result<void> admitted = admit(none ? 0 : size);
        if (!admitted) return admitted.error();
        return storage::create_ledger(path(name), maker(), report());
    };
    const auto give_up = [this, name](Made& made) {
        made = Errc::shutting_down;
        static_cast<void>(storage::remove_ledger(path(name)));
    };
    Made fresh = co_await run_blocking(pool_, create);
    while (fresh && !stopping_) {
        const auto more = [this, &fresh]() -> Result<FeedStep> {
            const Checked<FeedStep> stepped = feed(**fresh);
            if (!stepped) return stepped.error().code;
            const Result<storage::LedgerPositions> positions = (*fresh)->positions();
            if (!positions) return positions.error();
            const std::lock_guard lock(mutex_);
            standing_.progress = *positions;
            return *stepped;
        };
        const Result<FeedStep> stepped = co_await run_blocking(pool_, more);
        if (stepped && *stepped == FeedStep::up_to_date) co_return std::move(fresh);
        if (stepped) continue;
        give_up(fresh);
        co_return stepped.error();
    }
    if (!fresh) co_return fresh.error();
    give_up(fresh);
    co_return Errc::shutting_down;
}

LedgerStanding LedgerDesk::standing() const {
    const std::lock_guard lock(mutex_);
    return standing_;
}

std::shared_ptr<const storage::LedgerDatabase> LedgerDesk::ledger() const {
    return at_hand();
}

std::shared_ptr<storage::LedgerDatabase> LedgerDesk::at_hand() const {
    const std::lock_guard lock(mutex_);
    return ledger_;
}

storage::LedgerMaker LedgerDesk::maker() const {
    return {home_.unit, role_, home_.charter_digest};
}

storage::FaultReport LedgerDesk::report() const {
    return [&logging = home_.logging](std::string_view fault) {
        logging.error("storage_fault", {{"words", std::string(fault)}});
    };
}

std::filesystem::path LedgerDesk::path(const char* name) const {
    return home_.folder / name;
}

Result<void> LedgerDesk::open() {
    // What a rebuild or check left that did not come to its end.
    for (const char* const name : {kFreshFile, kCheckFile}) {
        static_cast<void>(storage::remove_ledger(path(name)));
    }
    Result<storage::OpenedLedger> opened =
        storage::open_ledger(path(kLedgerFile), maker(), report());
    if (!opened) return opened.error();
    if (opened->found == storage::LedgerFound::other_maker) {
        home_.logging.info("ledger_made_anew",
                           {{"reason", "it was of another charter, unit or role"}});
    }
    if (opened->found == storage::LedgerFound::unreadable) {
        home_.logging.warning("ledger_made_anew",
                              {{"reason", "what was there can't be read"},
                               {"kept_as", path(kLedgerFile).string() + ".unreadable"}});
    }
    const std::lock_guard lock(mutex_);
    ledger_ = std::move(opened->database);
    return {};
}

Checked<FeedStep> LedgerDesk::step() {
    if (!at_hand()) {
        const Result<void> opened = open();
        if (!opened) return Reason{to_errc(opened.error()), {}, {}};
    }
    Checked<FeedStep> stepped = feed(*at_hand());
    if (stepped && *stepped == FeedStep::up_to_date) mended_ = false;
    if (stepped || stepped.error().code != Errc::storage_corrupt || mended_) return stepped;
    // One made anew would come to the same delivery: nothing would be better but what was lost.
    if (!stepped.error().place.empty()) return stepped;
    const Result<void> mended = mend();
    if (!mended) return Reason{to_errc(mended.error()), {}, {}};
    return FeedStep::more;
}

/// It follows from what the daemon has: what is damaged is made anew, once. If that does not help,
/// the damage is elsewhere.
Result<void> LedgerDesk::mend() {
    mended_ = true;
    home_.logging.warning(
        "ledger_made_anew",
        {{"reason", "it is damaged"}, {"kept_as", path(kLedgerFile).string() + ".unreadable"}});
    const Result<void> begun = at_hand()->begin_anew(maker());
    if (begun) return {};
    // The next step opens it.
    const std::lock_guard lock(mutex_);
    ledger_.reset();
    return begun.error();
}

Checked<FeedStep> LedgerDesk::feed(storage::LedgerDatabase& ledger) const {
    const Result<void> admitted = admit(0);
    if (!admitted) return Reason{to_errc(admitted.error()), {}, {}};
    return feed_ledger(ledger, home_.store, *home_.charter, role_);
}

Result<void> LedgerDesk::feed_all(storage::LedgerDatabase& ledger) const {
    for (;;) {
        const Checked<FeedStep> stepped = feed(ledger);
        if (!stepped) return stepped.error().code;
        if (*stepped == FeedStep::up_to_date) return {};
    }
}

void LedgerDesk::note(const Checked<FeedStep>& step) {
    std::unique_lock lock(mutex_);
    const std::optional<Errc> before = standing_.fault;
    standing_.fault.reset();
    standing_.damaged.clear();
    if (!step) {
        standing_.fault = step.error().code;
        standing_.damaged = step.error().place;
    }
    const std::string damaged = standing_.damaged;
    if (!working_) {
        const bool all = step && *step == FeedStep::up_to_date;
        standing_.state = !step ? LedgerState::failed
                          : all ? LedgerState::current
                                : LedgerState::catching_up;
    }
    const std::optional<Errc> now = standing_.fault;
    lock.unlock();
    if (now && now != before) {
        home_.logging.error("ledger_stopped",
                            {{"code", std::string(code(*now))},
                             {"what", std::string(sentence(*now))},
                             {"place", damaged},
                             {"consequence", "it is tried again by itself, notices go on"}});
    }
    if (before && !now) home_.logging.info("ledger_goes_on");
}

}  // namespace tongbao::client
