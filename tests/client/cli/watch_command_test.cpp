#include "client/cli/event_reader.hpp"
#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

const std::string kEvents =
    "id: 8.0\nevent: disconnected\ndata: {\"code\":\"hub_unavailable\"}\n\n"
    ": still here\n\n"
    "event: connected\ndata: {\"log_size\":10}\n\n"
    "id: 10.0\nevent: arrived\n"
    "data: {\"index\":9,\"id\":\"x\",\"from\":\"hsa\",\"kind\":\"k\",\"title\":\"标\\n题\"}\n\n"
    "id: 11.0\nevent: acted\n"
    "data: {\"index\":10,\"act\":\"declined\",\"unit\":\"police\",\"notices\":[3,4],"
    "\"reason\":\"no\"}\n\n"
    "id: 11.1\nevent: accepted\n"
    "data: {\"id\":\"y\",\"state\":\"accepted\",\"index\":12,\"kind\":\"k\"}\n\n"
    "id: 11.2\nevent: refused\ndata: {\"id\":\"z\",\"state\":\"refused\",\"kind\":\"k\","
    "\"reasons\":[{\"code\":\"missing_field\",\"place\":\"fields.a\",\"title\":\"t\"}]}\n\n"
    "event: alarm\ndata: {\"alarm\":\"log_forked: x\"}\n\n";

std::vector<ReadEvent> read_in_pieces(std::string_view text, std::size_t piece) {
    EventReader reader;
    std::vector<ReadEvent> all;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        const auto events = reader.take(as_bytes(text.substr(at, piece)));
        REQUIRE(events.has_value());
        all.insert(all.end(), events->begin(), events->end());
    }
    return all;
}

}  // namespace

TEST_SUITE("server-sent events") {
    // The examples of the HTML Living Standard, section 9.2.6.
    TEST_CASE("the standard's examples are read as it says, in pieces of every size") {
        const std::string stream =
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
            "data:  third event\n\n";
        const std::vector<ReadEvent> expected{
            {"1", "", "first event"}, {"", "", "second event"}, {"", "", " third event"}};
        for (const std::size_t piece : {1U, 2U, 7U, 1000U}) {
            CAPTURE(piece);
            CHECK(read_in_pieces(stream, piece) == expected);
        }
        CHECK(read_in_pieces("data: YHOO\ndata: +2\ndata: 10\n\n", 3) ==
              std::vector<ReadEvent>{{"", "", "YHOO\n+2\n10"}});
        CHECK(read_in_pieces("event: add\r\ndata: 7\r\n\r\n", 1) ==
              std::vector<ReadEvent>{{"", "add", "7"}});
        CHECK(read_in_pieces("data: not ended\n", 4).empty());
    }

    TEST_CASE("an event without end is refused before it takes all memory") {
        EventReader reader;
        const std::string line(EventReader::kMaxBytes + 1, 'x');
        CHECK(reader.take(as_bytes(line)).error() == Errc::too_large);
    }
}

TEST_SUITE("watch") {
    TEST_CASE_FIXTURE(DaemonStage, "each event is a line, made harmless for the terminal") {
        daemon.answer("GET /v1/events", {200, kEvents});
        const CommandOutcome run = run_with(daemon, {"watch"});
        CHECK(run.output ==
              "disconnected  hub_unavailable: \n"
              "connected     the log has 10 entries\n"
              "arrived       9  from hsa  k  标\\n题\n"
              "acted         10  police  declined  on 3 4: no\n"
              "accepted      12  k  y\n"
              "refused       k  z: missing_field (fields.a)\n"
              "alarm         log_forked: x\n");
        // The daemon ended it.
        CHECK(run.exit_code == 3);
        CHECK(has(run.messages, "tongbao watch --after 11.2"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "it ends after as many events as were asked for") {
        daemon.answer("GET /v1/events", {200, kEvents});
        const CommandOutcome run = run_with(daemon, {"watch", "--count", "2", "--after", "0.0"});
        CHECK(run.exit_code == 0);
        CHECK(run.messages == "");
        CHECK(has(run.output, "connected     the log has 10 entries\n"));
        CHECK_FALSE(has(run.output, "arrived"));
        CHECK(daemon.seen().back().last_event_id == "0.0");
    }

    TEST_CASE_FIXTURE(DaemonStage,
                      "with json each event is an object with the id to go on behind") {
        daemon.answer("GET /v1/events", {200, kEvents});
        const CommandOutcome run = run_with(daemon, {"watch", "--json", "--count", "2"});
        CHECK(run.output ==
              "{\"event\":\"disconnected\",\"id\":\"8.0\","
              "\"data\":{\"code\":\"hub_unavailable\"}}\n"
              "{\"event\":\"connected\",\"id\":\"8.0\",\"data\":{\"log_size\":10}}\n");
    }
}
