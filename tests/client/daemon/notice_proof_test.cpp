#include "client/daemon/notice_proof.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "protocol/log_entry_json.hpp"
#include "tests/client/auditor/log_writer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

const UnitId kBureauB("bureau_b");

/// The second of three notices that bureau_a has sent in one batch.
struct ThreeNotices {
    LogWriter writer;
    LogIndex first = writer.batch(writer.bureau_a, {some(), some(), some()});
    NoticeRef asked = writer.reference(advanced(first, 1));
    ServedLog log = writer.publish();
    Bytes notice = log.notices.at(asked.index);
    BatchRecord batch = *log.batch(asked.index);
    LogEntry entry = entry_at(asked.index);
    crypto::KeyRegister keys = register_of(log);
    crypto::TrustStore trust = writer.pki.trust_store();

    [[nodiscard]] WrittenLeaf some() const {
        return writer.logged(LogWriter::notice("bureau_a", {kBureauB}));
    }
    [[nodiscard]] LogEntry entry_at(LogIndex index) const {
        const Checked<LogEntry> read = protocol::read_log_entry(log.entry_bytes[index.value()]);
        REQUIRE(read.has_value());
        return *read;
    }
    [[nodiscard]] static crypto::KeyRegister register_of(const ServedLog& served) {
        crypto::KeyRegister made;
        for (const RegisterRow& row : served.rows) {
            const Checked<LogEntry> read = protocol::read_log_entry(row.entry);
            REQUIRE(read.has_value());
            REQUIRE(made.apply(row.index, crypto::leaf_hash(row.entry),
                               std::get<RegisterEvent>(read->event))
                        .has_value());
        }
        return made;
    }
    [[nodiscard]] Result<NoticeProof> check() const {
        return check_proof(asked, notice, batch, entry, keys, trust, LogWriter::kOrigin);
    }
};

}  // namespace

TEST_SUITE("proof of a notice") {
    TEST_CASE_FIXTURE(ThreeNotices, "a proof leads from the notice to the root that was signed") {
        const Result<NoticeProof> proof = check();
        REQUIRE(proof.has_value());
        CHECK(proof->notice == notice);
        CHECK(proof->statement == batch.statement);
        CHECK(proof->signer == writer.bureau_a.certificate().pem());
        CHECK(proof->time == entry.time);
        CHECK(proof->position == 1);
        CHECK(proof->count == 3);
        const auto find = [this](const Digest& digest) -> std::optional<crypto::Certificate> {
            return keys.find(digest)->certificate;
        };
        const Digest root = crypto::open_statement(batch.statement, find)->statement.root;
        CHECK(crypto::verify_inclusion(crypto::leaf_hash(proof->notice), LogIndex(1), TreeSize(3),
                                       proof->path, root)
                  .has_value());
        const std::string json = write_proof(*proof);
        CHECK(json.find("\"notice\":\"" + to_base64(notice) + '"') != std::string::npos);
        CHECK(json.find(R"("position":1,"count":3,"path":[")") != std::string::npos);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "another notice's entry proves nothing of this one") {
        entry = entry_at(first);
        CHECK(check().error() == Errc::entry_mismatch);
        entry = entry_at(LogIndex(0));
        CHECK(check().error() == Errc::entry_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "other bytes than were asked for are not proved") {
        notice.back() ^= 1;
        CHECK(check().error() == Errc::entry_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "a statement that the entry does not name is refused") {
        // The same leaves, signed by the same unit once more.
        std::vector<WrittenLeaf> same;
        for (std::uint64_t i = 0; i < 3; ++i) {
            same.push_back({log.notices.at(advanced(first, i)), std::nullopt});
        }
        writer.batch(writer.bureau_a, same);
        log = writer.publish();
        batch = log.batches.rbegin()->second;
        CHECK(batch.statement != log.batch(asked.index)->statement);
        CHECK(check().error() == Errc::statement_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "leaves that the statement does not cover are refused") {
        SUBCASE("one changed") {
            batch.leaves[2].leaf_hash = Digest();
        }
        SUBCASE("one left out") {
            batch.leaves.pop_back();
        }
        SUBCASE("one more") {
            batch.leaves.push_back(batch.leaves.front());
        }
        CHECK(check().error() == Errc::statement_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "a statement for another log is refused") {
        CHECK(check_proof(asked, notice, batch, entry, keys, trust, "hub.other.example/log")
                  .error() == Errc::statement_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "a statement of another unit than the sender is refused") {
        const LogIndex index = writer.batch(writer.bureau_b, {some()});
        log = writer.publish();
        asked = writer.reference(index);
        notice = log.notices.at(index);
        batch = *log.batch(index);
        entry = entry_at(index);
        CHECK(check().error() == Errc::sender_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "an entry that names another signer is refused") {
        std::get<LoggedEvent>(entry.event).leaf.signer = writer.bureau_b.certificate().digest();
        CHECK(check().error() == Errc::wrong_signer);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "a register that is not the one the entry names is refused") {
        LogWriter other;
        keys = register_of(other.publish());
        CHECK(check().error() == Errc::register_mismatch);
    }

    TEST_CASE_FIXTURE(ThreeNotices, "a certificate that was not in force at the entry is refused") {
        writer.revoke(writer.bureau_a.certificate());
        const LogIndex late = writer.batch(writer.bureau_a, {some()});
        log = writer.publish();
        keys = register_of(log);
        CHECK(check().has_value());
        asked = writer.reference(late);
        notice = log.notices.at(late);
        batch = *log.batch(late);
        entry = entry_at(late);
        CHECK(check().error() == Errc::signer_not_enrolled);
    }
}
