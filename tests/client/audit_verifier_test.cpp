#include "client/auditor/verifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "tests/client/log_writer.hpp"

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

const UnitId kBureauA("bureau_a");
const UnitId kBureauB("bureau_b");
const UnitId kOffice("office");

/// A log in which everything occurs once:
///
///     0 charter_adopted  1 log_key  2 3 4 key_enrolled
///     5 6 logged: bureau_a to bureau_b, copies to the office
///     7 delivered of both by bureau_b   8 signed_for of 5 by bureau_b
///     9 refused: a notice of bureau_a
///     10 logged: bureau_b answers 5   11 replied
///     12 key_revoked: bureau_a's
LogWriter whole_story() {
    LogWriter writer;
    const LogIndex first = writer.batch(
        writer.bureau_a, {writer.logged(LogWriter::notice("bureau_a", {kBureauB}, {kOffice})),
                          writer.logged(LogWriter::notice("bureau_a", {kBureauB}, {kOffice}))});
    const NoticeRef one = writer.reference(first);
    const NoticeRef two = writer.reference(advanced(first, 1));
    writer.batch(writer.bureau_b, {writer.act("bureau_b", ActKind::delivered, {one, two})});
    writer.batch(writer.bureau_b, {writer.act("bureau_b", ActKind::signed_for, {one})});
    writer.batch(writer.bureau_a, {LogWriter::refused(LogWriter::notice("bureau_a", {kBureauB}),
                                                      {Errc::unknown_kind, Errc::missing_field})});
    WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
    answer.answers = one;
    writer.batch(writer.bureau_b, {answer});
    writer.revoke(writer.bureau_a.certificate());
    return writer;
}

AuditReport verify(ServedLog& log, const AuditTrust& trust, const AuditRequest& request = {}) {
    Result<AuditReport> report = verify_log(log, trust, request);
    REQUIRE(report.has_value());
    return *std::move(report);
}

AuditReport verify(const LogWriter& writer) {
    ServedLog log = writer.publish();
    return verify(log, writer.trust());
}

/// A finding without its words: code, first index, last index.
using Found = std::tuple<Errc, std::optional<std::uint64_t>, std::optional<std::uint64_t>>;

std::vector<Found> found(const AuditReport& report) {
    const auto number = [](const std::optional<LogIndex>& index) {
        return index ? std::optional(index->value()) : std::nullopt;
    };
    std::vector<Found> all;
    for (const Finding& each : report.findings.kept()) {
        CHECK_FALSE(each.words.empty());
        all.emplace_back(each.code, number(each.index), number(each.last));
    }
    return all;
}

std::vector<Found> only(Errc code) { return {{code, std::nullopt, std::nullopt}}; }
std::vector<Found> only(Errc code, LogIndex index) { return {{code, index.value(), std::nullopt}}; }
std::vector<Found> only(Errc code, std::uint64_t first, std::uint64_t last) {
    return {{code, first, last}};
}

bool names(const AuditReport& report, Errc code, std::uint64_t index) {
    const std::vector<Found> all = found(report);
    return std::find(all.begin(), all.end(), Found{code, index, std::nullopt}) != all.end();
}

WrittenLeaf some_notice(const LogWriter& writer) {
    return writer.logged(LogWriter::notice("bureau_a", {kBureauB}, {kOffice}));
}

}  // namespace

