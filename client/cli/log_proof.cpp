#include "client/cli/log_proof.hpp"

#include "client/shown_entry.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"

#include <utility>

namespace tongbao::client {
namespace {

Result<crypto::TlogProof> read_event(const JsonView& event, std::string note) {
    const std::optional<std::int64_t> index = event.integer("index");
    Result<Bytes> entry = from_base64(event.text("entry"));
    if (!index || *index < 0 || !entry || entry->empty()) return Errc::protocol_violation;
    crypto::TlogProof proof{
        *std::move(entry), LogIndex(static_cast<std::uint64_t>(*index)), {}, std::move(note)};
    for (const protocol::JsonValue& item : event.array("proof")) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        const Result<Digest> hash = text == nullptr ? Errc::wrong_type : Digest::from_base64(*text);
        if (!hash) return Errc::protocol_violation;
        proof.path.push_back(*hash);
    }
    return proof;
}

}  // namespace

Result<crypto::TlogProof> proof_from_trail(const JsonView& trail, std::optional<LogIndex> index) {
    for (const protocol::JsonValue& item : trail.array("events")) {
        Result<crypto::TlogProof> proof = read_event(JsonView(item), trail.text("checkpoint"));
        if (!proof || !index || proof->index == *index) return proof;
    }
    return Errc::not_found;
}

Result<ProvedLogEntry> check_log_proof(std::string_view text, const crypto::VerifierKey& log_key) {
    const Result<crypto::TlogProof> proof = crypto::parse_tlog_proof(text);
    if (!proof) return proof.error();
    if (!proof->extra) return Errc::bad_proof;
    const Digest leaf = crypto::leaf_hash(protocol::split_shown_entry(*proof->extra).entry);
    const Result<Checkpoint> checkpoint = crypto::verify_tlog_proof(*proof, leaf, log_key);
    if (!checkpoint) return checkpoint.error();
    Checked<KnownEntry> known = read_shown_entry(*proof->extra);
    if (!known) return known.error().code;
    return ProvedLogEntry{*checkpoint, proof->index, std::move(known->entry), known->hidden};
}

bool is_of_notice(const ProvedLogEntry& proved, BytesView notice) {
    const auto* const logged = std::get_if<LoggedEvent>(&proved.entry.event);
    return logged != nullptr && logged->leaf.sha256 == crypto::sha256(notice) &&
           logged->leaf.leaf_hash == crypto::leaf_hash(notice);
}

std::string log_proof_json(const ProvedLogEntry& proved) {
    protocol::JsonWriter writer;
    writer.begin_object()
        .key("verified")
        .boolean(true)
        .member("state", "provisional")
        .key("index")
        .number(proved.index.value())
        .key("size")
        .number(proved.checkpoint.size.value())
        .member("root", proved.checkpoint.root.base64())
        .member("time", format_utc(proved.entry.time))
        .member("event", protocol::event_word(proved.entry.event))
        .key("entry")
        .raw(protocol::write_log_entry(proved.entry))
        .end_object();
    return writer.take();
}

}  // namespace tongbao::client
