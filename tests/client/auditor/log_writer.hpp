#pragma once

#include "client/auditor/audit_trust.hpp"
#include "client/auditor/log_source.hpp"
#include "crypto/note_signer.hpp"
#include "crypto/statement.hpp"
#include "domain/act.hpp"
#include "domain/log_entry.hpp"
#include "domain/notice.hpp"
#include "tests/support/test_pki.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::testing {

/// A log in memory, served as a hub serves it. Tests bend what it serves.
class ServedLog final : public client::LogSource {
public:
    std::string note;
    std::vector<Bytes> entry_bytes;
    /// By level, from 0.
    std::vector<std::vector<Digest>> tiles;
    /// By their first entry.
    std::map<LogIndex, client::BatchRecord> batches;
    std::vector<client::RegisterRow> rows;
    /// Those that the caller may read.
    std::map<LogIndex, Bytes> notices;
    /// Entries that the database can't read any more.
    std::set<LogIndex> damaged;
    /// Bundles that the caller is told not to be permitted.
    std::set<std::uint64_t> hidden_bundles;
    /// What stands behind the last entry of each bundle.
    Bytes behind_bundles;
    /// What every question is answered with.
    std::optional<Errc> silence;

    [[nodiscard]] Result<std::string> checkpoint() override;
    [[nodiscard]] Result<Bytes> tile(std::uint8_t level, std::uint64_t number,
                                     std::uint16_t width) override;
    [[nodiscard]] Result<Bytes> entries(std::uint64_t number, std::uint16_t width) override;
    [[nodiscard]] Result<client::BatchRecord> batch(LogIndex index) override;
    [[nodiscard]] Result<std::vector<client::RegisterRow>> register_entries() override;
    [[nodiscard]] Result<Bytes> notice(LogIndex index) override;

    /// Makes the tiles anew from the entries, as one who alters entries and has all tiles would.
    void build_tiles();
};

/// A leaf of a batch and the entry that it gets.
struct WrittenLeaf {
    Bytes bytes;
    /// Its SignedLeaf is filled in by LogWriter::batch. None: it gets no entry.
    std::optional<LogEvent> event;
    /// The notice that it answers: a `replied` entry follows.
    std::optional<NoticeRef> answers{};
    /// What it does to an earlier notice: an entry that says so follows, with `from` and `by`
    /// filled in.
    std::optional<AnsweredActEvent> does{};
};

/// Writes a log as a hub does, one second between the entries, and as a hub could which lies: it
/// writes what it is told. Units and their certificates are invented: bureau_a, bureau_b, office.
class LogWriter {
public:
    /// Begins with the charter, the log key, and the sign certificates of the three: entries 0
    /// to 4.
    LogWriter();

    LogIndex append(LogEvent event);
    LogIndex enrol(const crypto::Certificate& certificate,
                   std::optional<SignedConsent> consent = std::nullopt);
    LogIndex revoke(const crypto::Certificate& certificate,
                    std::optional<UtcTime> compromised_since = std::nullopt);
    /// One statement over the leaves, and their entries. The first entry's index.
    LogIndex batch(const crypto::StatementSigner& signer, const std::vector<WrittenLeaf>& leaves,
                   std::string_view origin = kOrigin);

    [[nodiscard]] static Notice notice(std::string_view from, std::vector<UnitId> to,
                                       std::vector<UnitId> cc = {});
    [[nodiscard]] WrittenLeaf logged(const Notice& notice) const;
    [[nodiscard]] static WrittenLeaf refused(const Notice& notice, std::vector<Errc> reasons);
    [[nodiscard]] WrittenLeaf act(std::string_view from, ActKind kind,
                                  std::vector<NoticeRef> notices) const;
    /// `from` closes the notice at `unit`.
    [[nodiscard]] WrittenLeaf closing(std::string_view from, const NoticeRef& notice,
                                      const UnitId& unit) const;

    /// The notice that was logged at `index`, as acts name it.
    [[nodiscard]] NoticeRef reference(LogIndex index) const;
    [[nodiscard]] const std::optional<Digest>& register_head() const { return register_head_; }

    /// From the next entry on.
    void set_time(UtcTime time) { time_ = time; }
    [[nodiscard]] UtcTime time() const { return time_; }

    /// The log as it stands, under the log's signature.
    [[nodiscard]] ServedLog publish() const;
    [[nodiscard]] client::AuditTrust trust() const;

    static constexpr std::string_view kOrigin = "hub.test.example/log";

    TestPki pki;
    crypto::NoteSigner log_signer;
    crypto::StatementSigner bureau_a;
    crypto::StatementSigner bureau_b;
    crypto::StatementSigner office;

private:
    ServedLog log_;
    std::vector<LogEntry> entries_;
    std::optional<Digest> register_head_;
    UtcTime time_{TestPki::kNow};
};

}  // namespace tongbao::testing
