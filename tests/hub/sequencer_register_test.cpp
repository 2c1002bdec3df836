// Entries of the register among the batches, and certificates at the time of their entry.

#include "hub/register_start.hpp"
#include "hub/sequencer.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/hub/running_sequencer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answers;
using testing::Gate;
using testing::HubParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::Running;
using testing::Sequencing;

TEST_SUITE("sequencer") {
    TEST_CASE_FIXTURE(
        Sequencing,
        "register entries are committed between batches and count for those behind them") {
        Gate gate;
        Sequencer sequencer = running.make(gate.bell());
        static_cast<void>(commit(sequencer, 1));
        // All of this waits while the bell of the first commit holds the thread: two batches that
        // were admitted, then the revocation of lake's key and a new one for it.
        const crypto::Certificate lake = parts.signers.at("lake").certificate();
        const crypto::Certificate next = parts.pki.sign("lake").certificate;
        REQUIRE(submit(sequencer, 2).has_value());
        REQUIRE(sequencer
                    .submit(parts.admitted("dike", {leaf_of(testing::answer_to(1, 3))}),
                            answers.take(3))
                    .has_value());
        const std::string name = "spiffe://test.example/unit/lake/sign";
        std::vector<Result<void>> results;
        REQUIRE(sequencer
                    .change_register(
                        {KeyRevoked{name, lake.digest()}, KeyEnrolled{name, to_bytes(next.der())},
                         KeyEnrolled{name, to_bytes(next.der())}},
                        [&](std::vector<Result<void>> each) { results = each; })
                    .has_value());
        gate.open();
        // The revocation stands before the batch that the revoked key signed: that logs nothing.
        const Checked<SequencedBatch> refused = answers.verdict(2);
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == Errc::certificate_revoked);
        const auto answer = testing::accepted_at(answers.wait(3).leaves.front());
        sequencer.stop();
        REQUIRE(results.size() == 3);
        CHECK(results[0].has_value());
        CHECK(results[1].has_value());
        CHECK(results[2].error() == Errc::already_exists);

        const auto keys = parts.deployment.keys.get();
        CHECK(keys->find(lake.digest())->revoked == LogIndex(7));
        REQUIRE(keys->find(next.digest()) != nullptr);
        CHECK(keys->find(next.digest())->enrolled == LogIndex(8));
        REQUIRE(answer);
        CHECK(*answer == LogIndex(9));
        CHECK(std::get<LoggedEvent>(parts.entry(*answer).event).register_head == keys->head());
        CHECK(must(parts.store.read_register()).size() == 8);
        CHECK(must(replay_register(parts.store, parts.words)).head() == keys->head());
        CHECK(must(MerkleLog::open(parts.store))->root() == parts.tree->root());
    }

    TEST_CASE_FIXTURE(Sequencing, "when register entries are answered they outlive a power cut") {
        Sequencer sequencer = running.make();
        const crypto::Certificate next = parts.pki.sign("lake").certificate;
        std::string synced;
        std::string shown;
        bool known = false;
        std::promise<void> answered;
        REQUIRE(sequencer
                    .change_register(
                        {KeyEnrolled{format_spiffe_id(*next.spiffe()), to_bytes(next.der()),
                                     parts.pki.consent(parts.signers.at("lake").key(), next)}},
                        [&](const std::vector<Result<void>>&) {
                            synced = parts.head_file.synced().front();
                            shown = parts.head.get()->note;
                            known = parts.deployment.keys.get()->find(next.digest()) != nullptr;
                            answered.set_value();
                        })
                    .has_value());
        answered.get_future().wait();
        CHECK(synced == shown);
        CHECK(known);
        CHECK(parts.head.get()->checkpoint.size == TreeSize(7));
    }

    TEST_CASE_FIXTURE(Sequencing,
                      "a certificate that is not good at its entry's time is not enrolled") {
        Sequencer sequencer = running.make();
        const crypto::Validity day{parts.pki.now() - std::chrono::hours(2),
                                   parts.pki.now() - std::chrono::hours(1)};
        const crypto::Certificate late =
            parts.pki.holder(sign_id(parts.pki.trust_domain(), UnitId("lake")), day).certificate;
        const testing::TestPki other;
        const crypto::Certificate strange = other.sign("lake").certificate;
        const std::string name = format_spiffe_id(*late.spiffe());
        std::promise<std::vector<Result<void>>> answered;
        REQUIRE(sequencer
                    .change_register({KeyEnrolled{name, to_bytes(late.der())},
                                      KeyEnrolled{name, to_bytes(strange.der())},
                                      KeyEnrolled{name, to_bytes("no certificate")}},
                                     [&](std::vector<Result<void>> each) {
                                         answered.set_value(std::move(each));
                                     })
                    .has_value());
        const std::vector<Result<void>> results = answered.get_future().get();
        REQUIRE(results.size() == 3);
        CHECK(results[0].error() == Errc::certificate_expired);
        CHECK(results[1].error() == Errc::certificate_untrusted);
        CHECK(results[2].error() == Errc::bad_certificate);
        sequencer.stop();
        CHECK(parts.store.size() == TreeSize(6));
        CHECK(running.counted.commits() == 0);
        CHECK(sequencer.change_register({}, [](const auto&) {}).error() == Errc::shutting_down);
    }

    TEST_CASE("a certificate that ends before the entry's time logs nothing") {
        HubParts parts;
        parts.pki.lists_until(parts.pki.now() + std::chrono::days(400));
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        parts.start();
        Running running(parts);
        const UtcTime end = parts.signers.at("lake").certificate().not_after();
        Answers answers;
        {
            // The clock passes the certificate's end between admission and the entry.
            Sequencer sequencer = running.make();
            parts.clock.set(end - std::chrono::milliseconds(1));
            VerifiedBatch batch = parts.admitted("lake", {leaf_of(numbered_alarm(1))});
            parts.clock.set(end);
            REQUIRE(sequencer.submit(std::move(batch), answers.take(0)).has_value());
            const Checked<SequencedBatch> late = answers.verdict(0);
            REQUIRE(late.has_error());
            CHECK(late.error().code == Errc::certificate_expired);
            CHECK(late.error().place == "statement.signer");
        }
        CHECK(parts.store.size() == TreeSize(6));
        // The log's last entry bears a later time than the clock, which was set back since.
        Sequencer sequencer = Sequencer(parts.deployment, parts.log(), parts.notices, parts.clock,
                                        end, running.logging, [](const std::set<UnitId>&) {}, {});
        parts.clock.set(end - std::chrono::days(1));
        REQUIRE(
            sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(2))}), answers.take(1))
                .has_value());
        const Checked<SequencedBatch> early = answers.verdict(1);
        REQUIRE(early.has_error());
        CHECK(early.error().code == Errc::certificate_expired);
        CHECK(parts.store.size() == TreeSize(6));
    }
}

}  // namespace
}  // namespace tongbao::hub
