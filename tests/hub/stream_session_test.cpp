#include "hub/stream_session.hpp"

#include "crypto/sha256.hpp"
#include "protocol/limits.hpp"
#include "tests/hub/served_hub.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using protocol::Hello;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::ServedHub;
using testing::TestSocket;
using transport::CloseCode;

constexpr Hello kHello{protocol::kProtocolVersion, std::nullopt, TreeSize(0)};

/// The next message, which must be a `T`.
template <typename T>
T next(TestSocket& socket) {
    std::optional<protocol::Message> message = socket.receive();
    REQUIRE(message.has_value());
    REQUIRE(std::holds_alternative<T>(*message));
    return std::get<T>(*std::move(message));
}

/// That the hub says why and closes.
void check_end(TestSocket& socket, Errc errc, const std::string& place) {
    const Reason reason = next<protocol::Farewell>(socket).reason;
    CHECK(reason.code == errc);
    CHECK(reason.place == place);
    CHECK(socket.closed_with() == std::pair(CloseCode::policy_violation, std::string(code(errc))));
}

TEST_SUITE("stream session") {
    TEST_CASE("a batch is answered and delivered to its recipient alone") {
        ServedHub hub;
        const auto dike = hub.open_stream(hub.daemon("dike"));
        dike->send(kHello);
        const auto welcome = next<protocol::Welcome>(*dike);
        CHECK(welcome.origin == hub.deployment.origin.value());
        CHECK(welcome.charter == hub.deployment.charter_digest);
        CHECK(welcome.head.checkpoint == hub.head.get()->note);
        const auto reeds = hub.open_stream(hub.daemon("reeds"));
        reeds->send(kHello);
        static_cast<void>(next<protocol::Welcome>(*reeds));
        const LogIndex alarm = hub.logged_alarm(1);
        const auto delivery = next<protocol::Delivery>(*dike);
        CHECK(delivery.batch == alarm);
        REQUIRE(delivery.leaves.size() == 1);
        CHECK(std::get<protocol::DeliveredLeaf>(delivery.leaves[0]).index == alarm);
        // Had anything been for reeds, it would have come before this answer.
        protocol::Submit submit = hub.submission("reeds", {to_bytes("{}")});
        submit.number = 5;
        reeds->send(submit);
        CHECK(next<protocol::Outcome>(*reeds).number == 5);
        dike->leave();
        reeds->leave();
    }

    TEST_CASE("what was delivered before comes again until it is resumed behind it") {
        ServedHub hub;
        const LogIndex first = hub.logged_alarm(1);
        const LogIndex second = hub.logged_alarm(2);
        for (const auto& [resume, batches] :
             {std::pair(std::optional<LogIndex>(), std::vector{first, second}),
              std::pair(std::optional(first), std::vector{second})}) {
            const auto dike = hub.open_stream(hub.daemon("dike"));
            dike->send(Hello{protocol::kProtocolVersion, resume, TreeSize(0)});
            static_cast<void>(next<protocol::Welcome>(*dike));
            for (const LogIndex batch : batches) {
                CHECK(next<protocol::Delivery>(*dike).batch == batch);
            }
            dike->leave();
        }
    }

    TEST_CASE("a frame that can't be read ends the stream") {
        ServedHub hub;
        for (const bool greeted : {false, true}) {
            const auto lake = hub.open_stream(hub.daemon("lake"));
            if (greeted) {
                lake->send(kHello);
                static_cast<void>(next<protocol::Welcome>(*lake));
            }
            lake->send_bytes(to_bytes("\x02nonsense"));
            check_end(*lake, Errc::protocol_violation, "frame");
        }
    }

    TEST_CASE("nothing comes before the hello") {
        ServedHub hub;
        const auto lake = hub.open_stream(hub.daemon("lake"));
        lake->send(hub.submission("lake", {leaf_of(numbered_alarm(1))}));
        check_end(*lake, Errc::protocol_violation, "hello");
        CHECK(hub.store.size() == TreeSize(6));
    }

    TEST_CASE("a daemon that knows a longer log is told so") {
        ServedHub hub;
        const auto lake = hub.open_stream(hub.daemon("lake"));
        lake->send(Hello{protocol::kProtocolVersion, std::nullopt, TreeSize(7)});
        check_end(*lake, Errc::log_rolled_back, "known_size");
    }

    TEST_CASE("answers come in the order of the batches though numbers repeat") {
        ServedHub hub;
        const auto lake = hub.open_stream(hub.daemon("lake"));
        lake->send(kHello);
        static_cast<void>(next<protocol::Welcome>(*lake));
        // The first waits for the disk while the second is refused at once, under one number.
        protocol::Submit good = hub.submission("lake", {to_bytes("{}")});
        protocol::Submit bad = hub.submission("reeds", {to_bytes("{}")});
        good.number = bad.number = 7;
        for (int round = 0; round < 3; ++round) {
            lake->send(good);
            lake->send(bad);
        }
        for (int round = 0; round < 3; ++round) {
            CHECK(next<protocol::Outcome>(*lake).number == 7);
            const auto refused = next<protocol::BatchRefused>(*lake);
            CHECK(refused.number == 7);
            CHECK(refused.reason.code == Errc::sender_mismatch);
        }
        lake->leave();
    }

    TEST_CASE("a stream is told why its certificate does not count any more and others go on") {
        ServedHub hub;
        Digest revoked;
        revoked = crypto::sha256(as_bytes("the certificate of lake's daemon"));
        const auto lake = hub.open_stream(hub.daemon("lake"), revoked);
        const auto dike = hub.open_stream(hub.daemon("dike"));
        lake->send(kHello);
        static_cast<void>(next<protocol::Welcome>(*lake));
        dike->send(kHello);
        static_cast<void>(next<protocol::Welcome>(*dike));
        const auto keep = [&revoked](const Digest& certificate) -> Result<void> {
            if (certificate == revoked) return Errc::certificate_revoked;
            return {};
        };
        hub.streams.end_unless(keep);
        check_end(*lake, Errc::certificate_revoked, "certificate");
        CHECK_FALSE(lake->receive().has_value());
        hub.streams.end_unless(keep);  // nobody is told twice
        const LogIndex alarm = hub.logged_alarm(1);
        CHECK(next<protocol::Delivery>(*dike).batch == alarm);
        dike->leave();
    }

    TEST_CASE("a log auditor has no stream") {
        ServedHub hub;
        const auto auditor = hub.open_stream(hub.auditor());
        CHECK(auditor->closed_with() ==
              std::pair(CloseCode::policy_violation, std::string("not_permitted")));
        CHECK_FALSE(auditor->receive().has_value());
    }
}

}  // namespace
}  // namespace tongbao::hub
