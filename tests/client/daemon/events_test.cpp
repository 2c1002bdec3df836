#include "client/daemon/events.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/own_act.hpp"
#include "protocol/message_codec.hpp"
#include "tests/client/daemon/local_stage.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Answered;
using testing::Asking;
using testing::GivenBody;
using testing::leaf_of;
using testing::numbered_alarm;

constexpr std::size_t kAll = 1000;

/// What GET /v1/events gave.
struct Streamed {
    unsigned status{0};
    std::string text;
    Errc ended{};
};

struct Watching : Asking {
    /// Reads events behind `after`; `on_piece` is told which piece came, from 1 on.
    Streamed watch(const std::string& after, const std::function<void(int)>& on_piece) {
        transport::RequestHead request;
        request.method = "GET";
        request.target = "/v1/events";
        if (!after.empty()) request.fields = {{"Last-Event-ID", after}};
        GivenBody given({});
        Answered answered;
        int pieces = 0;
        answered.on_piece = [&](std::string_view piece) -> Result<void> {
            if (!piece.empty()) on_piece(++pieces);
            return {};
        };
        const Result<void> done = daemon.run(api.handle(caller, request, given, answered));
        if (!done) answered.response.status = transport::status_of(to_errc(done.error()));
        return {answered.response.status, std::string(as_text(answered.response.body)),
                done ? Errc{} : to_errc(done.error())};
    }

    /// The daemon stops after so many pieces.
    Streamed watch_pieces(const std::string& after, int pieces) {
        return watch(after, [this, pieces](int piece) {
            if (piece == pieces) daemon.events.close();
        });
    }

    /// A notice of ours that was settled so.
    std::string settles(std::uint16_t number, storage::SentState state) {
        storage::SentItem item;
        const Notice own = numbered_alarm(number);
        item.id = own.id.value();
        item.bytes = leaf_of(own);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = state;
        if (state == storage::SentState::accepted) item.index = LogIndex(40);
        item.outcome = R"({"status":"refused","reasons":[{"code":"missing_field","title":"t"}]})";
        REQUIRE(daemon.store->settle({item}, "").has_value());
        return item.id.text();
    }

