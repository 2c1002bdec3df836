#include "client/auditor/log_mirror.hpp"

#include "client/auditor/hub_answers.hpp"
#include "crypto/signed_note.hpp"

#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using protocol::kTileWidth;
using protocol::TilePath;

/// Where a full tile has taken the place of one that was asked for, leaves what was asked for: the
/// rest is not covered by the checkpoint yet.
void cut(Bytes& bytes, const TilePath& path) {
    if (!path.entries) {
        constexpr std::size_t kFull = kTileWidth * Digest::kSize;
        if (bytes.size() == kFull) bytes.resize(std::size_t{path.width} * Digest::kSize);
        return;
    }
    const SplitBundle split = split_bundle(bytes);
    if (split.entries.size() != kTileWidth || split.left_over > 0) return;
    std::size_t size = 0;
    for (std::size_t i = 0; i < path.width; ++i) {
        size += kEntryLengthBytes + split.entries[i].size();
    }
    bytes.resize(size);
}

/// Answers from the copy, from what came in before, and else from the hub, and keeps what came.
class CopyingSource final : public LogSource {
public:
    /// `incoming` outlives this.
    CopyingSource(LogSource& hub, const LogDirectory& copy, const LogDirectory& incoming)
        : hub_(hub), incoming_(incoming), kept_(copy), arrived_(incoming) {}

    [[nodiscard]] std::uint64_t fetched() const noexcept { return fetched_; }
    /// Whether anything was there, so that what does not verify may be ours.
    [[nodiscard]] bool helped() const noexcept { return helped_; }

    /// Writes what a bundle's end had not yet.
    [[nodiscard]] Result<void> finish() { return write_batches(); }

    [[nodiscard]] Result<std::string> checkpoint() override {
        Result<std::string> note = hub_.checkpoint();
        if (!note) return note;
        const Result<void> written = incoming_.write_checkpoint(*note);
        if (!written) return written.error();
        return note;
    }

    [[nodiscard]] Result<Bytes> tile(std::uint8_t level, std::uint64_t number,
                                     std::uint16_t width) override {
        return take({false, level, number, width});
    }

    [[nodiscard]] Result<Bytes> entries(std::uint64_t number, std::uint16_t width) override {
        return take({true, 0, number, width});
    }

    [[nodiscard]] Result<BatchRecord> batch(LogIndex index) override {
        const std::uint64_t bundle = index.value() / kTileWidth;
        if (bundle != bundle_) {
            const Result<void> written = write_batches();
            if (!written) return written.error();
            bundle_ = bundle;
        }
        Result<BatchRecord> record = kept_.batch(index);
        if (!record) record = arrived_.batch(index);
        if (record) {
            helped_ = true;
        } else {
            record = hub_.batch(index);
            new_batches_ = new_batches_ || record;
        }
        if (record) batches_.push_back(*record);
        return record;
    }

    [[nodiscard]] Result<std::vector<RegisterRow>> register_entries() override {
        Result<std::vector<RegisterRow>> rows = hub_.register_entries();
        if (!rows) return rows;
        const Result<void> written = incoming_.write_register(*rows);
        if (!written) return written.error();
        return rows;
    }

    [[nodiscard]] Result<Bytes> notice(LogIndex index) override { return hub_.notice(index); }

private:
    [[nodiscard]] Result<Bytes> take(TilePath path) {
        Result<Bytes> there = ask(kept_, path);
        if (!there && there.error() == Errc::not_found) there = ask(arrived_, path);
        if (there || there.error() != Errc::not_found) {
            helped_ = true;
            return there;
        }
        Result<Bytes> bytes = ask(hub_, path);
        if (!bytes) return bytes;
        ++fetched_;
        cut(*bytes, path);
        const bool whole = path.entries || bytes->size() == std::size_t{path.width} * Digest::kSize;
        if (!whole) return Errc::protocol_violation;
        const Result<void> written = incoming_.write_tile(path, *bytes);
        if (!written) return written.error();
        return bytes;
    }

    [[nodiscard]] static Result<Bytes> ask(LogSource& source, const TilePath& path) {
        return path.entries ? source.entries(path.number, path.width)
                            : source.tile(path.level, path.number, path.width);
    }

