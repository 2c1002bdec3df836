#include "hub/sequencer.hpp"

#include "hub/admission.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tongbao::hub {
namespace {

/// What may wait for the disk: some seconds of the fastest senders.
constexpr std::size_t kMaxQueuedBytes = 64ull * 1024 * 1024;
/// What a commit of escalations' steps takes at most, about: entries and records.
constexpr std::size_t kStepsBytes = 4ull * 1024 * 1024;
/// Leaves in one commit, so that one commit's memory and the wait behind it stay bounded.
constexpr std::size_t kMaxLeavesPerCommit = 8192;

/// Signs a head, writes it outside the database, then shows it.
Result<void> publish(LogParts& log, const Checkpoint& checkpoint) {
    Result<std::string> note = crypto::sign_checkpoint(checkpoint, log.signer);
    if (!note) return note.error();
    const Result<void> kept = log.head_file.write(*note);
    if (!kept) return kept.error();

    // If we stop here, the head outside says that the database must be at least so long.
    log.head.set({checkpoint, *std::move(note)});
    return {};
}

}  // namespace

Result<UtcTime> last_entry_time(const storage::HubStore& store) {
    const TreeSize size = store.size();
    if (size.value() == 0) return UtcTime();
    const Result<std::vector<Bytes>> entries = store.read_entries(LogIndex(size.value() - 1), 1);
    if (!entries) return entries.error();
    const Checked<LogEntry> entry = protocol::read_log_entry(entries->front());
    if (!entry) return Errc::storage_corrupt;
    return entry->time;
}

Result<void> write_commit(LogParts& log, const LogOrigin& origin, storage::Commit commit,
                          std::span<const Digest> leaf_hashes) {
    MerkleLog::Extension next = log.tree.prepare(leaf_hashes);
    const Checkpoint checkpoint{origin, next.size, next.root};
    commit.tiles = std::move(next.tiles);
    commit.checkpoint = format_checkpoint(checkpoint);

    // If we stop here, nothing of the commit is there, and nobody was told of it.
    const Result<void> durable = log.store.commit(commit);
    if (!durable) return durable.error();

    // If we stop here, the commit is there and unacknowledged: senders send again and get the same
    // answer. The head outside lags behind the database, which a start accepts.
    log.tree.adopt(std::move(next));
    return publish(log, checkpoint);
}

Result<void> show_head(LogParts& log, const LogOrigin& origin) {
    const Result<void> shown = publish(log, {origin, log.tree.size(), log.tree.root()});
    if (!shown) return shown.error();
    return log.head_file.sync();
}

Sequencer::Sequencer(Deployment& deployment, LogParts log, const NoticeIndex& notices,
                     const Clock& clock, UtcTime last, program::Logging& logging, Bell bell,
                     const SequencerSettings& settings)
    : deployment_(deployment),
      log_(log),
      notices_(notices),
      clock_(clock),
      logging_(logging),
      bell_(std::move(bell)),
      settings_(settings),
      refusals_(settings.refusals_per_hour),
      clocks_(settings.clock_told),
      last_time_(last),
      thread_([this] { run(); }) {}

Sequencer::~Sequencer() {
    stop();
}

Result<void> Sequencer::submit(VerifiedBatch batch, Answer answer) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return Errc::shutting_down;
        if (queued_bytes_ + batch.bytes() > kMaxQueuedBytes) return Errc::too_many_requests;
        if (settings_.room) {
            const Result<void> room = settings_.room(queued_bytes_ + batch.bytes());
            if (!room) return room.error();
        }
        queued_bytes_ += batch.bytes();
        queue_.push_back({std::move(batch), std::move(answer)});
    }
    wake_.notify_one();
    return {};
}

Result<void> Sequencer::change_register(std::vector<RegisterData> entries, RegisterAnswer answer) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return Errc::shutting_down;
        changes_.push_back({std::move(entries), std::move(answer)});
    }
    wake_.notify_one();
    return {};
}