    std::vector<Event> read(EventPlace& place, std::size_t limit = kAll) {
        const Result<std::vector<Event>> events = read_events(*daemon.store, place, limit);
        REQUIRE(events.has_value());
        return *events;
    }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_SUITE("events") {
    TEST_CASE("an event's place is read as it was written and nothing else is") {
        const EventPlace place{18, 4};
        CHECK(format_event_place(place) == "18.4");
        CHECK(*parse_event_place("18.4") == place);
        CHECK(*parse_event_place("0.0") == EventPlace{});
        for (const char* const text : {"", "18", "18.", ".4", "18.4 ", "018.4", "-1.4", "18.4.1",
                                       "99999999999999999999.0", "a.b"}) {
            CAPTURE(text);
            CHECK(parse_event_place(text).error() == Errc::bad_value);
        }
    }

    TEST_CASE("an event is written as the standard for server-sent events says") {
        // HTML Living Standard, section 9.2.6: fields `id`, `event`, `data`, then an empty line.
        CHECK(write_event({"18.4", "arrived", "{}"}) == "id: 18.4\nevent: arrived\ndata: {}\n\n");
        CHECK(write_event({"", "alarm", "{}"}) == "event: alarm\ndata: {}\n\n");
    }

    TEST_CASE_FIXTURE(Watching, "what arrived is told once, in the log's order, with its index") {
        arrives(numbered_alarm(2), 9);
        arrives(numbered_alarm(3), 300);
        EventPlace place;
        const std::vector<Event> events = read(place);
        REQUIRE(events.size() == 3);
        std::vector<int> indexes;
        for (const Event& event : events) {
            CHECK(event.name == "arrived");
            indexes.push_back(json::parse(event.data).at("index").get<int>());
        }
        CHECK(indexes == std::vector<int>{7, 9, 300});
        CHECK(json::parse(events[0].data).at("from") == "lake");
        CHECK(read(place).empty());
        // Whoever goes on behind the first one gets the two others, one by one as well.
        EventPlace behind = *parse_event_place(events[0].id);
        CHECK(read(behind, 1) == std::vector<Event>{events[1]});
        CHECK(read(behind, 1) == std::vector<Event>{events[2]});
        CHECK(read(behind, 1).empty());
    }

    TEST_CASE_FIXTURE(Watching, "what others did is told with the notices that it is about") {
        Act act;
        act.id = ActId(numbered_alarm(9).id.value());
        act.kind = ActKind::declined;
        act.from = UnitId("lake");
        act.notices = {{Digest(Digest::Array{1}), LogIndex(3)}};
        act.reason = "not ours";
        protocol::Delivery delivery;
        delivery.batch = LogIndex(11);
        delivery.leaves = {Digest(Digest::Array{5}),
                           protocol::DeliveredLeaf{LogIndex(12), leaf_of(act)}};
        storage::Received received;
        received.batch = LogIndex(11);
        received.delivery = protocol::encode(delivery);
        REQUIRE(daemon.store->receive(received).has_value());
        EventPlace place{8, 0};
        const std::vector<Event> events = read(place);
        REQUIRE(events.size() == 1);
        CHECK(events[0].name == "acted");
        CHECK(events[0].id == "13.0");
        CHECK(json::parse(events[0].data) == json{{"index", 12},
                                                  {"act", "declined"},
                                                  {"unit", "lake"},
                                                  {"notices", json::array({3})},
                                                  {"reason", "not ours"}});
    }

    TEST_CASE_FIXTURE(Watching, "what became of what was sent is told, also after a restart") {
        const std::string accepted = settles(20, storage::SentState::accepted);
        const std::string refused = settles(21, storage::SentState::refused);
        EventPlace place{8, 0};
        const std::vector<Event> events = read(place);
        REQUIRE(events.size() == 2);
        CHECK(events[0].name == "accepted");
        CHECK(json::parse(events[0].data).at("id") == accepted);
        CHECK(json::parse(events[0].data).at("index") == 40);
        CHECK(events[1].name == "refused");
        CHECK(json::parse(events[1].data).at("reasons").at(0).at("code") == "missing_field");
        daemon.restart();
        EventPlace behind = *parse_event_place(events[0].id);
        CHECK(read(behind) == std::vector<Event>{events[1]});
    }

    TEST_CASE_FIXTURE(Watching, "the daemon's own word that something was delivered is not told") {
        storage::SentItem item =
            make_act(UnitId("dike"), ActKind::delivered, {{Digest(Digest::Array{1}), LogIndex(7)}},
                     std::nullopt, UtcTime{});
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = storage::SentState::accepted;
        item.index = LogIndex(8);
        REQUIRE(daemon.store->settle({item}, "").has_value());
        EventPlace place{8, 0};
        CHECK(read(place).empty());
        CHECK(place == EventPlace{8, 1});
    }

    TEST_CASE_FIXTURE(Watching, "the newest place is behind everything that is there") {
        settles(20, storage::SentState::accepted);
        CHECK(*newest_event_place(*daemon.store) == EventPlace{8, 1});
        EventPlace place = *newest_event_place(*daemon.store);
        CHECK(read(place).empty());
    }
}

TEST_SUITE("stream of events") {
    TEST_CASE_FIXTURE(Watching, "a reader is told the state first and then what happens") {
        const Streamed streamed = watch("", [this](int piece) {
            if (piece == 2) daemon.events.close();
            if (piece != 1) return;
            // While he takes the first piece: it must not be lost.
            arrives(numbered_alarm(2), 9);
            daemon.events.ring();
            daemon.events.connected(TreeSize(10));
        });
        CHECK(streamed.status == 200);
        CHECK(streamed.ended == Errc{});
        CHECK(streamed.text.starts_with("id: 8.0\nevent: disconnected\n"));
        CHECK(has(streamed.text, "event: connected\ndata: {\"log_size\":10}\n\n"));
        CHECK(has(streamed.text, "id: 10.0\nevent: arrived\n"));
        // What was there before he came is not told to who did not ask for it.
        CHECK_FALSE(has(streamed.text, "\"index\":7"));
    }

    TEST_CASE_FIXTURE(Watching, "a reader goes on behind the event that he names") {
        arrives(numbered_alarm(2), 9);
        const Streamed all = watch_pieces("0.0", 2);
        CHECK(has(all.text, "id: 8.0\nevent: arrived\n"));
        CHECK(has(all.text, "id: 10.0\nevent: arrived\n"));
    }

    TEST_CASE_FIXTURE(Watching, "an identifier that is none of this stream's is refused") {
        const Streamed streamed = watch("yesterday", [](int) {});
        CHECK(streamed.status == 400);
        CHECK(has(streamed.text, "Last-Event-ID"));
    }

    TEST_CASE_FIXTURE(Watching, "an alarm is told, to who comes later too") {
        raise_alarm(*daemon.services, "delivery 17", {Errc::log_forked, "", ""});
        const Streamed streamed = watch_pieces("", 1);
        CHECK(has(streamed.text, "event: alarm\ndata: {\"alarm\":\"log_forked: "));
    }

    TEST_CASE_FIXTURE(Watching, "a reader who does not take his events is cut") {
        const Streamed gone = watch("", [this](int) {
            for (std::size_t i = 0; i <= EventFeed::kKept; ++i) {
                daemon.events.connected(TreeSize(i));
            }
        });
        CHECK(gone.ended == Errc::timed_out);
        CHECK_FALSE(daemon.events.is_full());
    }

    TEST_CASE_FIXTURE(Watching, "there are only so many readers") {
        std::vector<std::unique_ptr<EventFeed::Seat>> seats;
        while (!daemon.events.is_full()) {
            seats.push_back(std::make_unique<EventFeed::Seat>(daemon.events));
        }
        CHECK(seats.size() == EventFeed::kMaxReaders);
        CHECK(watch("", [](int) {}).status == 429);
        seats.pop_back();
        CHECK(watch_pieces("", 1).status == 200);
    }

    TEST_CASE_FIXTURE(Watching, "a daemon that can't reach its hub says so once") {
        daemon.events.connected(TreeSize(1));
        std::uint64_t seen = daemon.events.told();
        daemon.events.disconnected(Errc::connection_failed);
        daemon.events.disconnected(Errc::connection_failed);
        CHECK(daemon.events.since(seen)->size() == 1);
        CHECK(daemon.events.since(seen)->empty());
    }
}

}  // namespace
}  // namespace tongbao::client
