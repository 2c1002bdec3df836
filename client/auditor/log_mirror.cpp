#include "client/auditor/log_mirror.hpp"

#include "client/auditor/hub_answers.hpp"
#include "crypto/signed_note.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using protocol::kTileWidth;
using protocol::TilePath;

/// How many bytes the first `width` entries of a bundle take, all of it if there are no more.
std::size_t bundle_size(BytesView bundle, std::size_t width) {
    std::size_t size = 0;
    const SplitBundle split = split_bundle(bundle);
    if (split.entries.size() <= width) return bundle.size();
    for (std::size_t i = 0; i < width; ++i) size += kEntryLengthBytes + split.entries[i].size();
    return size;
}

/// Answers from the copy, from what came in before, and else from the hub, and keeps what came.
class CopyingSource final : public LogSource {
public:
    CopyingSource(LogSource& hub, const LogDirectory& copy, const LogDirectory& incoming)
        : hub_(hub), incoming_(incoming), kept_(copy), arrived_(incoming) {}

    [[nodiscard]] std::uint64_t fetched() const noexcept { return fetched_; }

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
        if (!record) {
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
        if (there || there.error() != Errc::not_found) return there;
        Result<Bytes> bytes = ask(hub_, path);
        if (!bytes) return bytes;
        ++fetched_;
        // A full tile that has taken the place of this one holds more than the checkpoint covers.
        const std::size_t size = path.entries ? bundle_size(*bytes, path.width)
                                              : std::size_t{path.width} * Digest::kSize;
        if (bytes->size() > size) bytes->resize(size);
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
    std::uint64_t fetched_{0};
};

/// The head that the copy holds, by the log's key.
Result<std::optional<Checkpoint>> head_of(const LogDirectory& copy, const AuditTrust& trust) {
    const Result<std::string> note = copy.checkpoint();
    if (!note && note.error() == Errc::not_found) return std::optional<Checkpoint>();
    if (!note) return note.error();
    const Result<Checkpoint> head = crypto::verify_checkpoint(*note, trust.log_key);
    if (!head) return head.error();
    return std::optional<Checkpoint>(*head);
}

/// Moves what did not verify out of the way of the next run; none if there is nothing.
Result<std::optional<std::filesystem::path>> reject(const LogDirectory& incoming,
                                                    const std::optional<Checkpoint>& head) {
    std::filesystem::path kept =
        incoming.folder().parent_path() /
        (LogDirectory::kRejected +
         (head ? std::to_string(head->size.value()) : std::string("unsigned")));
    std::error_code error;
    if (!std::filesystem::exists(incoming.folder(), error)) {
        return std::optional<std::filesystem::path>();
    }
    std::filesystem::remove_all(kept, error);
    std::filesystem::rename(incoming.folder(), kept, error);
    if (error) return Errc::storage_failure;
    return std::optional(kept);
}

}  // namespace

Result<MirrorReport> mirror_log(LogSource& source, const std::filesystem::path& folder,
                                const AuditTrust& trust, AuditRequest request) {
    const LogDirectory copy(folder);
    const LogDirectory incoming(folder / LogDirectory::kIncoming);
    const Result<std::optional<Checkpoint>> before = head_of(copy, trust);
    if (!before) return before.error();
    if (*before && (!request.known || request.known->size < (*before)->size)) {
        request.known = *before;
    }
    // What a run that was cut off had of tiles that were not full may be too little by now.
    const Result<void> forgotten = incoming.forget_partial_tiles();
    if (!forgotten) return forgotten.error();
    CopyingSource copying(source, copy, incoming);
    Result<AuditReport> audit = verify_log(copying, trust, request);
    if (!audit) return audit.error();
    const Result<void> finished = copying.finish();
    if (!finished) return finished.error();
    MirrorReport report{*std::move(audit), std::nullopt, copying.fetched(), std::nullopt};
    if (*before) report.size_before = (*before)->size;
    if (!report.audit.verified()) {
        Result<std::optional<std::filesystem::path>> kept =
            reject(incoming, report.audit.checkpoint);
        if (!kept) return kept.error();
        report.rejected = *std::move(kept);
        return report;
    }
    const Result<void> taken = copy.take_over(incoming);
    if (!taken) return taken.error();
    return report;
}

}  // namespace tongbao::client
