#include "client/auditor/verifier.hpp"

#include "client/auditor/entry_check.hpp"
#include "client/auditor/hub_answers.hpp"
#include "client/auditor/tree_check.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "protocol/tile_path.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using protocol::kTileWidth;

/// One run over a log.
class Verification {
public:
    Verification(LogSource& source, const AuditTrust& trust, const AuditRequest& request)
        : source_(source),
          request_(request),
          entries_(source, trust, request.unit, report_),
          trust_(trust) {}

    Result<AuditReport> run() {
        const Result<void> done = verify();
        if (!done) return done.error();
        return std::move(report_);
    }

private:
    Result<void> verify();
    Result<void> read_checkpoint();
    /// The entries that can be had of a bundle which should have `width`: fewer if the rest can't.
    Result<Bytes> fetch_bundle(std::uint64_t number, std::uint16_t width);
    Result<Bytes> fetch_part(std::uint64_t number, std::uint16_t width, Errc why);
    Result<std::optional<std::vector<Digest>>> fetch_tile(std::uint64_t number,
                                                          std::uint16_t width);
    /// Checks the bundle's entries. How many there were.
    Result<std::size_t> check_bundle(TreeCheck& tree, std::uint64_t number, std::uint16_t width);

    LogSource& source_;
    const AuditRequest& request_;
    AuditReport report_;
    EntryCheck entries_;
    const AuditTrust& trust_;
    /// Why the last bundle was not whole.
    Errc lacking_{Errc::protocol_violation};
};

Result<void> Verification::read_checkpoint() {
    Result<std::string> note = source_.checkpoint();
    if (!note) {
        const Errc errc = to_errc(note.error());
        if (!answer_lacking(errc)) return note.error();
        report_.findings.add(errc, "the hub has no checkpoint");
        return {};
    }
    const Result<Checkpoint> checkpoint = crypto::verify_checkpoint(*note, trust_.log_key);
    if (!checkpoint) {
        report_.findings.add(to_errc(checkpoint.error()),
                             "the checkpoint is not by the log's key " + trust_.log_key.text() +
                                 ": " + checkpoint.error().message());
        return {};
    }
    report_.note = *std::move(note);
    report_.checkpoint = *checkpoint;
    for (const Checkpoint& known : request_.known) {
        if (known.size <= checkpoint->size) continue;
        report_.findings.add(Errc::log_rolled_back, "the log has " +
                                                        std::to_string(checkpoint->size.value()) +
                                                        " entries, but it was known to have " +
                                                        std::to_string(known.size.value()));
    }
    return {};
}

Result<Bytes> Verification::fetch_part(std::uint64_t number, std::uint16_t width, Errc why) {
    lacking_ = why;
    // One entry that can't be read takes its bundle along: find how many before it can.
    std::uint16_t good = 0;
    std::uint16_t bad = width;
    Bytes part;
    while (bad - good > 1) {
        const auto middle = static_cast<std::uint16_t>((good + bad) / 2);
        Result<Bytes> bundle = source_.entries(number, middle);
        const bool lacking = !bundle && (answer_lacking(to_errc(bundle.error())) ||
                                         bundle.error() == Errc::not_permitted);
        if (!bundle && !lacking) return bundle.error();
        if (bundle) {
            good = middle;
            part = *std::move(bundle);
        } else {
            bad = middle;
        }
    }
    return part;
}

Result<Bytes> Verification::fetch_bundle(std::uint64_t number, std::uint16_t width) {
    Result<Bytes> bundle = source_.entries(number, width);
    if (bundle) return bundle;
    const Errc errc = to_errc(bundle.error());
    // Who was given entries before may read them all: then this one is not there.
    if (errc == Errc::not_permitted && number > 0)
        return fetch_part(number, width, Errc::not_found);
    if (!answer_lacking(errc)) return bundle.error();
    return fetch_part(number, width, errc);
}

Result<std::optional<std::vector<Digest>>> Verification::fetch_tile(std::uint64_t number,
                                                                    std::uint16_t width) {
    using Tile = std::optional<std::vector<Digest>>;
    const Result<Bytes> bytes = source_.tile(0, number, width);
    if (!bytes) {
        if (!answer_lacking(to_errc(bytes.error()))) return bytes.error();
        return Tile();
    }
    Result<std::vector<Digest>> hashes = split_tile(*bytes);
    return hashes ? Tile(*std::move(hashes)) : Tile();
}

Result<std::size_t> Verification::check_bundle(TreeCheck& tree, std::uint64_t number,
                                               std::uint16_t width) {
    const Result<Bytes> bundle = fetch_bundle(number, width);
    if (!bundle) return bundle.error();
    SplitBundle split = split_bundle(*bundle);
    std::vector<BytesView>& entries = split.entries;
    const LogIndex first = next_index(tree.size());
    // A full bundle may have taken the place of a partial one.
    const bool too_many = entries.size() > width && entries.size() != kTileWidth;
    if (too_many || (split.left_over > 0 && entries.size() >= width)) {
        report_.findings.add_range(Errc::protocol_violation, first, advanced(first, width - 1U),
                                   "the bundle of these entries holds more than them");
    }
    if (entries.size() > width) entries.resize(width);
    const Result<std::optional<std::vector<Digest>>> tile = fetch_tile(number, width);
    if (!tile) return tile.error();
    std::vector<Digest> hashes;
    hashes.reserve(entries.size());
    for (const BytesView entry : entries) hashes.push_back(crypto::leaf_hash(entry));
    tree.add(hashes, *tile, report_.findings);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const LogIndex index = advanced(first, i);
        const Result<std::optional<LogEntry>> entry = entries_.add(index, entries[i], hashes[i]);
        if (!entry) return entry.error();
        if (*entry && request_.observe) request_.observe(index, **entry);
    }
    return entries.size();
}

Result<void> Verification::verify() {
    const Result<void> read = read_checkpoint();
    if (!read) return read.error();
    if (!report_.checkpoint) return {};
    const TreeSize size = report_.checkpoint->size;
    TreeCheck tree(*report_.checkpoint, request_.known);
    while (tree.size() < size) {
        const std::uint64_t number = tree.size().value() / kTileWidth;
        const auto width = static_cast<std::uint16_t>(protocol::tile_width(0, number, size));
        const Result<std::size_t> count = check_bundle(tree, number, width);
        if (!count) return count.error();
        if (*count < width) {
            report_.findings.add(lacking_, next_index(tree.size()),
                                 "this entry can't be had: those from here on were not checked");
            tree.give_up(report_.findings);
            entries_.give_up();
            return {};
        }
        if (request_.progress) request_.progress(tree.size(), size);
    }
    const Result<void> rooted = tree.finish(source_, report_.findings);
    if (!rooted) return rooted.error();
    report_.known_size = tree.extended();
    return entries_.finish(size);
}

}  // namespace

Result<AuditReport> verify_log(LogSource& source, const AuditTrust& trust,
                               const AuditRequest& request) {
    return Verification(source, trust, request).run();
}

}  // namespace tongbao::client
