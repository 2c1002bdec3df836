#include "hub/sequencer.hpp"

#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <cstdlib>

namespace tongbao::hub {
namespace {

/// What may wait for the disk: some seconds of the fastest senders.
constexpr std::size_t kMaxQueuedBytes = 64ull * 1024 * 1024;
/// Leaves in one commit, so that one commit's memory and the wait behind it stay bounded.
constexpr std::size_t kMaxLeavesPerCommit = 8192;

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
    SignedHead head{checkpoint, commit.checkpoint + '\n' + log.signer.sign(commit.checkpoint)};
    const Result<void> kept = log.head_file.write(head.note);
    if (!kept) return kept.error();

    // If we stop here, the head outside says that the database must be at least so long.
    log.head.set(std::move(head));
    return {};
}

Sequencer::Sequencer(const Deployment& deployment, LogParts log, const NoticeIndex& notices,
                     const Clock& clock, program::Logging& logging, Bell bell,
                     std::uint32_t refusals_per_hour)
    : deployment_(deployment),
      log_(log),
      notices_(notices),
      clock_(clock),
      logging_(logging),
      bell_(std::move(bell)),
      refusals_(refusals_per_hour),
      thread_([this] { run(); }) {}

Sequencer::~Sequencer() {
    stop();
}

Result<void> Sequencer::submit(VerifiedBatch batch, Answer answer) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return Errc::shutting_down;
        if (queued_bytes_ + batch.bytes() > kMaxQueuedBytes) return Errc::too_many_requests;
        queued_bytes_ += batch.bytes();
        queue_.push_back({std::move(batch), std::move(answer)});
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
    Result<void> good{};
    if (const Result<UtcTime> last = last_entry_time(log_.store)) {
        last_time_ = *last;
    } else {
        good = last.error();
    }
    while (good.has_value()) {
        std::deque<Waiting> waiting;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) break;
            std::size_t leaves = 0;
            while (!queue_.empty() && leaves < kMaxLeavesPerCommit) {
                leaves += queue_.front().batch.leaves().size();
                queued_bytes_ -= queue_.front().batch.bytes();
                waiting.push_back(std::move(queue_.front()));
                queue_.pop_front();
            }
        }
        good = commit(std::move(waiting));
    }
    if (good.has_value()) {
        const Result<void> synced = log_.head_file.sync();
        if (!synced) logging_.warning("head_file_not_synced");
        return;
    }
    logging_.error("log_write_failed",
                   {{"code", std::string(code(to_errc(good.error())))},
                    {"consequence", "the hub ends; start it again to recover what is on disk"}});
    logging_.flush();
    std::abort();
}

UtcTime Sequencer::entry_time() {
    last_time_ = std::max(last_time_, clock_.now());
    return last_time_;
}

Result<void> Sequencer::commit(std::deque<Waiting> waiting) {
    Round round(deployment_, log_.store, notices_, refusals_, entry_time());
    std::vector<SequencedBatch> answers;
    answers.reserve(waiting.size());
    for (const Waiting& each : waiting) {
        Result<SequencedBatch> answer = round.add(each.batch);
        if (!answer) return answer.error();
        answers.push_back(*std::move(answer));
    }
    storage::Commit commit = round.take_commit();
    if (!commit.entries.empty()) {
        const Result<void> written =
            write_commit(log_, deployment_.origin, std::move(commit), round.leaf_hashes());
        if (!written) return written.error();
    }
    for (const NoticeFacts& facts : round.logged()) notices_.remember(facts);
    for (std::size_t i = 0; i < waiting.size(); ++i) waiting[i].answer(std::move(answers[i]));
    if (!round.mailed().empty()) bell_(round.mailed());
    return {};
}

}  // namespace tongbao::hub
