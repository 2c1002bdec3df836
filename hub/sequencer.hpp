#pragma once

#include "crypto/note_signer.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "hub/clock_watch.hpp"
#include "hub/deployment.hpp"
#include "hub/log_head.hpp"
#include "hub/merkle_log.hpp"
#include "hub/notice_index.hpp"
#include "hub/refusal_limit.hpp"
#include "hub/register_additions.hpp"
#include "hub/round.hpp"
#include "hub/verified_batch.hpp"
#include "program/logging.hpp"
#include "storage/head_file.hpp"
#include "storage/hub_store.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

namespace tongbao::hub {

/// What the sequencer writes to and reads from. All outlive it.
struct LogParts {
    storage::HubStore& store;
    storage::HeadFile& head_file;
    MerkleLog& tree;
    LogHead& head;
    const crypto::NoteSigner& signer;
};

/// Makes one commit durable, in the one order that recovery relies on: database, tree, head outside
/// the database, head shown to others. Then the commit may be acknowledged. Used for the register
/// at the start and by the sequencer ever after. `commit` comes without tiles and checkpoint. The
/// head outside outlives the process; a power cut only after HeadFile::sync.
///
/// Errors: those of the store and the head file; the process must end and recover by starting
/// again.
[[nodiscard]] Result<void> write_commit(LogParts& log, const LogOrigin& origin,
                                        storage::Commit commit,
                                        std::span<const Digest> leaf_hashes);

/// Shows the head of the log as a start found it, once it is durable outside the database: that may
/// lag behind, and what is shown or acknowledged must never be more than what stands there.
///
/// Errors: Errc::bad_checkpoint if the log's key is another log's; those of the head file.
[[nodiscard]] Result<void> show_head(LogParts& log, const LogOrigin& origin);

/// The time of the log's last entry, 1970 if there is none: entry times never decrease.
///
/// Errors: Errc::storage_corrupt if the entry can't be read; those of the store.
[[nodiscard]] Result<UtcTime> last_entry_time(const storage::HubStore& store);

/// How often the hub's clock is compared with what is due, however it runs meanwhile.
inline constexpr std::chrono::minutes kLookAtDue{1};

/// How a sequencer works.
struct SequencerSettings {
    std::uint32_t refusals_per_hour{1000};
    /// How much later than a commit the head outside the database outlives a power cut.
    std::chrono::milliseconds sync_head_within{1000};
    /// Whether so many bytes may be written (program::SpaceWatermark::admit), called by any thread;
    /// none: always.
    std::function<Result<void>(std::uint64_t bytes)> room{};
    /// Told of each notice once it is in the log, before its sender is; by the sequencer's thread.
    std::function<void(const Notice&)> logged{};
    /// Told when a clock is found wrong, and right again; called by the sequencer's thread.
    ClockWatch::Tell clock_told{};
    std::chrono::milliseconds look_every{kLookAtDue};
};

/// The one writer: gives each admitted leaf and each register entry its place in the log. Whatever
/// came while the last commit was being synced shares the next one (group commit). Between them it
/// does what escalations have due, in commits of their own, by the hub's clock: a timer only wakes
/// it. A thread of its own; a write that fails there ends the process, since what is on disk is
/// then unknown. A record that can't be read is the matter of the one batch that needs it; clocks
/// that can't be read, or found, are passed over until the next start.
class Sequencer {
public:
    /// Called from the sequencer's thread: must not block. With a batch when it is durable; with a
    /// reason if the batch as a whole gets no outcome and nothing of it was logged (Round::add).
    using Answer = std::function<void(Checked<SequencedBatch>)>;
    /// Called from the sequencer's thread after each commit with the units that have new mail.
    using Bell = std::function<void(const std::set<UnitId>&)>;
    /// Called from the sequencer's thread: must not block. What became of each of the entries that
    /// were asked for, in their order.
    using RegisterAnswer = std::function<void(std::vector<Result<void>>)>;

