#include "client/daemon/events.hpp"

#include "client/daemon/keepers_copy.hpp"
#include "client/daemon/local_json.hpp"
#include "client/daemon/notice_archive.hpp"
#include "protocol/act_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/message_codec.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

std::string arrived(LogIndex index, const Notice& notice, const protocol::Delivery& delivery) {
    JsonWriter writer;
    writer.begin_object()
        .key("index")
        .number(index.value())
        .member("id", notice.id.value().text())
        .member("from", notice.from.value())
        .member("kind", notice.kind.value())
        .member("title", notice.title);
    if (const std::optional<CaseNumber> number = case_of(notice, index, delivery)) {
        writer.member("case", number->value());
    }
    if (notice.in_reply_to) writer.member("in_reply_to", notice.in_reply_to->value().text());
    writer.end_object();
    return writer.take();
}

std::string acted(LogIndex index, const Act& act) {
    JsonWriter writer;
    writer.begin_object()
        .key("index")
        .number(index.value())
        .member("act", word(act.kind))
        .member("unit", act.from.value());
    writer.key("notices").begin_array();
    for (const NoticeRef& notice : act.notices) writer.number(notice.index.value());
    writer.end_array();
    if (act.reason) writer.member("reason", *act.reason);
    writer.end_object();
    return writer.take();
}

/// What a leaf is to the keeper of the case ledger: the unit's own business, or only to be kept.
enum class ToldOf : std::uint8_t { own, kept };

Result<ToldOf> told_of(const storage::DaemonStore& store, const protocol::Leaf& leaf,
                       const UnitId& keeper) {
    if (const auto* const notice = std::get_if<Notice>(&leaf)) {
        return is_keepers_copy(*notice, keeper) ? ToldOf::kept : ToldOf::own;
    }
    const Act& act = std::get<Act>(leaf);
    if (act.from == keeper) return ToldOf::kept;
    if (act.unit == keeper) return ToldOf::own;
    for (const NoticeRef& notice : act.notices) {
        const Result<storage::SentItem> sent = store.find_sent_at(notice.index);
        if (sent) return ToldOf::own;
        if (sent.error() != Errc::not_found) return sent.error();
    }
    return ToldOf::kept;
}

/// Appends the events of one delivery at and behind `place`, which moves along.
Result<void> read_delivered(const storage::DaemonStore& store, BytesView frame, EventPlace& place,
                            std::size_t limit, const UnitId* keeper, std::vector<Event>& events) {
    const Result<protocol::Message> message = protocol::decode(frame);
    const auto* const delivery = message ? std::get_if<protocol::Delivery>(&*message) : nullptr;
    if (delivery == nullptr) return Errc::storage_corrupt;
    for (const auto& each : delivery->leaves) {
        const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&each);
        if (delivered == nullptr || delivered->index.value() < place.next_index) continue;
        if (events.size() >= limit) return {};
        const Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered->bytes);
        if (!leaf) return Errc::storage_corrupt;
        place.next_index = delivered->index.value() + 1;
        if (keeper != nullptr) {
            const Result<ToldOf> told = told_of(store, *leaf, *keeper);
            if (!told) return told.error();
            if (*told == ToldOf::kept) continue;
        }
        if (const auto* const notice = std::get_if<Notice>(&*leaf)) {
            events.push_back({format_event_place(place), "arrived",
                              arrived(delivered->index, *notice, *delivery)});
        } else {
            events.push_back({format_event_place(place), "acted",
                              acted(delivered->index, std::get<Act>(*leaf))});
        }
    }
    return {};
}

Result<void> read_received(const storage::DaemonStore& store, EventPlace& place, std::size_t limit,
                           const UnitId* keeper, std::vector<Event>& events) {
    // The first may be one that was told whole: one more, so that there is always a next one.
    const Result<std::vector<LogIndex>> batches =
        store.list_deliveries(LogIndex(place.next_index), limit + 1);
    if (!batches) return batches.error();
    for (const LogIndex batch : *batches) {
        if (events.size() >= limit) return {};
        const Result<Bytes> frame = store.read_delivery(batch);
        if (!frame) return frame.error();
        const Result<void> read = read_delivered(store, *frame, place, limit, keeper, events);
        if (!read) return read.error();
    }
    return {};
}

bool is_daemons_own(const storage::SentItem& item) {
    if (!item.is_act || item.state == storage::SentState::refused) return false;
    const Checked<Act> act = protocol::read_act(item.bytes);
    return act && act->kind == ActKind::delivered;
}

}  // namespace

