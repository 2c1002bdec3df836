#include "crypto/sha256.hpp"
#include "domain/reach.hpp"
#include "program/files.hpp"
#include "tests/hub/dispatched_hub.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::act_of;
using testing::HubParts;
using testing::leaf_of;
using testing::notice_of;
using testing::numbered_uuid;
using testing::verdict;

constexpr const char* kGate = "local.449901.dike";

/// A hub at which one local unit of the dikes is enrolled.
struct LocalHub : HubParts {
    LocalHub() {
        signers.emplace(kGate, pki.signer(kGate));
        const auto path = enrolled.path() / "gate.pem";
        REQUIRE(program::write_file(path, signers.at(kGate).certificate().pem(), 0600));
        start();
    }

    static Notice order(std::uint16_t number, std::vector<const char*> to) {
        Notice notice = notice_of("gate_order", "dike", std::move(to));
        notice.id = NoticeId(numbered_uuid(number));
        testing::set(notice, "wording", std::string("x"));
        return notice;
    }
};

TEST_SUITE("local units") {
    TEST_CASE("an enrolled one gets the notice, and its act tells the sender") {
        LocalHub hub;
        CHECK(*hub.deployment.keys.get()->local_units() == EnrolledUnits{UnitId(kGate)});
        const Bytes leaf = leaf_of(LocalHub::order(1, {kGate}));
        const auto index = accepted_at(hub.send("dike", leaf));
        REQUIRE(index);
        CHECK(hub.mailed == std::set<UnitId>{UnitId(kGate)});
        const NoticeRef order{crypto::sha256(leaf), *index};
        const Act delivered = act_of(2, ActKind::delivered, {order}, kGate);
        CHECK(verdict(hub.send(kGate, leaf_of(delivered))).empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("dike")});
    }

    TEST_CASE("one that is enrolled later gets no earlier notice and may not act on one") {
        HubParts hub;
        hub.start();
        const Bytes leaf = leaf_of(LocalHub::order(1, {kGate}));
        const auto index = accepted_at(hub.send("dike", leaf));
        REQUIRE(index);
        CHECK(hub.mailed.empty());
        hub.signers.emplace(kGate, hub.pki.signer(kGate));
        REQUIRE(program::write_file(hub.enrolled.path() / "gate.pem",
                                    hub.signers.at(kGate).certificate().pem(), 0600));
        hub.start();
        const NoticeRef order{crypto::sha256(leaf), *index};
        CHECK(verdict(hub.send(kGate, leaf_of(act_of(2, ActKind::delivered, {order}, kGate)))) ==
              "act_not_allowed notices[0]");
        // How it got there its sender can still say.
        CHECK(verdict(hub.send("dike", leaf_of(testing::dispatched(
                                           3, order, testing::by_hand(kGate), "dike"))))
                  .empty());
        CHECK(verdict(hub.send("dike", leaf_of(LocalHub::order(4, {kGate})))).empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId(kGate)});
    }

    TEST_CASE("what one answers that has a notice on paper leaves the register to its sender") {
        HubParts hub;
        CharterParts parts = hub.deployment.charter->parts();
        Kind report;
        for (Kind& kind : parts.kinds) {
            if (kind.id != KindId("gate_order")) continue;
            report = kind;
            report.id = KindId("gate_report");
            report.from = {UnitAddress("local:dike")};
            report.to = {UnitAddress("dike")};
            report.reply = ReplyUse::required;
            ReplyRule rule;
            rule.kind = report.id;
            kind.replies.push_back(rule);
        }
        parts.kinds.push_back(report);
        hub.deployment.charter = std::make_shared<const Charter>(std::move(parts));
        hub.start();
        const Notice order = LocalHub::order(1, {kGate});
        const auto index = accepted_at(hub.send("dike", leaf_of(order)));
        REQUIRE(index);
        hub.signers.emplace(kGate, hub.pki.signer(kGate));
        REQUIRE(program::write_file(hub.enrolled.path() / "gate.pem",
                                    hub.signers.at(kGate).certificate().pem(), 0600));
        hub.start();
        Notice answer = notice_of("gate_report", kGate, {"dike"});
        answer.id = NoticeId(numbered_uuid(2));
        answer.in_reply_to = order.id;
        testing::set(answer, "wording", std::string("x"));
        CHECK(verdict(hub.send(kGate, leaf_of(answer))).empty());
        CHECK(testing::must(hub.store.read_state(*index, UnitId(kGate))) == 0);
        const NoticeRef ref{crypto::sha256(leaf_of(order)), *index};
        CHECK(verdict(hub.send("dike", leaf_of(testing::dispatched(
                                           3, ref, testing::with_evidence(testing::by_hand(kGate)),
                                           "dike"))))
                  .empty());
        const auto kept =
            testing::must(hub.store.read_dispatches({DispatchStage::evidenced, {}, {}, 9}));
        REQUIRE(kept.size() == 1);
        CHECK(kept.front().place.unit == UnitId(kGate));
        CHECK(testing::must(hub.store.read_dispatches({DispatchStage::open, {}, {}, 9})).empty());
    }

    TEST_CASE("one that is not enrolled is told nothing and owes nothing") {
        LocalHub hub;
        CHECK(verdict(hub.send("dike", leaf_of(LocalHub::order(1, {kGate, "local.449902.dike"}))))
                  .empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId(kGate)});
    }
}

}  // namespace
}  // namespace tongbao::hub
