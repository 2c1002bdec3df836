#include "client/daemon/outbox_writer.hpp"

#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::HubParts;
using testing::leaf_of;
using testing::numbered_alarm;
namespace asio = boost::asio;

storage::SentItem item_of(std::uint16_t number) {
    const Notice notice = numbered_alarm(number);
    storage::SentItem item;
    item.id = notice.id.value();
    item.bytes = leaf_of(notice);
    return item;
}

storage::HeldNotice held_of(std::uint16_t number) {
    storage::SentItem item = item_of(number);
    return {item.id, {}, std::move(item.bytes), {}};
}

storage::HandedOver handing(std::uint16_t number) {
    return {{item_of(number)}, {}, {}};
}

struct Writing {
    HubParts hub;
    std::optional<DaemonParts> daemon;
    std::optional<OutboxWriter> writer;
    std::vector<Result<void>> results;

    Writing() {
        hub.start();
        daemon.emplace(hub, "lake");
        writer.emplace(*daemon->services);
    }

    asio::awaitable<int> put(storage::HandedOver handed) {
        const Result<void> result = co_await writer->put(std::move(handed));
        results.push_back(result);
        co_return 0;
    }
    void run() {
        daemon->io.restart();
        daemon->io.run();
    }

    /// What this comes to.
    Result<void> put_one(storage::HandedOver handed) {
        asio::co_spawn(daemon->io, put(std::move(handed)), [](const std::exception_ptr&, int) {});
        run();
        return results.back();
    }
    /// Puts them all at once.
    void put_all(const std::vector<std::uint16_t>& numbers) {
        for (const std::uint16_t number : numbers) {
            asio::co_spawn(daemon->io, put(handing(number)), [](const std::exception_ptr&, int) {});
        }
        run();
    }
};

TEST_SUITE("outbox writer") {
    TEST_CASE_FIXTURE(Writing, "what comes while a write is synced shares the next one") {
        std::vector<std::uint16_t> numbers;
        for (std::uint16_t number = 1; number <= 20; ++number) numbers.push_back(number);
        put_all(numbers);
        REQUIRE(results.size() == numbers.size());
        for (const Result<void>& result : results) CHECK(result.has_value());
        // One write for the first, one for all the others: the bell rings at each.
        CHECK(daemon->outbox_bell.rings() == 2);
        CHECK(daemon->store->outbox_size() == numbers.size());
        const auto items = daemon->store->read_outbox(0, numbers.size(), 1024 * 1024);
        REQUIRE(items.has_value());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            CHECK((*items)[i].id == item_of(numbers[i]).id);
        }
    }

    TEST_CASE_FIXTURE(Writing,
                      "a write that is refused is told to all who shared it, once more not") {
        put_all({1});
        put_all({2, 1, 3});
        REQUIRE(results.size() == 4);
        CHECK(results[0].has_value());
        CHECK(results[1].has_value());
        CHECK(results[2].error() == Errc::already_exists);
        CHECK(results[3].error() == Errc::already_exists);
        CHECK(daemon->store->outbox_size() == 2);
        put_all({3});
        CHECK(results.back().has_value());
    }

    TEST_CASE_FIXTURE(Writing, "what waits for endorsements is there with what is sent or not") {
        storage::HandedOver both = handing(1);
        both.held.push_back(held_of(2));
        CHECK(put_one(both).has_value());
        CHECK(daemon->store->outbox_size() == 1);
        CHECK(daemon->store->held_size() == 1);
        CHECK(daemon->outbox_bell.rings() == 1);

        storage::HandedOver sent_again = handing(1);
        sent_again.held.push_back(held_of(3));
        CHECK(put_one(sent_again).error() == Errc::already_exists);
        storage::HandedOver held_again = handing(3);
        held_again.held.push_back(held_of(2));
        CHECK(put_one(held_again).error() == Errc::already_exists);
        CHECK(daemon->store->outbox_size() == 1);
        CHECK(daemon->store->held_size() == 1);

        const std::uint64_t rings = daemon->outbox_bell.rings();
        CHECK(put_one({{}, {held_of(4)}, {}}).has_value());
        CHECK(daemon->store->held_size() == 2);
        CHECK(daemon->outbox_bell.rings() == rings);
    }
}

TEST_SUITE("settled bell") {
    asio::awaitable<int> wait_for(SettledBell & bell, Uuid item, std::vector<int> & woken,
                                  int who) {
        SettledBell::Watch watch(bell, item);
        constexpr std::chrono::milliseconds kLong{60'000};
        static_cast<void>(co_await watch.wait(kLong));
        woken.push_back(who);
        co_return 0;
    }

    TEST_CASE("only those wake whose item it was") {
        asio::io_context io{1};
        SettledBell bell(io.get_executor());
        const Uuid first = item_of(1).id;
        const Uuid second = item_of(2).id;
        std::vector<int> woken;
        const auto ignore = [](const std::exception_ptr&, int) {};
        asio::co_spawn(io, wait_for(bell, first, woken, 1), ignore);
        asio::co_spawn(io, wait_for(bell, second, woken, 2), ignore);
        asio::co_spawn(io, wait_for(bell, first, woken, 3), ignore);
        io.poll();
        bell.ring(first);
        io.poll();
        CHECK(woken == std::vector{1, 3});
        bell.ring(second);
        io.poll();
        CHECK(woken == std::vector{1, 3, 2});
    }

    TEST_CASE("a ring between looking and waiting is not lost") {
        asio::io_context io{1};
        SettledBell bell(io.get_executor());
        const Uuid item = item_of(1).id;
        SettledBell::Watch watch(bell, item);
        bell.ring(item);
        bool done = false;
        constexpr std::chrono::milliseconds kLong{60'000};
        asio::co_spawn(io, watch.wait(kLong),
                       [&done](const std::exception_ptr&, std::uint64_t) { done = true; });
        io.poll();
        CHECK(done);
    }
}

}  // namespace
}  // namespace tongbao::client
