#include "client/daemon/trail.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/object_reader.hpp"

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxTrailBytes = 16 * 1024 * 1024;
constexpr std::int64_t kMaxIndex = (std::int64_t{1} << 53) - 1;

Result<TrailEvent> check_event(const protocol::JsonValue& value, const Checkpoint& head) {
    protocol::ObjectReader reader(value, "entries");
    const LogIndex index(static_cast<std::uint64_t>(reader.integer("index", 0, kMaxIndex)));
    const Bytes bytes = reader.base64("entry");
    std::vector<Digest> proof;
    for (const protocol::JsonValue& item : reader.array("proof")) {
        const auto* const text = std::get_if<std::string>(&item.value);
        const Result<Digest> hash = text == nullptr ? Errc::wrong_type : Digest::from_base64(*text);
        if (!hash) return Errc::bad_log_entry;
        proof.push_back(*hash);
    }
    if (reader.finish()) return Errc::bad_log_entry;
    const Result<void> included =
        crypto::verify_inclusion(crypto::leaf_hash(bytes), index, head.size, proof, head.root);
    if (!included) return included.error();
    Checked<LogEntry> entry = protocol::read_log_entry(bytes);
    if (!entry) return Errc::bad_log_entry;
    return TrailEvent{index, *std::move(entry)};
}

Result<Trail> check_trail(BytesView answer, const LogFollower& follower) {
    const Checked<protocol::JsonValue> value = protocol::read_json(answer, kMaxTrailBytes);
    if (!value) return Errc::bad_log_entry;
    protocol::ObjectReader reader(*value, "");
    Trail trail;
    trail.checkpoint = reader.text("checkpoint");
    const protocol::JsonValue::Array& entries = reader.array("entries");
    if (reader.finish()) return Errc::bad_log_entry;
    const Result<Checkpoint> head = crypto::verify_checkpoint(trail.checkpoint, follower.log_key());
    if (!head) return head.error();
    if (head->size < follower.size()) return Errc::log_rolled_back;
    trail.size = head->size;
    for (const protocol::JsonValue& item : entries) {
        Result<TrailEvent> event = check_event(item, *head);
        if (!event) return event.error();
        trail.events.push_back(*std::move(event));
    }
    return trail;
}

/// Who did it, and the digest of what it speaks of.
std::pair<std::string, std::string> subject_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) {
        return {logged->from.value(), logged->leaf.sha256.hex()};
    }
    if (const auto* const act = std::get_if<ActEvent>(&event)) {
        return {act->from.value(), act->leaf.sha256.hex()};
    }
    if (const auto* const replied = std::get_if<RepliedEvent>(&event)) {
        return {replied->from.value(), replied->answer.sha256.hex()};
    }
    return {};
}

}  // namespace

asio::awaitable<Result<Trail>> fetch_trail(Services& services, const LogFollower& follower,
                                           LogIndex notice) {
    HubRequests requests(services);
    const Result<Bytes> answer = co_await requests.get(
        "/v1/notices/" + std::to_string(notice.value()) + "/trail", kMaxTrailBytes);
    if (!answer) co_return answer.error();
    const auto check = [&answer, &follower] { return check_trail(*answer, follower); };
    co_return co_await program::run_blocking(services.pool, check);
}

std::string write_trail(const Trail& trail) {
    protocol::JsonWriter writer;
    writer.begin_object()
        .member("checkpoint", trail.checkpoint)
        .key("size")
        .number(trail.size.value())
        .key("events")
        .begin_array();
    for (const TrailEvent& event : trail.events) {
        const auto [unit, sha256] = subject_of(event.entry.event);
        writer.begin_object()
            .key("index")
            .number(event.index.value())
            .member("time", format_utc(event.entry.time))
            .member("event", protocol::event_word(event.entry.event))
            .member("unit", unit)
            .member("sha256", sha256)
            .end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