TEST_SUITE("audit verify") {
    TEST_CASE("a log in which everything occurs verifies and is counted") {
        const AuditReport report = verify(whole_story());
        CHECK(found(report).empty());
        CHECK(report.verified());
        REQUIRE(report.checkpoint);
        CHECK(report.checkpoint->size == TreeSize(13));
        CHECK(report.checkpoint->origin.value() == "hub.test.example/log");
        const std::map<std::string, std::uint64_t, std::less<>> expected{
            {"charter_adopted", 1}, {"log_key", 1}, {"key_enrolled", 3}, {"logged", 3},
            {"delivered", 1}, {"signed_for", 1}, {"refused", 1}, {"replied", 1},
            {"key_revoked", 1}};
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
        for (const std::uint64_t index : {0, 6, 11, 12}) {
            ServedLog log = writer.publish();
            log.damaged.insert(LogIndex(index));
            CAPTURE(index);
            CHECK(names(verify(log, writer.trust()), Errc::storage_corrupt, index));
        }
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
        const LogIndex index = writer.append(RegisterEvent{
            writer.register_head(), LogKeyAnnounced{other.verifier_key().text()}});
        CHECK(found(verify(writer)) == only(Errc::unknown_log_key, index));
    }

    TEST_CASE("a log extends a head that was known, or it is a fork or a roll-back") {
        LogWriter writer = whole_story();
        ServedLog before = writer.publish();
        const AuditReport report = verify(before, writer.trust());
        AuditRequest request;
        request.known = report.checkpoint;
        CHECK(verify(before, writer.trust(), request).verified());

        writer.batch(writer.bureau_b, {writer.logged(LogWriter::notice("bureau_b", {kBureauA}))});
        ServedLog after = writer.publish();
        const AuditReport longer = verify(after, writer.trust(), request);
        CHECK(longer.verified());
        CHECK(longer.known_size == TreeSize(13));

        request.known->root = Digest();
        CHECK(found(verify(after, writer.trust(), request)) == only(Errc::log_forked));
        request.known = longer.checkpoint;
        CHECK(found(verify(before, writer.trust(), request)) == only(Errc::log_rolled_back));
        request.known = Checkpoint{report.checkpoint->origin, TreeSize(0), crypto::empty_root()};
        CHECK(verify(after, writer.trust(), request).verified());
        request.known->root = Digest();
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

TEST_SUITE("audit of signatures") {
    TEST_CASE("a statement by another unit's key does not speak for the sender") {
        LogWriter writer;
        const LogIndex index = writer.batch(writer.bureau_b, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::sender_mismatch, index));
    }

    TEST_CASE("a refused entry needs a signature of the unit that it names too") {
        LogWriter writer;
        const LogIndex index = writer.batch(
            writer.bureau_b,
            {LogWriter::refused(LogWriter::notice("bureau_a", {kOffice}), {Errc::unknown_kind})});
        CHECK(found(verify(writer)) == only(Errc::sender_mismatch, index));
    }

    TEST_CASE("a certificate that the register never had signs nothing") {
        LogWriter writer;
        const crypto::StatementSigner stranger = writer.pki.signer("bureau_a");
        const LogIndex index = writer.batch(stranger, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::signer_not_enrolled, index));
    }

    TEST_CASE("a certificate that is enrolled after the entry does not count for it") {
        LogWriter writer;
        const crypto::StatementSigner late = writer.pki.signer("bureau_a");
        const LogIndex index = writer.batch(late, {some_notice(writer)});
        writer.enrol(late.certificate());
        const LogIndex good = writer.batch(late, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::signer_not_enrolled, index));
        CHECK(index < good);
    }

    TEST_CASE("a certificate that was revoked before does not count any more") {
        LogWriter writer;
        writer.batch(writer.bureau_a, {some_notice(writer)});
        writer.revoke(writer.bureau_a.certificate());
        const LogIndex index = writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::certificate_revoked, index));
    }

    TEST_CASE("a certificate counts only within its validity at the entry's time") {
        LogWriter writer;
        writer.set_time(writer.bureau_a.certificate().not_after());
        const LogIndex index = writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::certificate_expired, index));
    }

    TEST_CASE("a certificate of a foreign authority is found where it is enrolled and used") {
        LogWriter writer;
        const TestPki foreign("test.example");
        const crypto::StatementSigner signer = foreign.signer("bureau_a");
        const LogIndex enrolled = writer.enrol(signer.certificate());
        const LogIndex used = writer.batch(signer, {some_notice(writer)});
        const std::vector<Found> expected{
            {Errc::certificate_untrusted, enrolled.value(), std::nullopt},
            {Errc::certificate_untrusted, used.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE("a statement for another log does not count in this one") {
        LogWriter writer;
        const LogIndex index =
            writer.batch(writer.bureau_a, {some_notice(writer)}, "hub.other.example/log");
        CHECK(found(verify(writer)) == only(Errc::statement_mismatch, index));
    }

    TEST_CASE("an officer's post certificate can't hand in a batch") {
        LogWriter writer;
        TestHolder holder = writer.pki.post("bureau_a", "chief");
        const crypto::StatementSigner post =
            *crypto::StatementSigner::make(std::move(holder.key), holder.certificate);
        writer.enrol(post.certificate());
        const LogIndex index = writer.batch(post, {some_notice(writer)});
        const AuditReport report = verify(writer);
        CHECK(names(report, Errc::statement_mismatch, index.value()));
        CHECK(names(report, Errc::certificate_wrong_use, index.value()));
    }

    TEST_CASE("the same signed notice logged a second time is a replay") {
        LogWriter writer;
        const WrittenLeaf leaf = some_notice(writer);
        writer.batch(writer.bureau_a, {leaf});
        const LogIndex index = writer.batch(writer.bureau_a, {leaf});
        CHECK(found(verify(writer)) == only(Errc::repeated_leaf, index));
    }

    TEST_CASE("a notice may be refused first and logged later") {
        LogWriter writer;
        const Notice notice = LogWriter::notice("bureau_a", {kBureauB});
        writer.batch(writer.bureau_a,
                     {LogWriter::refused(notice, {Errc::attachment_not_uploaded})});
        writer.batch(writer.bureau_a, {writer.logged(notice)});
        CHECK(verify(writer).verified());
    }

    TEST_CASE("a leaf without an entry of its own does not disturb its batch") {
        LogWriter writer;
        WrittenLeaf silent = some_notice(writer);
        silent.event.reset();
        writer.batch(writer.bureau_a, {some_notice(writer), silent, some_notice(writer)});
        CHECK(verify(writer).verified());
    }
}

TEST_SUITE("audit of batch records") {
    struct OneBatch {
        LogWriter writer;
        LogIndex first =
            writer.batch(writer.bureau_a, {some_notice(writer), some_notice(writer)});
        ServedLog log = writer.publish();
        BatchRecord& record = log.batches.at(first);

        std::vector<Found> findings() { return found(verify(log, writer.trust())); }
    };

    TEST_CASE_FIXTURE(OneBatch, "a changed leaf hash breaks the statement's root and the place") {
        record.leaves[1].leaf_hash = Digest();
        const std::vector<Found> expected{
            {Errc::statement_mismatch, first.value(), std::nullopt},
            {Errc::statement_mismatch, first.value() + 1, std::nullopt}};
        CHECK(findings() == expected);
    }

    TEST_CASE_FIXTURE(OneBatch, "a leaf more or less than was signed is found") {
        SUBCASE("more") { record.leaves.push_back({Digest(), std::nullopt}); }
        SUBCASE("less") { record.leaves.pop_back(); }
        CHECK(findings().front() == only(Errc::statement_mismatch, first).front());
    }

    TEST_CASE_FIXTURE(OneBatch, "a statement that is not the one named is found at each entry") {
        const crypto::Statement same{LogOrigin(std::string(LogWriter::kOrigin)),
                                     "spiffe://test.example/unit/bureau_a/sign", "submit", 2,
                                     crypto::tree_root(std::vector<Digest>{
                                         record.leaves[0].leaf_hash, record.leaves[1].leaf_hash})};
        record.statement = *writer.bureau_a.sign(same, writer.time());
        const std::vector<Found> expected{
            {Errc::statement_mismatch, first.value(), std::nullopt},
            {Errc::statement_mismatch, first.value() + 1, std::nullopt}};
        CHECK(findings() == expected);
    }

    TEST_CASE_FIXTURE(OneBatch, "a statement of which a bit was flipped does not open") {
        record.statement.back() ^= 1;
        const std::vector<Found> all = findings();
        REQUIRE(all.size() == 3);
        CHECK(all[0] == Found{Errc::bad_signature, first.value(), std::nullopt});
        CHECK(all[1] == Found{Errc::statement_mismatch, first.value(), std::nullopt});
    }

    TEST_CASE_FIXTURE(OneBatch, "a record that names another signer is found") {
        record.signer = writer.bureau_b.certificate().digest();
        CHECK(findings() == only(Errc::wrong_signer, first));
    }

    TEST_CASE_FIXTURE(OneBatch, "leaves that changed places are found") {
        std::swap(record.leaves[0], record.leaves[1]);
        CHECK(findings().front() == only(Errc::statement_mismatch, first).front());
    }

    TEST_CASE_FIXTURE(OneBatch, "a batch that the hub has lost is found at each of its entries") {
        log.batches.clear();
        const std::vector<Found> expected{{Errc::not_found, first.value(), std::nullopt},
                                          {Errc::not_found, first.value() + 1, std::nullopt}};
        CHECK(findings() == expected);
    }

    TEST_CASE("an entry can't borrow the batch of entries before it") {
        LogWriter writer;
        const LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer)});
        const LogIndex second = writer.batch(writer.bureau_a, {some_notice(writer)});
        ServedLog log = writer.publish();
        log.batches.at(first).entry_count = 2;
        log.batches.erase(second);
        const std::vector<Found> all = found(verify(log, writer.trust()));
        REQUIRE(all.size() == 2);
        CHECK(all[0] == Found{Errc::statement_mismatch, second.value(), std::nullopt});
        CHECK(all[1] == Found{Errc::statement_mismatch, second.value(), std::nullopt});
    }
}