void Sequencer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Sequencer::run() {
    clocks_.on_clock(clock_.now(), last_time_);
    find_next_look();
    Result<void> good{};
    for (bool stopped = false; good.has_value() && !stopped;) {
        Work work = take();
        stopped = work.last && !sync_due_;
        if (!work.changes.empty()) good = commit_register(std::move(work.changes));
        if (good.has_value() && !work.batches.empty()) good = commit(std::move(work.batches));
        if (good.has_value() && !work.last) good = do_due_steps();
        const bool due = sync_due_ && std::chrono::steady_clock::now() >= *sync_due_;
        if (good.has_value() && due) good = sync_head();
    }
    if (good.has_value()) return;
    logging_.error("log_write_failed",
                   {{"code", std::string(code(to_errc(good.error())))},
                    {"consequence", "the hub ends; start it again to recover what is on disk"}});
    logging_.flush();
    std::abort();
}

Sequencer::Work Sequencer::take() {
    const auto some = [this] { return stopping_ || !queue_.empty() || !changes_.empty(); };
    std::unique_lock lock(mutex_);
    if (const auto until = wait_until()) {
        wake_.wait_until(lock, *until, some);
    } else {
        wake_.wait(lock, some);
    }
    Work work{std::exchange(changes_, {}), {}, false};
    work.last = queue_.empty() && work.changes.empty() && stopping_;
    if (work.last && sync_due_) sync_due_ = std::chrono::steady_clock::now();
    std::size_t leaves = 0;
    while (!queue_.empty() && leaves < kMaxLeavesPerCommit) {
        leaves += queue_.front().batch.leaves().size();
        queued_bytes_ -= queue_.front().batch.bytes();
        work.batches.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return work;
}

std::optional<std::chrono::steady_clock::time_point> Sequencer::wait_until() const {
    std::optional<std::chrono::steady_clock::time_point> until = sync_due_;
    if (!next_look_) return until;
    using std::chrono::milliseconds;
    // A clock that stands at that very moment would be asked again and again.
    constexpr milliseconds kShortest{5};
    milliseconds left = settings_.look_every;
    if (!waits_for_room_) {
        // Due is what was to be done before now.
        const milliseconds due = *next_look_ - clock_.now() + milliseconds(1);
        left = due <= milliseconds(0) ? due : std::max(due, kShortest);
    }
    const auto look =
        std::chrono::steady_clock::now() + std::clamp(left, milliseconds(0), settings_.look_every);
    return until ? std::min(*until, look) : look;
}

void Sequencer::find_next_look() {
    next_look_.reset();
    if (deployment_.clocks == nullptr || !looking_) return;
    const Result<std::vector<storage::LookRow>> rows = log_.store.read_looks(aside_.size() + 1);
    if (!rows) return stop_looking(rows.error());
    for (const storage::LookRow& row : *rows) {
        if (aside_.contains({row.notice, row.unit})) continue;
        next_look_ = row.at;
        break;
    }
}

void Sequencer::stop_looking(const boost::system::error_code& error) {
    looking_ = false;
    next_look_.reset();
    logging_.error("due_not_found", {{"code", std::string(code(to_errc(error)))},
                                     {"consequence",
                                      "steps of escalations wait for the next start; notices and "
                                      "acts are logged as ever"}});
}

Result<void> Sequencer::do_due_steps() {
    if (!looking_ || !next_look_) return {};
    if (*next_look_ >= std::max(last_time_, clock_.now())) return {};
    // On a full disk the write would end the process, again and again: steps can wait, readers not.
    waits_for_room_ = settings_.room && !settings_.room(kStepsBytes);
    if (waits_for_room_) return {};
    RefusalLimit none = refusals_;
    Round round(deployment_, log_.store, notices_, none, entry_time());
    const Result<void> done = round.do_due_steps(aside_);
    if (!done) {
        stop_looking(done.error());
        return {};
    }
    const Result<void> written = write(round);
    if (!written) return written.error();
    find_next_look();
    return {};
}

Result<void> Sequencer::write(Round& round) {
    storage::Commit commit = round.take_commit();
    if (commit.entries.empty() && commit.clocks.empty()) return {};
    const Result<void> written =
        write_commit(log_, deployment_.origin, std::move(commit), round.leaf_hashes());
    if (!written) return written.error();
    if (!sync_due_) sync_due_ = std::chrono::steady_clock::now() + settings_.sync_head_within;
    const std::optional<UtcTime> look = round.next_look();
    if (looking_ && look && (!next_look_ || *look < *next_look_)) next_look_ = look;
    return {};
}

Result<void> Sequencer::sync_head() {
    sync_due_.reset();
    return log_.head_file.sync();
}

UtcTime Sequencer::entry_time() {
    const UtcTime now = clock_.now();
    clocks_.on_clock(now, last_time_);
    last_time_ = std::max(last_time_, now);
    return last_time_;
}

Result<void> Sequencer::commit_register(std::deque<RegisterChange> changes) {
    RegisterAdditions additions(*deployment_.keys.get(), log_.store.size(), entry_time());
    const std::shared_ptr<const crypto::TrustStore> trust = deployment_.trust.get();
    std::vector<std::vector<Result<void>>> results;
    results.reserve(changes.size());
    for (const RegisterChange& change : changes) {
        results.push_back(additions.add_all(change.entries, *trust));
    }
    if (!additions.empty()) {
        const Result<void> written =
            write_commit(log_, deployment_.origin, additions.take_commit(), additions.leaves());
        if (!written) return written.error();
        const Result<void> synced = sync_head();
        if (!synced) return synced.error();
        // Only now: nobody may rest on a key that a power cut could take out of the log again.
        deployment_.keys.set(std::make_shared<const crypto::KeyRegister>(additions.keys()));
    }
    for (std::size_t i = 0; i < changes.size(); ++i) changes[i].answer(std::move(results[i]));
    return {};
}

Result<void> Sequencer::commit(std::deque<Waiting> waiting) {
    const UtcTime time = entry_time();
    for (const Waiting& each : waiting) clocks_.on_batch(each.batch, time);
    while (!waiting.empty()) {
        // A round that is dropped has counted nothing.
        RefusalLimit refusals = refusals_;
        Round round(deployment_, log_.store, notices_, refusals, time);
        std::optional<Verdicts> verdicts = judge(round, waiting);
        if (!verdicts) continue;
        refusals_ = std::move(refusals);
        return finish(round, waiting, *std::move(verdicts));
    }
    return {};
}

std::optional<Sequencer::Verdicts> Sequencer::judge(Round& round, std::deque<Waiting>& waiting) {
    Verdicts verdicts;
    verdicts.reserve(waiting.size());
    for (auto each = waiting.begin(); each != waiting.end(); ++each) {
        Result<Checked<SequencedBatch>> verdict = round.add(each->batch);
        if (!verdict) {
            // Nothing was written, so nothing is unknown: the others need not suffer.
            const Errc errc = to_errc(verdict.error());
            logging_.error("batch_not_judged", {{"unit", each->batch.unit().value()},
                                                {"code", std::string(code(errc))},
                                                {"what", std::string(sentence(errc))},
                                                {"consequence", "its sender tries again"}});
            each->answer(Reason{errc, {}, {}});
            waiting.erase(each);
            return std::nullopt;
        }
        if (!*verdict) log_refused(logging_, each->batch.unit(), verdict->error());
        verdicts.push_back(*std::move(verdict));
    }
    return verdicts;
}

void Sequencer::tell_logged(const VerifiedBatch& batch,
                            const Checked<SequencedBatch>& verdict) const {
    if (!settings_.logged || !verdict) return;
    for (std::size_t i = 0; i < verdict->leaves.size(); ++i) {
        if (!std::holds_alternative<protocol::LeafAccepted>(verdict->leaves[i])) continue;
        const auto* const notice = std::get_if<Notice>(&*batch.leaves()[i].leaf);
        if (notice != nullptr) settings_.logged(*notice);
    }
}

Result<void> Sequencer::finish(Round& round, const std::deque<Waiting>& waiting,
                               Verdicts verdicts) {
    const Result<void> written = write(round);
    if (!written) return written.error();
    notices_.remember(round.logged());
    for (std::size_t i = 0; i < waiting.size(); ++i) tell_logged(waiting[i].batch, verdicts[i]);
    for (std::size_t i = 0; i < waiting.size(); ++i) waiting[i].answer(std::move(verdicts[i]));
    if (!round.mailed().empty()) bell_(round.mailed());
    return {};
}

}  // namespace tongbao::hub
