#include "protocol/client_session.hpp"

#include "domain/bytes.hpp"
#include "protocol/limits.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::protocol {
namespace {

Welcome welcome(std::uint16_t version = kProtocolVersion) {
    Welcome message;
    message.version = version;
    message.origin = "hub.test.example/log";
    return message;
}

/// What the session does on a message in a small frame.
ClientAction hears(ClientSession& session, Message message) {
    return session.on_message(std::move(message), 100);
}
ClientAction hears(ClientSession&& session, Message message) {
    return session.on_message(std::move(message), 100);
}

/// A session that was welcomed.
ClientSession welcomed() {
    ClientSession session;
    REQUIRE(std::holds_alternative<Welcomed>(hears(session, welcome())));
    return session;
}

/// `code place` of the end; empty if the stream goes on.
std::string end_of(const ClientAction& action) {
    const auto* const end = std::get_if<StreamEnded>(&action);
    if (end == nullptr) return {};
    return std::string(code(end->reason.code)) + ' ' + end->reason.place;
}

Outcome outcome(std::uint64_t number, std::size_t leaves) {
    Outcome message;
    message.number = number;
    message.leaves.resize(leaves, LeafAccepted{LogIndex(5), false});
    return message;
}

Delivery delivery(std::uint64_t batch) {
    Delivery message;
    message.batch = LogIndex(batch);
    return message;
}

TEST_SUITE("client session") {
    TEST_CASE("the hello says the version and where the daemon stands") {
        CHECK(ClientSession().hello(LogIndex(41), TreeSize(57)) ==
              Hello{2, LogIndex(41), TreeSize(57)});
        CHECK(ClientSession().hello(std::nullopt, TreeSize(0)) ==
              Hello{2, std::nullopt, TreeSize(0)});
    }

    TEST_CASE("batches go out after the welcome and not before") {
        ClientSession session;
        CHECK_FALSE(session.may_submit());
        const ClientAction action = hears(session, welcome());
        REQUIRE(std::holds_alternative<Welcomed>(action));
        CHECK(std::get<Welcomed>(action).welcome == welcome());
        CHECK(session.may_submit());
    }

    TEST_CASE("a hub of another version is left") {
        CHECK(end_of(hears(ClientSession(), welcome(1))) == "unsupported_version version");
        CHECK(end_of(hears(ClientSession(), welcome(3))) == "unsupported_version version");
        CHECK(end_of(hears(ClientSession(), welcome(0))) == "unsupported_version version");
    }

    TEST_CASE("nothing comes before the welcome and no second one after it") {
        CHECK(end_of(hears(ClientSession(), outcome(1, 1))) == "protocol_violation welcome");
        CHECK(end_of(hears(ClientSession(), delivery(1))) == "protocol_violation welcome");
        CHECK(end_of(hears(ClientSession(), BatchRefused{})) == "protocol_violation welcome");
        CHECK(end_of(hears(welcomed(), welcome())) == "protocol_violation welcome");
    }

    TEST_CASE("the daemon's own messages end the stream") {
        CHECK(end_of(hears(welcomed(), Hello{})) == "protocol_violation type");
        CHECK(end_of(hears(welcomed(), Submit{})) == "protocol_violation type");
        CHECK(end_of(hears(welcomed(), Credit{})) == "protocol_violation type");
    }

    TEST_CASE("answers come in the order of the batches and speak of every leaf") {
        ClientSession session = welcomed();
        const std::uint64_t first = session.on_submit(2);
        const std::uint64_t second = session.on_submit(3);
        CHECK(first != second);
        ClientSession early = session;
        CHECK(end_of(hears(early, outcome(second, 3))) == "protocol_violation number");
        ClientSession fewer = session;
        CHECK(end_of(hears(fewer, outcome(first, 1))) == "protocol_violation leaves");
        ClientSession more = session;
        CHECK(end_of(hears(more, outcome(first, 3))) == "protocol_violation leaves");
        CHECK(std::holds_alternative<Answered>(hears(session, outcome(first, 2))));
        const BatchRefused refused{second, {Errc::bad_signature, "statement", ""}};
        const ClientAction action = hears(session, refused);
        REQUIRE(std::holds_alternative<Answered>(action));
        CHECK(std::get<BatchRefused>(std::get<Answered>(action).answer) == refused);
        CHECK(end_of(hears(session, refused)) == "protocol_violation number");
    }

    TEST_CASE("an answer to a batch that was never sent ends the stream") {
        CHECK(end_of(hears(welcomed(), outcome(1, 0))) == "protocol_violation number");
        CHECK(end_of(hears(welcomed(), BatchRefused{})) == "protocol_violation number");
    }

    TEST_CASE("no more batches are under way than the window allows") {
        ClientSession session = welcomed();
        std::vector<std::uint64_t> numbers;
        for (std::size_t i = 0; i < kSubmitWindow; ++i) {
            CHECK(session.may_submit());
            numbers.push_back(session.on_submit(1));
        }
        CHECK_FALSE(session.may_submit());
        CHECK(end_of(hears(session, outcome(numbers.front(), 1))).empty());
        CHECK(session.may_submit());
    }

    TEST_CASE("deliveries come in log order each once") {
        ClientSession session = welcomed();
        CHECK(std::holds_alternative<Arrived>(hears(session, delivery(0))));
        const ClientAction action = hears(session, delivery(4));
        REQUIRE(std::holds_alternative<Arrived>(action));
        CHECK(std::get<Arrived>(action).delivery.batch == LogIndex(4));
        ClientSession again = session;
        CHECK(end_of(hears(again, delivery(4))) == "protocol_violation delivery");
        CHECK(end_of(hears(session, delivery(3))) == "protocol_violation delivery");
    }

    TEST_CASE("nothing comes again that was durable when the stream began") {
        ClientSession session;
        CHECK(session.hello(LogIndex(41), TreeSize(57)).resume_after == LogIndex(41));
        REQUIRE(std::holds_alternative<Welcomed>(hears(session, welcome())));
        ClientSession again = session;
        CHECK(end_of(hears(again, delivery(41))) == "protocol_violation delivery");
        CHECK(end_of(hears(session, delivery(42))).empty());
    }

    TEST_CASE("a hub that sends more than the window allows is left") {
        // The window is 4 MiB: a delivery may begin while less than that is under way.
        ClientSession session = welcomed();
        for (std::uint64_t batch = 1; batch <= 3; ++batch) {
            CHECK(end_of(session.on_message(delivery(batch), kMebibyte)).empty());
        }
        CHECK(end_of(session.on_message(delivery(4), kMebibyte - 1)).empty());
        CHECK(end_of(session.on_message(delivery(5), 2 * kMebibyte)).empty());
        ClientSession full = session;
        CHECK(end_of(full.on_message(delivery(6), 1)) == "protocol_violation delivery");
        session.on_stored(LogIndex(2));
        ClientSession still = session;
        CHECK(end_of(still.on_message(delivery(6), 1)).empty());
        CHECK(end_of(still.on_message(delivery(7), 1)) == "protocol_violation delivery");
        session.on_stored(LogIndex(5));
        CHECK(end_of(session.on_message(delivery(6), 1)).empty());
    }

    TEST_CASE("whose reason ended the stream is told apart") {
        const ClientAction told = hears(welcomed(), Farewell{{Errc::shutting_down, "", ""}});
        CHECK(std::get<StreamEnded>(told).by_hub);
        const ClientAction found = hears(welcomed(), Credit{});
        CHECK_FALSE(std::get<StreamEnded>(found).by_hub);
    }

    TEST_CASE("a farewell ends the stream for the hub's reason at any time") {
        const Farewell farewell{{Errc::shutting_down, "", "the hub ends"}};
        CHECK(end_of(hears(ClientSession(), farewell)) == "shutting_down ");
        CHECK(end_of(hears(welcomed(), farewell)) == "shutting_down ");
    }
}

}  // namespace
}  // namespace tongbao::protocol