TEST_SUITE("audit of acts and replies") {
    struct TwoNotices {
        LogWriter writer;
        LogIndex first =
            writer.batch(writer.bureau_a, {some_notice(writer), some_notice(writer)});
        NoticeRef one = writer.reference(first);
        NoticeRef two = writer.reference(advanced(first, 1));
    };

    TEST_CASE_FIXTURE(TwoNotices, "those who got a copy may act too") {
        writer.batch(writer.office, {writer.act("office", ActKind::delivered, {one, two})});
        CHECK(verify(writer).verified());
    }

    TEST_CASE_FIXTURE(TwoNotices, "an act by a unit that did not receive the notice is found") {
        const crypto::StatementSigner stranger = writer.pki.signer("bureau_c");
        writer.enrol(stranger.certificate());
        const LogIndex act =
            writer.batch(stranger, {writer.act("bureau_c", ActKind::signed_for, {one})});
        const LogIndex own = writer.batch(
            writer.bureau_a, {writer.act("bureau_a", ActKind::signed_for, {one})});
        const std::vector<Found> expected{{Errc::act_not_allowed, act.value(), std::nullopt},
                                          {Errc::act_not_allowed, own.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE_FIXTURE(TwoNotices, "an act on a notice that is not there is found") {
        const std::vector<NoticeRef> wrong{
            {one.sha256, two.index}, {Digest(), one.index}, {one.sha256, LogIndex(0)},
            {one.sha256, LogIndex(1000)}};
        for (const NoticeRef& ref : wrong) {
            LogWriter copy_of_story;
            const LogIndex logged =
                copy_of_story.batch(copy_of_story.bureau_a, {some_notice(copy_of_story)});
            REQUIRE(logged == first);
            const LogIndex act = copy_of_story.batch(
                copy_of_story.bureau_b,
                {copy_of_story.act("bureau_b", ActKind::signed_for, {ref})});
            CHECK(found(verify(copy_of_story)) == only(Errc::no_such_notice, act));
        }
    }

    TEST_CASE_FIXTURE(TwoNotices, "a reply is by one who received what it answers") {
        WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
        answer.answers = one;
        writer.batch(writer.bureau_b, {answer});
        CHECK(verify(writer).verified());

        WrittenLeaf own = writer.logged(LogWriter::notice("bureau_a", {kBureauB}));
        own.answers = one;
        const LogIndex index = writer.batch(writer.bureau_a, {own});
        CHECK(found(verify(writer)) == only(Errc::reply_to_nothing, advanced(index, 1)));
    }

    TEST_CASE_FIXTURE(TwoNotices, "a reply to what was not logged is found") {
        WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
        answer.answers = NoticeRef{Digest(), one.index};
        const LogIndex index = writer.batch(writer.bureau_b, {answer});
        CHECK(found(verify(writer)) == only(Errc::no_such_notice, advanced(index, 1)));
    }

    TEST_CASE_FIXTURE(TwoNotices, "a replied entry that no batch caused is found") {
        const LogIndex index = writer.append(RepliedEvent{kBureauB, one, two});
        CHECK(names(verify(writer), Errc::not_found, index.value()));
    }
}

TEST_SUITE("audit of the register") {
    TEST_CASE("a register entry that does not name the one before it is found") {
        LogWriter writer;
        const LogIndex wrong = writer.append(RegisterEvent{
            Digest(), KeyEnrolled{"spiffe://test.example/unit/bureau_d/sign",
                                  to_bytes(writer.pki.sign("bureau_d").certificate.der())}});
        writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::register_mismatch, wrong));
    }

    TEST_CASE("a first register entry that names a predecessor is found") {
        LogWriter writer;
        ServedLog log = writer.publish();
        CHECK(verify(log, writer.trust()).verified());
        const LogIndex second_start = writer.append(RegisterEvent{
            std::nullopt, KeyRevoked{format_spiffe_id(*writer.office.certificate().spiffe()),
                                     writer.office.certificate().digest()}});
        CHECK(found(verify(writer)) == only(Errc::register_mismatch, second_start));
    }

    TEST_CASE("an entry that names an older register than was in force is found") {
        LogWriter writer;
        const WrittenLeaf old = some_notice(writer);
        writer.enrol(writer.pki.sign("bureau_d").certificate);
        const LogIndex index = writer.batch(writer.bureau_a, {old});
        CHECK(found(verify(writer)) == only(Errc::register_mismatch, index));
    }

    TEST_CASE("a revocation of what was never enrolled and a second enrolment are found") {
        LogWriter writer;
        const LogIndex revoked = writer.revoke(writer.pki.sign("bureau_d").certificate);
        const LogIndex again = writer.enrol(writer.office.certificate());
        const std::vector<Found> expected{{Errc::not_found, revoked.value(), std::nullopt},
                                          {Errc::already_exists, again.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE("a notice under a charter that was not in force is found") {
        LogWriter writer;
        Notice notice = LogWriter::notice("bureau_a", {kBureauB});
        notice.charter_version = CharterVersion(2);
        const LogIndex index = writer.batch(writer.bureau_a, {writer.logged(notice)});
        CHECK(found(verify(writer)) == only(Errc::charter_mismatch, index));
    }

    TEST_CASE("a log with another charter than the auditor's is found") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        AuditTrust trust = writer.trust();
        trust.charter = Digest();
        CHECK(found(verify(log, trust)) == only(Errc::charter_mismatch, LogIndex(0)));
        trust.charter = verify(log, trust).charter->sha256;
        CHECK(verify(log, trust).verified());
    }

    TEST_CASE("a register that units are shown and the log does not have is found") {
        const LogWriter writer = whole_story();
        const ServedLog good = writer.publish();
        ServedLog log = good;
        log.rows.pop_back();
        CHECK(found(verify(log, writer.trust())) == only(Errc::register_mismatch, LogIndex(12)));
        log = good;
        log.rows[3].entry.back() ^= 1;
        CHECK(found(verify(log, writer.trust())) == only(Errc::register_mismatch, LogIndex(3)));
        log = good;
        log.rows.insert(log.rows.begin() + 5, {LogIndex(7), to_bytes("one more")});
        CHECK(found(verify(log, writer.trust())) == only(Errc::register_mismatch, LogIndex(7)));
        log = good;
        log.rows.push_back({LogIndex(13), to_bytes("after the checkpoint")});
        CHECK(verify(log, writer.trust()).verified());
    }
}

TEST_SUITE("audit of contents") {
    TEST_CASE("a notice of other bytes than were logged is found") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.notices.at(LogIndex(6)).back() ^= 1;
        CHECK(found(verify(log, writer.trust())) == only(Errc::entry_mismatch, LogIndex(6)));
    }

    TEST_CASE("an entry that says something else of a notice than the notice does is found") {
        LogWriter writer;
        WrittenLeaf leaf = some_notice(writer);
        SUBCASE("its recipients") { std::get<LoggedEvent>(*leaf.event).to = {kOffice}; }
        SUBCASE("its copies") { std::get<LoggedEvent>(*leaf.event).cc = {}; }
        SUBCASE("its kind") { std::get<LoggedEvent>(*leaf.event).kind = KindId("other"); }
        const LogIndex index = writer.batch(writer.bureau_a, {leaf});
        CHECK(found(verify(writer)) == only(Errc::entry_mismatch, index));
    }
}
