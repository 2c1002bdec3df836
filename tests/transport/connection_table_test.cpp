#include "transport/connection_table.hpp"

#include "tests/transport/loopback.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace tongbao::transport {
namespace {

Limits limits_per_address(std::size_t connections) {
    Limits limits = testing::wide_limits();
    limits.connections_per_address = connections;
    return limits;
}

TEST_SUITE("connection table") {
    TEST_CASE("who has not shown who he is takes a quarter of an address's connections") {
        ConnectionTable table(limits_per_address(8));
        const Result<std::uint64_t> first = table.admit("192.0.2.1");
        REQUIRE(first.has_value());
        REQUIRE(table.admit("192.0.2.1").has_value());
        CHECK(table.admit("192.0.2.1").error() == Errc::too_many_requests);
        // Another address has its own.
        CHECK(table.admit("192.0.2.2").has_value());
        // One is let in, whether the kernel or a certificate says who it is: another may knock.
        CHECK(table.introduce(*first, std::nullopt).has_value());
        const Result<std::uint64_t> third = table.admit("192.0.2.1");
        REQUIRE(third.has_value());
        CHECK(table.admit("192.0.2.1").error() == Errc::too_many_requests);
        // One that goes without a word gives its place back.
        table.remove(*third);
        CHECK(table.admit("192.0.2.1").has_value());
    }

    TEST_CASE("an address keeps its cap when all are let in and is forgotten when all are gone") {
        ConnectionTable table(limits_per_address(2));
        for (int round = 0; round < 3; ++round) {
            const Result<std::uint64_t> first = table.admit("192.0.2.1");
            REQUIRE(first.has_value());
            REQUIRE(table.introduce(*first, Digest()).has_value());
            const Result<std::uint64_t> second = table.admit("192.0.2.1");
            REQUIRE(second.has_value());
            REQUIRE(table.introduce(*second, Digest()).has_value());
            CHECK(table.admit("192.0.2.1").error() == Errc::too_many_requests);
            table.remove(*first);
            table.remove(*second);
            CHECK(table.size() == 0);
        }
    }
}

}  // namespace
}  // namespace tongbao::transport
