#include "protocol/hub_session.hpp"

#include "protocol/limits.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::protocol {
namespace {

/// A session that was greeted.
HubSession greeted() {
    HubSession session;
    const HubAction action = session.on_message(Hello{kProtocolVersion, std::nullopt, TreeSize(0)});
    REQUIRE(std::holds_alternative<BeginStream>(action));
    return session;
}

/// `code place` of the end; empty if the stream goes on.
std::string end_of(const HubAction& action) {
    const auto* const end = std::get_if<EndStream>(&action);
    if (end == nullptr) return {};
    return std::string(code(end->reason.code)) + ' ' + end->reason.place;
}

TEST_SUITE("hub session") {
    TEST_CASE("a stream begins where the daemon says that it stands") {
        HubSession session;
        CHECK_FALSE(session.may_deliver());
        const HubAction action =
            session.on_message(Hello{kProtocolVersion, LogIndex(41), TreeSize(57)});
        const auto* const begin = std::get_if<BeginStream>(&action);
        REQUIRE(begin != nullptr);
        CHECK(begin->resume_after == LogIndex(41));
        CHECK(begin->known_size == TreeSize(57));
        CHECK(session.may_deliver());
    }

    TEST_CASE("another version is refused by name") {
        for (const std::uint16_t version : std::vector<std::uint16_t>{0, 1, 3, 65535}) {
            HubSession session;
            CHECK(end_of(session.on_message(Hello{version, std::nullopt, TreeSize(0)})) ==
                  "unsupported_version version");
            CHECK_FALSE(session.may_deliver());
        }
    }

    TEST_CASE("nothing comes before the hello and no second one after it") {
        CHECK(end_of(HubSession().on_message(Submit{})) == "protocol_violation hello");
        CHECK(end_of(HubSession().on_message(Credit{})) == "protocol_violation hello");
        CHECK(end_of(HubSession().on_message(Welcome{})) == "protocol_violation hello");
        CHECK(end_of(greeted().on_message(Hello{kProtocolVersion, std::nullopt, TreeSize(0)})) ==
              "protocol_violation hello");
    }

    TEST_CASE("the hub's own messages end the stream") {
        const std::vector<Message> own{Welcome{}, Outcome{}, BatchRefused{}, Delivery{}};
        for (const Message& message : own) {
            CHECK(end_of(greeted().on_message(message)) == "protocol_violation type");
        }
    }

    TEST_CASE("a batch is handed on whole") {
        HubSession session = greeted();
        const Submit submit{7, to_bytes("statement"), {to_bytes("leaf")}};
        const HubAction action = session.on_message(submit);
        REQUIRE(std::holds_alternative<AdmitBatch>(action));
        CHECK(std::get<AdmitBatch>(action).submit == submit);
    }

    TEST_CASE("no more batches are under way than the window allows") {
        HubSession session = greeted();
        for (std::size_t i = 0; i < kSubmitWindow; ++i) {
            CHECK(end_of(session.on_message(Submit{})).empty());
        }
        session.on_answered();
        CHECK(end_of(session.on_message(Submit{})).empty());
        CHECK(end_of(session.on_message(Submit{})) == "protocol_violation submit");
    }

    TEST_CASE("deliveries wait for credit once the window is full") {
        HubSession session = greeted();
        session.on_delivered(LogIndex(10), kDeliveryWindowBytes - 1);
        CHECK(session.may_deliver());
        session.on_delivered(LogIndex(20), 1);
        CHECK_FALSE(session.may_deliver());
        CHECK(std::holds_alternative<WindowOpened>(session.on_message(Credit{LogIndex(10)})));
        CHECK(session.may_deliver());
        session.on_delivered(LogIndex(30), kDeliveryWindowBytes);
        CHECK_FALSE(session.may_deliver());
        // Credit through the last one frees all.
        CHECK(std::holds_alternative<WindowOpened>(session.on_message(Credit{LogIndex(30)})));
        CHECK(session.may_deliver());
        session.on_delivered(LogIndex(40), kDeliveryWindowBytes - 1);
        CHECK(session.may_deliver());
    }

    TEST_CASE("credit for what was not delivered ends the stream") {
        CHECK(end_of(greeted().on_message(Credit{LogIndex(0)})) == "protocol_violation credit");
        HubSession session = greeted();
        session.on_delivered(LogIndex(10), 5);
        CHECK(end_of(session.on_message(Credit{LogIndex(9)})) == "protocol_violation credit");
        session.on_delivered(LogIndex(20), 5);
        CHECK(end_of(HubSession(session).on_message(Credit{LogIndex(21)})) ==
              "protocol_violation credit");
        CHECK(end_of(session.on_message(Credit{LogIndex(20)})).empty());
        CHECK(end_of(session.on_message(Credit{LogIndex(10)})) == "protocol_violation credit");
    }

    TEST_CASE("a farewell ends the stream for the peer's reason at any time") {
        const Farewell farewell{{Errc::shutting_down, "", "the daemon ends"}};
        CHECK(end_of(HubSession().on_message(farewell)) == "shutting_down ");
        CHECK(end_of(greeted().on_message(farewell)) == "shutting_down ");
    }
}

}  // namespace
}  // namespace tongbao::protocol
