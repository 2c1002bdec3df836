#include "client/daemon/notice_archive.hpp"

#include "tests/client/daemon/daemon_parts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::StartedHub;

/// A daemon of dike's in whose inbox a test puts what it likes.
struct Keeping {
    StartedHub hub;
    DaemonParts daemon{hub, "dike"};
    NoticeArchive archive{*daemon.store};

    void arrives(const Notice& notice, std::uint64_t index) {
        daemon.put_arrived(notice, LogIndex(index));
    }
};

TEST_SUITE("archive of notices") {
    TEST_CASE_FIXTURE(Keeping, "a notice that arrived is found by its identifier and its place") {
        arrives(numbered_alarm(1), 7);
        const ArchivedNotice found = must(archive.find(numbered_alarm(1).id.value()));
        CHECK(found.bytes == leaf_of(numbered_alarm(1)));
        CHECK(found.index == LogIndex(7));
        CHECK(must(archive.row_at(LogIndex(7))).id == numbered_alarm(1).id.value());
        CHECK(archive.row_at(LogIndex(6)).error() == Errc::not_found);
        CHECK(archive.row_at(LogIndex(8)).error() == Errc::not_found);
        CHECK(archive.row_at(LogIndex(~std::uint64_t{0})).error() == Errc::not_found);
        CHECK(archive.find(numbered_alarm(2).id.value()).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Keeping,
                      "one of our own is found by its place once the hub has given it one") {
        storage::SentItem item;
        Notice own = numbered_alarm(2);
        own.from = UnitId("dike");
        item.id = own.id.value();
        item.bytes = leaf_of(own);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        CHECK(archive.find_at(LogIndex(9)).error() == Errc::not_found);
        item.state = storage::SentState::accepted;
        item.index = LogIndex(9);
        REQUIRE(daemon.store->settle({item}, "").has_value());
        arrives(numbered_alarm(1), 7);
        const ArchivedNotice found = must(archive.find_at(LogIndex(9)));
        CHECK(found.bytes == item.bytes);
        CHECK(found.index == LogIndex(9));
        CHECK(found.sent.has_value());
        CHECK(must(archive.find_at(LogIndex(7))).inbox.has_value());
        CHECK(archive.find_at(LogIndex(8)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Keeping, "an identifier that two senders chose is told apart from none") {
        arrives(numbered_alarm(1), 7);
        Notice other = numbered_alarm(1);
        other.from = UnitId("reeds");
        arrives(other, 8);
        CHECK(archive.find(other.id.value()).error() == Errc::id_conflict);
        CHECK(must(archive.open(must(archive.row_at(LogIndex(8))))).notice.from == other.from);
    }

    TEST_CASE_FIXTURE(Keeping, "one of our own comes before another under its identifier") {
        storage::SentItem item;
        Notice own = numbered_alarm(1);
        own.from = UnitId("dike");
        item.id = own.id.value();
        item.bytes = leaf_of(own);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        arrives(numbered_alarm(1), 7);
        CHECK(must(archive.find(own.id.value())).notice.from == own.from);
    }
}

}  // namespace
}  // namespace tongbao::client