    /// All but `bell` and `settings` outlive the object. `last` is that of last_entry_time.
    Sequencer(Deployment& deployment, LogParts log, const NoticeIndex& notices, const Clock& clock,
              UtcTime last, program::Logging& logging, Bell bell,
              const SequencerSettings& settings);
    /// As stop().
    ~Sequencer();
    Sequencer(const Sequencer&) = delete;
    Sequencer& operator=(const Sequencer&) = delete;
    Sequencer(Sequencer&&) = delete;
    Sequencer& operator=(Sequencer&&) = delete;

    /// Takes a batch over. Thread-safe.
    ///
    /// Errors, `answer` is then never called: Errc::too_many_requests if more waits than memory is
    /// set aside for; Errc::storage_full if the disk has too little room for it and for all that
    /// waits, so that what was taken over can always be committed; Errc::shutting_down after
    /// stop().
    [[nodiscard]] Result<void> submit(VerifiedBatch batch, Answer answer);

    /// Has entries appended to the register: between the commits of batches, in one commit, before
    /// whatever waits. Each is judged for itself (RegisterAdditions::add_trusted, by the trust
    /// store of that moment); one that can't be added is left out. When `answer` is called they
    /// outlive a power cut, the head outside the database too, and `deployment.keys` has them.
    /// Thread-safe.
    ///
    /// Errors, `answer` is then never called: Errc::shutting_down after stop().
    [[nodiscard]] Result<void> change_register(std::vector<RegisterData> entries,
                                               RegisterAnswer answer);

    /// Commits what was taken over, then returns. Thread-safe, may be called twice.
    void stop();

private:
    struct Waiting {
        VerifiedBatch batch;
        Answer answer;
    };

    struct RegisterChange {
        std::vector<RegisterData> entries;
        RegisterAnswer answer;
    };

    /// What is done next.
    struct Work {
        std::deque<RegisterChange> changes;
        std::deque<Waiting> batches;
        /// There will be no more.
        bool last{false};
    };

    using Verdicts = std::vector<Checked<SequencedBatch>>;

    void run();
    /// What the next commits take, once there is something; none after a stop, and none when the
    /// head outside is due to be synced or clocks are to be looked at.
    [[nodiscard]] Work take();
    /// Until when to wait at most, by what is to be done without being asked.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> wait_until() const;
    /// Does what is due, if something is: one commit's worth.
    [[nodiscard]] Result<void> do_due_steps();
    /// Takes the time of the next look from the store.
    void find_next_look();
    /// Looks no more until the next start: the store can't tell what is due.
    void stop_looking(const boost::system::error_code& error);
    /// Makes the round's commit durable, if there is anything in it.
    [[nodiscard]] Result<void> write(Round& round);
    [[nodiscard]] Result<void> commit_register(std::deque<RegisterChange> changes);
    [[nodiscard]] Result<void> commit(std::deque<Waiting> waiting);
    /// The verdicts of all that wait, or none: one met a record that can't be read. That one was
    /// answered and waits no more.
    [[nodiscard]] std::optional<Verdicts> judge(Round& round, std::deque<Waiting>& waiting);
    [[nodiscard]] Result<void> finish(Round& round, const std::deque<Waiting>& waiting,
                                      Verdicts verdicts);
    void tell_logged(const VerifiedBatch& batch, const Checked<SequencedBatch>& verdict) const;
    [[nodiscard]] Result<void> sync_head();
    [[nodiscard]] UtcTime entry_time();

    Deployment& deployment_;
    LogParts log_;
    const NoticeIndex& notices_;
    const Clock& clock_;
    program::Logging& logging_;
    Bell bell_;
    const SequencerSettings settings_;
    RefusalLimit refusals_;
    ClockWatch clocks_;
    UtcTime last_time_;
    /// When the head outside is to be synced; none if it is.
    std::optional<std::chrono::steady_clock::time_point> sync_due_;
    /// Not later than the first clock is to be looked at.
    std::optional<UtcTime> next_look_;
    bool looking_{true};
    /// Something is due, and there is no room on the disk to say that it was done.
    bool waits_for_room_{false};
    /// Clocks that can't be read.
    std::set<ClockPlace> aside_;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;
    std::deque<RegisterChange> changes_;
    std::size_t queued_bytes_{0};
    bool stopping_{false};
    std::thread thread_;
};

}  // namespace tongbao::hub
