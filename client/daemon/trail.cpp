#include "client/daemon/trail.hpp"

#include "client/daemon/alarm.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxTrailBytes = 16 * 1024 * 1024;

/// Whether the event speaks of `notice`: an act on it, an answer to it, what its clocks brought.
bool is_about(const LogEvent& event, const NoticeRef& notice) {
    if (const auto* const act = std::get_if<ActEvent>(&event)) {
        return std::find(act->notices.begin(), act->notices.end(), notice) != act->notices.end();
    }
    if (const auto* const step = std::get_if<EscalatedEvent>(&event)) return step->notice == notice;
    if (const auto* const closed = std::get_if<ClosedEvent>(&event)) {
        return closed->notice == notice;
    }
    if (const auto* const done = std::get_if<AnsweredActEvent>(&event)) {
        return done->notice == notice ||
               std::any_of(done->restored.begin(), done->restored.end(),
                           [&notice](const NoticeAt& each) { return each.notice == notice; });
    }
    const auto* const replied = std::get_if<RepliedEvent>(&event);
    return replied != nullptr && replied->asked == notice;
}

/// Whether the event is hidden from others exactly if the notice is: what names another one beside
/// it may be hidden for that one's sake.
bool is_rightly_hidden(const TrailEvent& event, bool notice_hidden) {
    if (event.hidden == notice_hidden) return true;
    return event.hidden && notices_named(event.entry.event).size() > 1;
}

/// That the events are the trail of the notice at `notice`, in order.
Checked<void> check_events(const std::vector<TrailEvent>& events, LogIndex notice,
                           const std::optional<Digest>& sha256) {
    const auto* const own =
        events.empty() ? nullptr : std::get_if<LoggedEvent>(&events.front().entry.event);
    if (own == nullptr || events.front().index != notice ||
        (sha256 && own->leaf.sha256 != *sha256)) {
        return Reason{Errc::entry_mismatch, "entries", "the notice's own entry is not the first"};
    }
    for (std::size_t i = 1; i < events.size(); ++i) {
        const std::string place = "entries[" + std::to_string(i) + ']';
        if (events[i - 1].index >= events[i].index ||
            !is_about(events[i].entry.event, {own->leaf.sha256, notice})) {
            return Reason{Errc::entry_mismatch, place,
                          "speaks of another notice or is not in its place"};
        }
        if (!is_rightly_hidden(events[i], events.front().hidden)) {
            return Reason{Errc::entry_mismatch, place,
                          "is hidden where its notice is not, or told of where that is hidden"};
        }
    }
    return {};
}

/// Who did it, whose clock it was, or where it was dispatched to, and the digest of what it speaks
/// of.
std::pair<std::string, std::string> subject_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) {
        return {logged->from.value(), logged->leaf.sha256.hex()};
    }
    if (const auto* const act = std::get_if<ActEvent>(&event)) {
        return {act->unit.value_or(act->from).value(), act->leaf.sha256.hex()};
    }
    if (const auto* const replied = std::get_if<RepliedEvent>(&event)) {
        return {replied->from.value(), replied->answer.sha256.hex()};
    }
    if (const auto* const step = std::get_if<EscalatedEvent>(&event)) {
        return {step->unit.value(), step->notice.sha256.hex()};
    }
    if (const auto* const closed = std::get_if<ClosedEvent>(&event)) {
        return {closed->unit.value(), closed->notice.sha256.hex()};
    }
    if (const auto* const done = std::get_if<AnsweredActEvent>(&event)) {
        return {done->from.value(), done->by.sha256.hex()};
    }
    return {};
}

}  // namespace

Checked<Trail> check_trail(BytesView answer, LogIndex notice, const std::optional<Digest>& sha256,
                           LogFollower known) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(answer, kMaxTrailBytes);
    if (!value) return Reason{Errc::bad_log_entry, value.error().place, {}};
    protocol::ObjectReader reader(*value, "");
    Trail trail;
    trail.checkpoint = reader.text("checkpoint");
    const protocol::HeadUpdate head{trail.checkpoint, digests_from(reader, "consistency")};
    const protocol::JsonValue::Array& entries = reader.array("entries");
    if (const auto fault = reader.finish()) return Reason{Errc::bad_log_entry, fault->place, {}};
    const Result<void> extends = known.advance(head);
    if (!extends) return Reason{to_errc(extends.error()), "checkpoint", {}};
    trail.size = known.size();
    for (const protocol::JsonValue& item : entries) {
        const std::string place = "entries[" + std::to_string(trail.events.size()) + ']';
        Checked<TrailEvent> event = read_proved_entry(item, place, known);
        if (!event) return event.error();
        trail.events.push_back(*std::move(event));
    }
    const Checked<void> checked = check_events(trail.events, notice, sha256);
    if (!checked) return checked.error();
    return trail;
}

asio::awaitable<Result<Trail>> fetch_trail(Services& services, const LogFollower& follower,
                                           LogIndex notice, std::optional<Digest> sha256) {
    // As it is now: while the hub answers, the stream may show a newer head than the answer's.
    const auto copy = [&follower] { return follower; };
    const LogFollower known = co_await program::run_blocking(services.pool, copy);
    const std::string name = std::to_string(notice.value());
    HubRequests requests(services);
    const Result<Bytes> answer = co_await requests.get(
        "/v1/notices/" + name + "/trail?known_size=" + std::to_string(known.size().value()),
        kMaxTrailBytes);
    if (!answer && answer.error() == Errc::log_rolled_back) {
        co_return raise_alarm(services, "trail of notice " + name, {Errc::log_rolled_back, {}, {}});
    }
    if (!answer) co_return answer.error();
    const auto check = [&answer, notice, &sha256, &known] {
        return check_trail(*answer, notice, sha256, known);
    };
    Checked<Trail> trail = co_await program::run_blocking(services.pool, check);
    if (!trail) co_return raise_alarm(services, "trail of notice " + name, trail.error());
    co_return *std::move(trail);
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
            .member("sha256", sha256);
        const auto* const logged = std::get_if<LoggedEvent>(&event.entry.event);
        if (logged != nullptr && !logged->late.empty()) {
            writer.key("late").begin_array();
            for (const std::string& rule : logged->late) writer.text(rule);
            writer.end_array();
        }
        writer.member("entry", to_base64(event.proved.entry)).key("proof").begin_array();
        for (const Digest& hash : event.proved.path) writer.text(hash.base64());
        writer.end_array().end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
