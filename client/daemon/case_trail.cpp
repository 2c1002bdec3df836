#include "client/daemon/case_trail.hpp"

#include "client/auditor/entry_search.hpp"
#include "client/daemon/hub_requests.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;
constexpr std::size_t kMaxNotices = 1000;

/// `{"case", "notices": [index, …]}`
Result<std::vector<LogIndex>> read_notices(BytesView answer, const CaseNumber& number) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(answer, kMaxAnswerBytes);
    if (!value) return Errc::protocol_violation;
    protocol::ObjectReader reader(*value, "");
    const std::string said = reader.text("case");
    std::vector<LogIndex> notices;
    for (const protocol::JsonValue& item : reader.array("notices")) {
        const auto* const index = std::get_if<std::int64_t>(&item.value);
        if (index == nullptr || *index < 0) return Errc::protocol_violation;
        notices.emplace_back(static_cast<std::uint64_t>(*index));
    }
    if (reader.finish() || said != number.value()) return Errc::protocol_violation;
    if (notices.size() > kMaxNotices) return Errc::too_large;
    return notices;
}

/// Who did it, whose clock it was, or where it was dispatched to; empty for the log's own events.
std::string unit_of(const LogEvent& event) {
    const auto* const act = std::get_if<ActEvent>(&event);
    if (act != nullptr && act->unit) return act->unit->value();
    const UnitId* const doer = doer_of(event);
    return doer == nullptr ? "" : doer->value();
}

}  // namespace

Result<CaseTrail> join_trails(CaseNumber number, std::vector<Trail> trails) {
    CaseTrail joined{std::move(number), TreeSize(), {}};
    for (Trail& trail : trails) {
        joined.size = std::max(joined.size, trail.size);
        if (trail.events.empty()) return Errc::bad_log_entry;
        const LogIndex notice = trail.events.front().index;
        const auto* const logged = std::get_if<LoggedEvent>(&trail.events.front().entry.event);
        if (logged == nullptr) return Errc::bad_log_entry;
        const KindId kind = logged->kind;
        for (TrailEvent& event : trail.events) {
            joined.events.push_back({std::move(event), notice, kind});
        }
    }
    std::sort(joined.events.begin(), joined.events.end(),
              [](const CaseEvent& left, const CaseEvent& right) {
                  return std::tie(left.event.index, left.notice) <
                         std::tie(right.event.index, right.notice);
              });
    return joined;
}

asio::awaitable<Result<CaseTrail>> fetch_case_trail(Services& services, const LogFollower& follower,
                                                    CaseNumber number) {
    HubRequests requests(services);
    const Result<Bytes> answer =
        co_await requests.get("/v1/cases/" + number.value(), kMaxAnswerBytes);
    if (!answer) co_return answer.error();
    const Result<std::vector<LogIndex>> notices = read_notices(*answer, number);
    if (!notices) co_return notices.error();
    std::vector<Trail> trails;
    for (const LogIndex notice : *notices) {
        Result<Trail> trail = co_await fetch_trail(services, follower, notice);
        if (!trail) co_return trail.error();
        trails.push_back(*std::move(trail));
    }
    co_return join_trails(std::move(number), std::move(trails));
}

std::string write_case_trail(const CaseTrail& trail) {
    protocol::JsonWriter writer;
    writer.begin_object().member("case", trail.number.value()).key("size");
    writer.number(trail.size.value()).key("events").begin_array();
    for (const CaseEvent& each : trail.events) {
        writer.begin_object().key("index").number(each.event.index.value());
        writer.member("time", format_utc(each.event.entry.time))
            .member("event", protocol::event_word(each.event.entry.event))
            .member("unit", unit_of(each.event.entry.event))
            .member("kind", each.kind.value());
        writer.key("notice").number(each.notice.value()).end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