std::string write_event(const Event& event) {
    std::string text;
    if (!event.id.empty()) text += "id: " + event.id + '\n';
    return text + "event: " + event.name + "\ndata: " + event.data + "\n\n";
}

std::string format_event_place(const EventPlace& place) {
    return std::to_string(place.next_index) + '.' + std::to_string(place.settled);
}

Result<EventPlace> parse_event_place(std::string_view text) {
    EventPlace place;
    const char* const end = text.data() + text.size();
    const auto [dot, error] = std::from_chars(text.data(), end, place.next_index);
    if (error != std::errc() || dot == end || *dot != '.') return Errc::bad_value;
    const auto [last, late] = std::from_chars(dot + 1, end, place.settled);
    // What is written back must be the same: no leading zero, nothing behind.
    if (late != std::errc() || last != end || format_event_place(place) != text) {
        return Errc::bad_value;
    }
    return place;
}

Result<EventPlace> newest_event_place(const storage::DaemonStore& store) {
    EventPlace place;
    const Result<std::uint64_t> settled = store.settled_through();
    if (!settled) return settled.error();
    place.settled = *settled;
    const Result<std::optional<LogIndex>> batch = store.resume_position();
    if (!batch) return batch.error();
    if (!*batch) return place;
    const Result<Bytes> frame = store.read_delivery(**batch);
    if (!frame) return frame.error();
    const Result<protocol::Message> message = protocol::decode(*frame);
    const auto* const delivery = message ? std::get_if<protocol::Delivery>(&*message) : nullptr;
    if (delivery == nullptr) return Errc::storage_corrupt;
    place.next_index = (*batch)->value() + 1;
    for (const auto& leaf : delivery->leaves) {
        const auto* const delivered = std::get_if<protocol::DeliveredLeaf>(&leaf);
        if (delivered == nullptr) continue;
        place.next_index = std::max(place.next_index, delivered->index.value() + 1);
    }
    return place;
}

Result<std::vector<Event>> read_events(const storage::DaemonStore& store, EventPlace& place,
                                       std::size_t limit, const UnitId* keeper) {
    std::vector<Event> events;
    const Result<void> received = read_received(store, place, limit, keeper, events);
    if (!received) return received.error();
    if (events.size() >= limit) return events;
    const Result<std::vector<storage::SentItem>> items =
        store.read_settled(place.settled, limit - events.size());
    if (!items) return items.error();
    for (const storage::SentItem& item : *items) {
        place.settled = item.sequence;
        if (is_daemons_own(item)) continue;
        const bool refused = item.state == storage::SentState::refused;
        events.push_back(
            {format_event_place(place), refused ? "refused" : "accepted", write_sent(item)});
    }
    return events;
}

void EventFeed::connected(TreeSize log_size) {
    JsonWriter writer;
    writer.begin_object().key("log_size").number(log_size.value()).end_object();
    link_ = {"", "connected", writer.take()};
    tell(link_);
}

void EventFeed::disconnected(Errc why) {
    const bool news = link_.name == "connected";
    JsonWriter writer;
    writer.begin_object().member("code", code(why)).member("title", sentence(why)).end_object();
    link_ = {"", "disconnected", writer.take()};
    if (news) tell(link_);
}

void EventFeed::alarm(const std::string& words) {
    JsonWriter writer;
    writer.begin_object().member("alarm", words).end_object();
    alarm_ = Event{"", "alarm", writer.take()};
    tell(*alarm_);
}

void EventFeed::own_keys(const std::string& words) {
    if (words.empty()) {
        own_keys_.reset();
        return;
    }
    JsonWriter writer;
    writer.begin_object().member("alarm", words).end_object();
    own_keys_ = Event{"", "alarm", writer.take()};
    tell(*own_keys_);
}

void EventFeed::close() {
    closed_ = true;
    bell_.ring();
}

std::vector<Event> EventFeed::state() const {
    std::vector<Event> events{link_};
    if (alarm_) events.push_back(*alarm_);
    if (own_keys_) events.push_back(*own_keys_);
    return events;
}

std::optional<std::vector<Event>> EventFeed::since(std::uint64_t& seen) const {
    const std::uint64_t missed = told_ - seen;
    if (missed > kept_.size()) return std::nullopt;
    seen = told_;
    return std::vector<Event>(kept_.end() - static_cast<std::ptrdiff_t>(missed), kept_.end());
}

void EventFeed::tell(Event event) {
    kept_.push_back(std::move(event));
    if (kept_.size() > kKept) kept_.pop_front();
    ++told_;
    bell_.ring();
}

}  // namespace tongbao::client