    [[nodiscard]] Result<void> write_batches() {
        const std::vector<BatchRecord> batches = std::exchange(batches_, {});
        if (!std::exchange(new_batches_, false)) return {};
        return incoming_.write_batches(bundle_, batches);
    }

    LogSource& hub_;
    const LogDirectory& incoming_;
    DirectoryLogSource kept_;
    DirectoryLogSource arrived_;
    std::uint64_t bundle_{0};
    std::vector<BatchRecord> batches_;
    bool new_batches_{false};
    bool helped_{false};
    std::uint64_t fetched_{0};
};

/// One pass: what verified and what did not lies in `incoming` then.
struct Pass {
    AuditReport audit;
    std::uint64_t fetched{0};
    bool helped{false};
};

Result<Pass> run_pass(LogSource& source, const LogDirectory& copy, const LogDirectory& incoming,
                      const AuditTrust& trust, const AuditRequest& request) {
    CopyingSource copying(source, copy, incoming);
    Result<AuditReport> audit = verify_log(copying, trust, request);
    if (!audit) return audit.error();
    const Result<void> finished = copying.finish();
    if (!finished) return finished.error();
    return Pass{*std::move(audit), copying.fetched(), copying.helped()};
}

/// Moves what did not verify out of the way of the next run; none if there is nothing.
Result<std::optional<std::filesystem::path>> reject(const LogDirectory& incoming,
                                                    const std::optional<Checkpoint>& head) {
    std::error_code error;
    if (!std::filesystem::exists(incoming.folder(), error)) {
        return std::optional<std::filesystem::path>();
    }
    const std::string name = LogDirectory::kRejected +
                             (head ? std::to_string(head->size.value()) : std::string("unsigned"));
    const std::filesystem::path beside = incoming.folder().parent_path();
    std::filesystem::path kept = beside / name;
    for (int number = 2; std::filesystem::exists(kept, error); ++number) {
        kept = beside / (name + '-' + std::to_string(number));
    }
    std::filesystem::rename(incoming.folder(), kept, error);
    if (error) return Errc::storage_failure;
    return std::optional(kept);
}

}  // namespace

Result<std::optional<Checkpoint>> copied_head(const std::filesystem::path& folder,
                                              const AuditTrust& trust) {
    const Result<std::string> note = LogDirectory(folder).checkpoint();
    if (!note && note.error() == Errc::not_found) return std::optional<Checkpoint>();
    if (!note) return note.error();
    const Result<Checkpoint> head = crypto::verify_checkpoint(*note, trust.log_key);
    if (!head) return head.error();
    return std::optional<Checkpoint>(*head);
}

Result<MirrorReport> mirror_log(LogSource& source, const std::filesystem::path& folder,
                                const AuditTrust& trust, AuditRequest request) {
    const LogDirectory copy(folder);
    const LogDirectory incoming(folder / LogDirectory::kIncoming);
    const Result<std::optional<Checkpoint>> before = copied_head(folder, trust);
    if (!before) return before.error();
    if (*before) request.known.push_back(**before);
    // What a run that was cut off had of tiles that were not full may be too little by now.
    const Result<void> forgotten = incoming.forget_partial_tiles();
    if (!forgotten) return forgotten.error();
    Result<Pass> pass = run_pass(source, copy, incoming, trust, request);
    if (!pass) return pass.error();
    MirrorReport report;
    if (!pass->audit.verified() && pass->helped) {
        std::error_code error;
        std::filesystem::remove_all(incoming.folder(), error);
        if (error) return Errc::storage_failure;
        // Of a folder within one that is new nothing is there to help.
        pass = run_pass(source, LogDirectory(incoming.folder() / LogDirectory::kIncoming), incoming,
                        trust, request);
        if (!pass) return pass.error();
        report.mended = pass->audit.verified();
    }
    report.audit = std::move(pass->audit);
    report.fetched = pass->fetched;
    if (*before) report.size_before = (*before)->size;
    if (report.audit.verified()) {
        const Result<void> taken =
            copy.take_over(incoming, *report.audit.checkpoint, report.audit.note);
        if (!taken) return taken.error();
        return report;
    }
    Result<std::optional<std::filesystem::path>> kept = reject(incoming, report.audit.checkpoint);
    if (!kept) return kept.error();
    report.rejected = *std::move(kept);
    return report;
}

}  // namespace tongbao::client
