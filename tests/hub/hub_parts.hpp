#pragma once

#include "crypto/note_signer.hpp"
#include "crypto/statement.hpp"
#include "domain/notice.hpp"
#include "hub/admission.hpp"
#include "hub/register_start.hpp"
#include "hub/round.hpp"
#include "hub/sequencer.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/memory_hub_store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test_pki.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// A clock that a test sets. Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(UtcTime now) : now_(now) {}
    [[nodiscard]] UtcTime now() const override { return now_; }
    void set(UtcTime now) { now_ = now; }

private:
    std::atomic<UtcTime> now_;
};

/// The two slots of a head file, in memory. `synced` is what a power cut would leave; thread-safe
/// for one who waits for it.
class MemoryHeadFile final : public storage::HeadFile {
public:
    std::vector<std::string> slots;

    /// The slots as of the last sync.
    [[nodiscard]] std::vector<std::string> synced() const;
    /// Returns when `text` outlives a power cut.
    void wait_until_synced(const std::string& text) const;

    [[nodiscard]] std::vector<std::string> read() const override { return slots; }
    [[nodiscard]] Result<void> write(std::string_view signed_checkpoint) override;
    [[nodiscard]] Result<void> sync() override;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable synced_anew_;
    std::vector<std::string> synced_;
};

/// Says which files were uploaded; holds none.
class NamedAttachments final : public storage::AttachmentStore {
public:
    std::map<std::pair<UnitId, Digest>, std::uint64_t> sizes;
    /// The disk does not answer.
    bool failing = false;

    [[nodiscard]] Result<std::unique_ptr<storage::AttachmentWriter>> create(
        const UnitId& owner) override;
    [[nodiscard]] Result<std::uint64_t> size(const UnitId& owner,
                                             const Digest& sha256) const override;
    [[nodiscard]] Result<std::unique_ptr<storage::AttachmentReader>> open(
        const UnitId& owner, const Digest& sha256) const override;
    [[nodiscard]] Result<std::uint64_t> touch(const UnitId& owner, const Digest& sha256) override {
        return size(owner, sha256);
    }
    [[nodiscard]] Result<void> visit(
        const std::function<void(const storage::KeptFile&)>& /*look*/) const override {
        return Errc::storage_failure;
    }
    [[nodiscard]] Result<storage::Removal> remove_unused(const UnitId& /*owner*/,
                                                         const Digest& /*sha256*/,
                                                         UtcTime /*since*/) override {
        return Errc::storage_failure;
    }
};

/// The invented unit that sends the alarms.
inline const UnitId kLake("lake");

/// What HubParts::start logs in an empty log: charter, log key and four certificates.
inline constexpr std::uint64_t kRegisterEntries = 6;
/// Where the first batch behind them begins.
inline constexpr LogIndex kFirstBatch(kRegisterEntries);

/// The key of the log `hub.test.example/log`; each seed is another key.
[[nodiscard]] crypto::NoteSigner log_signer(std::uint8_t seed_byte = 1);

/// A UUID for each number.
[[nodiscard]] Uuid numbered_uuid(std::uint16_t number);

/// The good level_alarm of lake to dike with its own identifier.
[[nodiscard]] Notice numbered_alarm(std::uint16_t number);
[[nodiscard]] Bytes leaf_of(const Notice& notice);
[[nodiscard]] Bytes leaf_of(const Act& act);

/// A hub without network and disk, with the invented charter and the sign certificates of lake,
/// reeds, dike and office. Nothing is in the log before start().
struct HubParts {
    /// At this time, for which the certificates are good too.
    explicit HubParts(UtcTime now = TestPki::kNow);

    /// Puts `<name>.pem` into the folder of enrolled certificates, and `<name>.consent` by the
    /// unit's key of `signers`. Throws if that fails.
    void put_consented(const std::string& name, const crypto::Certificate& certificate) const;

    /// Brings the register up to date and takes it over. Throws if that fails.
    void start();
    [[nodiscard]] Result<void> try_start();
    [[nodiscard]] hub::LogParts log();
    [[nodiscard]] hub::Admission admission() const;

    /// The statement that `unit` would sign over the leaves.
    [[nodiscard]] crypto::Statement statement(std::string_view unit,
                                              const std::vector<Bytes>& leaves) const;
    /// A batch under the statement that `unit` signs.
    [[nodiscard]] protocol::Submit submission(std::string_view unit,
                                              std::vector<Bytes> leaves) const;
    [[nodiscard]] protocol::Submit submission(std::string_view unit, std::vector<Bytes> leaves,
                                              const crypto::Statement& said) const;
    /// The same, admitted. Throws if the batch as a whole is refused.
    [[nodiscard]] hub::VerifiedBatch admitted(std::string_view unit,
                                              std::vector<Bytes> leaves) const;

    /// Puts the batches through one round and commits it.
    [[nodiscard]] std::vector<hub::SequencedBatch> sequence(
        const std::vector<hub::VerifiedBatch>& batches);
    /// One batch of one leaf.
    [[nodiscard]] protocol::LeafOutcome send(std::string_view unit, Bytes leaf);

    [[nodiscard]] LogEntry entry(LogIndex index) const;

    TestPki pki;
    ManualClock clock;
    storage::TemporaryFolder enrolled;
    storage::MemoryHubStore store;
    MemoryHeadFile head_file;
    /// Asked by admission(), to which files that are asked for count as used.
    mutable NamedAttachments attachments;
    hub::Deployment deployment;
    crypto::NoteSigner signer;
    std::map<std::string, crypto::StatementSigner, std::less<>> signers;
    std::unique_ptr<hub::MerkleLog> tree;
    hub::LogHead head;
    hub::NoticeIndex notices{store};
    hub::RefusalLimit refusals{1000};
    /// Units that were told of new mail in the last round.
    std::set<UnitId> mailed;
    std::string words;
};

/// One of which start() has run.
struct StartedHub : HubParts {
    StartedHub() { start(); }
};

/// Accepted anew, and where; none for any other outcome.
[[nodiscard]] std::optional<LogIndex> accepted_at(const protocol::LeafOutcome& outcome);
/// `code place` of each reason, `repeated`, or nothing if it was accepted anew.
[[nodiscard]] std::string verdict(const protocol::LeafOutcome& outcome);

}  // namespace tongbao::testing
