// Every bad statement and every bad certificate of the matrices, at the hub.

#include "hub/admission.hpp"
#include "program/files.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/support/certificate_matrix.hpp"
#include "tests/support/odd_statement.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::HubParts;
using testing::kLake;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::StatementRow;
using testing::StatementStage;
using testing::TestHolder;
using testing::TestPki;
using testing::verdict;

/// A hub at which lake and reeds have keys that the test holds too.
struct TwoKeyHub : HubParts {
    TwoKeyHub() {
        put_consented("lake-2", lake.certificate);
        put_consented("reeds-2", reeds.certificate);
        start();
    }

    [[nodiscard]] StatementStage stage(const std::vector<Bytes>& leaves) const {
        return {lake, reeds, stranger, statement("lake", leaves)};
    }

    /// The code of the refusal of the batch as a whole; `ok` if there is none.
    [[nodiscard]] std::string code_of(Bytes signed_statement, std::vector<Bytes> leaves) const {
        const Checked<VerifiedBatch> batch =
            admission().admit(kLake, {1, std::move(signed_statement), std::move(leaves)});
        return std::string(batch ? "ok" : code(batch.error().code));
    }

    [[nodiscard]] std::string sent(const Bytes& signed_statement,
                                   const std::vector<Bytes>& leaves) {
        Checked<VerifiedBatch> batch = admission().admit(kLake, {1, signed_statement, leaves});
        REQUIRE(batch.has_value());
        std::vector<VerifiedBatch> batches;
        batches.push_back(*std::move(batch));
        return verdict(sequence(batches).front().leaves.front());
    }

    TestHolder lake = pki.sign("lake");
    TestHolder reeds = pki.sign("reeds");
    TestHolder stranger = pki.sign("lake");
};

TEST_SUITE("bad statements at the hub") {
    TEST_CASE("every statement of the matrix refuses its batch by its code and logs nothing") {
        TwoKeyHub hub;
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1))};
        const StatementStage stage = hub.stage(leaves);
        REQUIRE(hub.code_of(stage.good(), leaves) == "ok");
        const TreeSize before = hub.store.size();
        std::set<std::string> names;
        for (const StatementRow& row : testing::statement_matrix()) {
            CAPTURE(std::string(row.name));
            CHECK(hub.code_of(row.make(stage), leaves) == code(row.expected));
            names.insert(row.name);
        }
        CHECK(hub.store.size() == before);
        CHECK(names.size() == testing::statement_matrix().size());
    }

    TEST_CASE("the mirrored signature of a batch gets the first answer and no second entry") {
        TwoKeyHub hub;
        for (const bool mirrored_first : {false, true}) {
            CAPTURE(mirrored_first);
            const std::vector<Bytes> leaves{leaf_of(numbered_alarm(mirrored_first ? 1 : 2))};
            const Bytes good = hub.stage(leaves).good();
            const Bytes mirrored = testing::mirrored_signature(good);
            REQUIRE(good != mirrored);
            CHECK(hub.sent(mirrored_first ? mirrored : good, leaves).empty());
            const TreeSize after_first = hub.store.size();
            CHECK(hub.sent(mirrored_first ? good : mirrored, leaves) == "repeated");
            CHECK(hub.sent(mirrored, leaves) == "repeated");
            CHECK(hub.store.size() == after_first);
            CHECK(hub.mailed.empty());
        }
    }

    TEST_CASE("a batch and its mirror in one commit leave one entry") {
        TwoKeyHub hub;
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1))};
        const Bytes good = hub.stage(leaves).good();
        std::vector<VerifiedBatch> batches;
        for (const Bytes& each : {good, testing::mirrored_signature(good)}) {
            Checked<VerifiedBatch> batch = hub.admission().admit(kLake, {1, each, leaves});
            REQUIRE(batch.has_value());
            batches.push_back(*std::move(batch));
        }
        const TreeSize before = hub.store.size();
        const std::vector<SequencedBatch> answers = hub.sequence(batches);
        CHECK(verdict(answers[0].leaves.front()).empty());
        CHECK(verdict(answers[1].leaves.front()) == "repeated");
        CHECK(hub.store.size().value() == before.value() + 1);
    }

    TEST_CASE("no bad certificate is enrolled to sign statements") {
        for (const testing::CertificateRow& row : testing::certificate_matrix()) {
            CAPTURE(std::string(row.name));
            HubParts hub;
            const testing::OddHolder bad = make_row(row, CertificateUse::sign, hub.pki);
            hub.deployment.trust.set(
                std::make_shared<const crypto::TrustStore>(hub.pki.trust_store()));
            const auto file = hub.enrolled.path() / "bad.pem";
            REQUIRE(program::write_file(file, bad.certificate.pem(), 0600).has_value());
            const Result<void> started = hub.try_start();
            if (row.revoked) {
                // Of no harm to the others: it stays out, and the hub starts.
                CHECK(started.has_value());
            } else {
                REQUIRE(started.has_error());
                CHECK(code(to_errc(started.error())) == code(row.expected));
            }
            CHECK(hub.deployment.keys.get()->find(bad.certificate.digest()) == nullptr);
        }
    }
}

}  // namespace
}  // namespace tongbao::hub
