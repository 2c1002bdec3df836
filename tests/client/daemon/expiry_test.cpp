#include "client/daemon/expiry.hpp"

#include "tests/client/daemon/local_stage.hpp"
#include "tests/support/captured_log.hpp"

#include <doctest/doctest.h>

namespace tongbao::client {
namespace {

using namespace std::chrono_literals;
using testing::Asking;
namespace asio = boost::asio;
using Days = std::chrono::days;

const UtcTime kNow{1'700'000'000'000ms};

TEST_SUITE("expiry of certificates") {
    TEST_CASE("the warning that holds is 60, 30 and 7 days, and 0 when it is over") {
        CHECK(!expiry_warning(kNow + Days(60) + 1ms, kNow));
        CHECK(expiry_warning(kNow + Days(60), kNow) == 60);
        CHECK(expiry_warning(kNow + Days(30) + 1ms, kNow) == 60);
        CHECK(expiry_warning(kNow + Days(30), kNow) == 30);
        CHECK(expiry_warning(kNow + Days(7) + 1ms, kNow) == 30);
        CHECK(expiry_warning(kNow + Days(7), kNow) == 7);
        CHECK(expiry_warning(kNow, kNow) == 7);
        CHECK(expiry_warning(kNow - 1ms, kNow) == 0);
    }

    TEST_CASE("days are rounded down") {
        CHECK(days_left(kNow + Days(8) - 1ms, kNow) == 7);
        CHECK(days_left(kNow + 1ms, kNow) == 0);
        CHECK(days_left(kNow - 1ms, kNow) == -1);
    }

    TEST_CASE("the running log says it again each time, and what holds by then") {
        testing::CapturedLog log;
        program::Logging logging("test", program::LogLevel::info);
        testing::ManualClock clock(kNow);
        asio::io_context io{1};
        const std::vector<OwnCertificate> certificates{{"tls", "spiffe://x/a", kNow + Days(90)},
                                                       {"sign", "spiffe://x/b", kNow + Days(8)}};
        const auto shown = [&certificates] { return certificates; };
        asio::co_spawn(io, watch_expiry(shown, clock, logging, 1ms),
                       [](const std::exception_ptr& error) { CHECK(!error); });
        const auto run_until_told = [&](std::string_view event, int times) {
            while (log.count(event) < times) {
                io.run_one();
                logging.flush();
            }
        };
        run_until_told("certificate_expires", 2);
        CHECK(log.text().find("spiffe://x/a") == std::string::npos);
        CHECK(log.text().find("\"level\":\"error\"") == std::string::npos);
        clock.set(kNow + Days(2));
        run_until_told("certificate_expires", 4);
        CHECK(log.text().find("\"level\":\"error\"") != std::string::npos);
        clock.set(kNow + Days(100));
        run_until_told("certificate_expired", 2);
        CHECK(log.text().find("spiffe://x/a") != std::string::npos);
    }

    TEST_CASE_FIXTURE(Asking, "the status shows each certificate, its days and its warning") {
        const UtcTime now = hub.clock.now();
        daemon.certificates = {{"tls", "spiffe://x/unit/dike/daemon", now + Days(100) + 1h},
                               {"sign", "spiffe://x/unit/dike/sign", now + Days(20) + 1h, true}};
        const nlohmann::json shown = body_of(ask("GET", "/v1/status")).at("certificates");
        REQUIRE(shown.size() == 2);
        CHECK(shown[0].at("use") == "tls");
        CHECK(shown[0].at("days_left") == 100);
        CHECK(shown[0].at("state") == "in_use");
        CHECK(shown[1].at("state") == "waiting_for_enrolment");
        CHECK(!shown[0].contains("warning"));
        CHECK(shown[1].at("spiffe") == "spiffe://x/unit/dike/sign");
        CHECK(shown[1].at("days_left") == 20);
        CHECK(shown[1].at("warning") == 30);
    }
}

}  // namespace
}  // namespace tongbao::client
