#include "client/daemon/peer_check.hpp"

#include "tests/client/daemon/local_stage.hpp"

#include <doctest/doctest.h>
#include <grp.h>
#include <unistd.h>

namespace tongbao::client {
namespace {

using testing::Asking;

transport::Peer user(uid_t uid) {
    return {"unix:uid=" + std::to_string(uid), transport::LocalPeer{uid, 100, 1}};
}

TEST_SUITE("local callers") {
    TEST_CASE_FIXTURE(Asking, "the daemon's own user, root and the group may act for the unit") {
        CHECK(peers.check(user(1000)).has_value());
        CHECK(peers.check(user(0)).has_value());
        CHECK(peers.check(user(4711)).has_value());
    }

    TEST_CASE_FIXTURE(Asking, "every other user is refused, whatever he asks for") {
        caller = user(1001);
        for (const LocalRouteRow& row : local_routes()) {
            CAPTURE(row.path);
            const transport::Response response =
                ask(std::string(row.method), std::string(row.path), "{}");
            CHECK(response.status == 403);
        }
        CHECK(daemon.store->outbox_size() == 0);
        CHECK(ask("GET", "/v1/none").status == 403);
    }

    TEST_CASE_FIXTURE(Asking, "without a configured group no group is asked") {
        const PeerCheck alone(1000, "", groups);
        CHECK(alone.check(user(1000)).has_value());
        CHECK(alone.check(user(4711)).error() == Errc::not_permitted);
    }

    TEST_CASE_FIXTURE(Asking, "a caller without the kernel's word on him is refused") {
        CHECK(peers.check(transport::Peer{}).error() == Errc::not_permitted);
    }

    TEST_CASE("the system's groups hold a process's own group and no group that is not there") {
        const SystemGroups groups;
        const group* const own = ::getgrgid(::getegid());
        if (own == nullptr) {
            MESSAGE("not checked: this user's group has no name here");
            return;
        }
        const std::string name = own->gr_name;
        CHECK(groups.contains(name, {::geteuid(), ::getegid(), 1}));
        CHECK_FALSE(groups.contains("no-such-group-here", {::geteuid(), ::getegid(), 1}));
        constexpr uid_t kNobodyHas = 4'000'000'000;
        CHECK_FALSE(groups.contains(name, {kNobodyHas, kNobodyHas, 1}));
    }

    TEST_CASE("a socket is not given to a group that is not there") {
        const storage::TemporaryFolder folder;
        CHECK(open_to_group(folder.path(), "no-such-group-here").error() ==
              Errc::bad_configuration);
    }
}

}  // namespace
}  // namespace tongbao::client
