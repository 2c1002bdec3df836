#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

TEST_SUITE("audit verify") {
    TEST_CASE("a log in which everything occurs verifies and is counted") {
        const AuditReport report = verify(whole_story());
        CHECK(found(report).empty());
        CHECK(report.verified());
        REQUIRE(report.checkpoint);
        CHECK(report.checkpoint->size == TreeSize(13));
        CHECK(report.checkpoint->origin.value() == "hub.test.example/log");
        const std::map<std::string, std::uint64_t, std::less<>> expected{
            {"charter_adopted", 1}, {"log_key", 1},   {"key_enrolled", 3},
            {"logged", 3},          {"delivered", 1}, {"signed_for", 1},
            {"refused", 1},         {"replied", 1},   {"key_revoked", 1}};
        CHECK(report.entries == expected);
        CHECK(report.batches == 5);
        CHECK(report.signatures == 5);
        CHECK(report.certificates == 3);
        CHECK(report.notices_read == 3);
        REQUIRE(report.charter);
        CHECK(report.charter->charter.value() == "sample_2026");
        CHECK(report.first_time == TestPki::kNow);
        CHECK(report.last_time == TestPki::kNow + std::chrono::seconds(12));
    }

    TEST_CASE("a caller who may read no contents verifies all the rest") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.notices.clear();
        const AuditReport report = verify(log, writer.trust());
        CHECK(report.verified());
        CHECK(report.notices_read == 0);
        CHECK(report.notices_withheld == 3);
    }

    TEST_CASE("a notice that the hub does not give to its own sender or recipient is found") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.notices.clear();
        AuditRequest request;
        const auto withheld_from = [&](const UnitId& unit) {
            request.unit = unit;
            return found(verify(log, writer.trust(), request));
        };
        const auto at = [](std::initializer_list<std::uint64_t> indexes) {
            std::vector<Found> all;
            for (const std::uint64_t index : indexes) {
                all.emplace_back(Errc::not_found, index, std::nullopt);
            }
            return all;
        };
        CHECK(withheld_from(kBureauA) == at({5, 6, 10}));
        CHECK(withheld_from(kBureauB) == at({5, 6, 10}));
        // Copies of the first two; what the hub shows of the third is not the office's to demand.
        CHECK(withheld_from(kOffice) == at({5, 6}));
        CHECK(withheld_from(UnitId("bureau_c")).empty());
        log = writer.publish();
        CHECK(withheld_from(kBureauA).empty());
    }

    TEST_CASE("an empty log verifies") {
        const LogWriter writer;
        ServedLog log;
        log.note = *crypto::sign_checkpoint(
            {LogOrigin(std::string(LogWriter::kOrigin)), TreeSize(0), crypto::empty_root()},
            writer.log_signer);
        CHECK(verify(log, writer.trust()).verified());
        log.note = *crypto::sign_checkpoint(
            {LogOrigin(std::string(LogWriter::kOrigin)), TreeSize(0), Digest()}, writer.log_signer);
        CHECK(found(verify(log, writer.trust())) == only(Errc::proof_mismatch));
    }

    TEST_CASE("every byte of an entry that is flipped is found and the entry is named") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        const AuditTrust trust = writer.trust();
        constexpr std::size_t kAct = 8;
        for (std::size_t i = 0; i < log.entry_bytes[kAct].size(); ++i) {
            std::uint8_t& byte = log.entry_bytes[kAct][i];
            byte ^= 1;
            const AuditReport report = verify(log, trust);
            CAPTURE(i);
            CHECK(names(report, Errc::entry_mismatch, kAct));
            byte ^= 1;
        }
        CHECK(verify(log, trust).verified());
    }

    TEST_CASE("a flipped byte is named in each entry and nowhere else") {
        const LogWriter writer = whole_story();
        const AuditTrust trust = writer.trust();
        for (std::size_t i = 0; i < 13; ++i) {
            ServedLog log = writer.publish();
            Bytes& bytes = log.entry_bytes[i];
            const std::size_t salt = as_text(bytes).find("\"salt\":\"") + 8;
            bytes[salt + 10] = bytes[salt + 10] == 'A' ? 'B' : 'A';
            const AuditReport report = verify(log, trust);
            CAPTURE(i);
            CHECK(names(report, Errc::entry_mismatch, i));
            const std::vector<Found> all = found(report);
            CHECK(std::count_if(all.begin(), all.end(), [](const Found& each) {
                      return std::get<0>(each) == Errc::entry_mismatch;
                  }) == 1);
        }
    }

    TEST_CASE("entries that changed places are both named") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        std::swap(log.entry_bytes[7], log.entry_bytes[8]);
        const AuditReport report = verify(log, writer.trust());
        CHECK(names(report, Errc::entry_mismatch, 7));
        CHECK(names(report, Errc::entry_mismatch, 8));
        CHECK(names(report, Errc::time_decreased, 8));
        CHECK_FALSE(names(report, Errc::entry_mismatch, 9));
    }

    TEST_CASE("a dropped entry is named and so is the end that is missing") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.entry_bytes.erase(log.entry_bytes.begin() + 9);
        const AuditReport report = verify(log, writer.trust());
        CHECK(names(report, Errc::entry_mismatch, 9));
        CHECK_FALSE(names(report, Errc::entry_mismatch, 8));
        CHECK(names(report, Errc::protocol_violation, 12));
    }

    TEST_CASE("an entry that was changed together with its tile shows in the root") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.entry_bytes[9] = log.entry_bytes[8];
        log.build_tiles();
        const std::vector<Found> all = found(verify(log, writer.trust()));
        CHECK(std::find(all.begin(), all.end(), Found{Errc::proof_mismatch, 0, 12}) != all.end());
    }

    TEST_CASE("of a long log the tile above names the 256 entries of which one was changed") {
        LogWriter writer;
        std::vector<WrittenLeaf> leaves;
        for (int i = 0; i < 600; ++i) leaves.push_back(some_notice(writer));
        writer.batch(writer.bureau_a, leaves);
        ServedLog log = writer.publish();
        const AuditTrust trust = writer.trust();
        CHECK(verify(log, trust).verified());

        const std::vector<Digest> above = log.tiles[1];
        Bytes& bytes = log.entry_bytes[300];
        const std::size_t salt = as_text(bytes).find("\"salt\":\"") + 8;
        bytes[salt + 10] = bytes[salt + 10] == 'A' ? 'B' : 'A';
        log.build_tiles();
        log.tiles[1] = above;
        const std::vector<Found> expected{{Errc::entry_mismatch, 256, 511},
                                          {Errc::proof_mismatch, 0, 604}};
        CHECK(found(verify(log, trust)) == expected);
    }

    TEST_CASE("a tile that was altered is told from an entry that was altered") {
        LogWriter writer;
        std::vector<WrittenLeaf> leaves;
        for (int i = 0; i < 300; ++i) leaves.push_back(some_notice(writer));
        writer.batch(writer.bureau_a, leaves);
        const ServedLog good = writer.publish();
        const AuditTrust trust = writer.trust();

        ServedLog log = good;
        log.tiles[0][260] = Digest();
        CHECK(found(verify(log, trust)) == only(Errc::tile_mismatch, LogIndex(260)));
        log = good;
        log.tiles[1][0] = Digest();
        CHECK(found(verify(log, trust)) == only(Errc::tile_mismatch, 0, 255));
        log = good;
        log.tiles.pop_back();
        CHECK(found(verify(log, trust)) == only(Errc::tile_mismatch, 0, 255));
        log = good;
        log.tiles[0].resize(256);
        CHECK(found(verify(log, trust)) == only(Errc::tile_mismatch, 256, 304));
    }

    TEST_CASE("an entry that the hub's database can't read any more is named") {
        const LogWriter writer = whole_story();
        for (const std::uint64_t index : {0u, 6u, 11u, 12u}) {
            ServedLog log = writer.publish();
            log.damaged.insert(LogIndex(index));
            CAPTURE(index);
            CHECK(names(verify(log, writer.trust()), Errc::storage_corrupt, index));
        }
    }

    TEST_CASE("bytes left over behind the entries of a bundle are found") {
        LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.behind_bundles = {0};
        CHECK(found(verify(log, writer.trust())) == only(Errc::protocol_violation, 0, 12));
        // One whole entry more than there are.
        log.behind_bundles = {0, 1, 'x'};
        CHECK(found(verify(log, writer.trust())) == only(Errc::protocol_violation, 0, 12));
    }

    TEST_CASE("entries that are denied to one who was given others before are missing by index") {
        LogWriter writer;
        std::vector<WrittenLeaf> leaves;
        for (int i = 0; i < 300; ++i) leaves.push_back(some_notice(writer));
        writer.batch(writer.bureau_a, leaves);
        ServedLog log = writer.publish();
        log.hidden_bundles = {1};
        CHECK(found(verify(log, writer.trust())).front() ==
              Found{Errc::not_found, 256, std::nullopt});
        log.hidden_bundles = {0};
        CHECK(verify_log(log, writer.trust(), {}).error() == Errc::not_permitted);
    }

    TEST_CASE("a checkpoint counts only under the log's own key") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        const std::string good = log.note;

        log.note[log.note.size() - 5] = log.note[log.note.size() - 5] == 'A' ? 'B' : 'A';
        CHECK(found(verify(log, writer.trust())) == only(Errc::bad_note));

        const crypto::NoteSigner other = *crypto::NoteSigner::make(
            std::string(LogWriter::kOrigin), crypto::Ed25519SigningKey::generate());
        const std::string text = good.substr(0, good.find("\n\n") + 1);
        log.note = crypto::sign_note(text, other);
        CHECK(found(verify(log, writer.trust())) == only(Errc::unknown_log_key));

        log.note = good;
        AuditTrust trust = writer.trust();
        trust.log_key = other.verifier_key();
        const AuditReport report = verify(log, trust);
        CHECK(found(report) == only(Errc::unknown_log_key));
        CHECK_FALSE(report.checkpoint);

        log.note = crypto::sign_note("hub.test.example/log\n13\n", writer.log_signer);
        CHECK(found(verify(log, writer.trust())) == only(Errc::bad_checkpoint));
    }

    TEST_CASE("a log that announces another key than it is checked with is found") {
        LogWriter writer;
        const crypto::NoteSigner other = *crypto::NoteSigner::make(
            std::string(LogWriter::kOrigin), crypto::Ed25519SigningKey::generate());
        const LogIndex index = writer.append(
            RegisterEvent{writer.register_head(), LogKeyAnnounced{other.verifier_key().text()}});
        CHECK(found(verify(writer)) == only(Errc::unknown_log_key, index));
    }

    TEST_CASE("a log extends a head that was known, or it is a fork or a roll-back") {
        LogWriter writer = whole_story();
        ServedLog before = writer.publish();
        const AuditReport report = verify(before, writer.trust());
        AuditRequest request;
        request.known = {*report.checkpoint};
        CHECK(verify(before, writer.trust(), request).verified());

        writer.batch(writer.bureau_b, {writer.logged(LogWriter::notice("bureau_b", {kBureauA}))});
        ServedLog after = writer.publish();
        const AuditReport longer = verify(after, writer.trust(), request);
        CHECK(longer.verified());
        CHECK(longer.known_size == TreeSize(13));

        request.known.front().root = Digest();
        const AuditReport forked = verify(after, writer.trust(), request);
        CHECK(found(forked) == only(Errc::log_forked));
        CHECK_FALSE(forked.known_size);
        // A forged one is not hidden by a larger one that is right.
        const Checkpoint five{report.checkpoint->origin, TreeSize(5), Digest()};
        request.known = {five, *report.checkpoint};
        CHECK(found(verify(after, writer.trust(), request)) == only(Errc::log_forked));
        request.known = {*longer.checkpoint};
        CHECK(found(verify(before, writer.trust(), request)) == only(Errc::log_rolled_back));
        request.known = {Checkpoint{report.checkpoint->origin, TreeSize(0), crypto::empty_root()}};
        CHECK(verify(after, writer.trust(), request).verified());
        request.known.front().root = Digest();
        CHECK(found(verify(after, writer.trust(), request)) == only(Errc::log_forked));
    }

    TEST_CASE("a time that goes back is found at the entry that is too old") {
        LogWriter writer;
        writer.set_time(writer.time() - std::chrono::seconds(10));
        const LogIndex index = writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::time_decreased, index));
    }

    TEST_CASE("a hub that can't be asked is an error and no verdict") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.silence = Errc::connection_failed;
        CHECK(verify_log(log, writer.trust(), {}).error() == Errc::connection_failed);
    }

    TEST_CASE("who verifies sees every entry in order") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        std::vector<std::uint64_t> seen;
        AuditRequest request;
        request.observe = [&seen](LogIndex index, const LogEntry&) {
            seen.push_back(index.value());
        };
        CHECK(verify(log, writer.trust(), request).verified());
        CHECK(seen == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    }
}
