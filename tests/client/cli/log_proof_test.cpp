#include "client/cli/log_proof.hpp"

#include "crypto/ed25519_key.hpp"
#include "crypto/merkle_proof.hpp"
#include "crypto/note_signer.hpp"
#include "tests/client/auditor/log_writer.hpp"
#include "tests/client/cli/daemon_stage.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;
using tongbao::testing::LogWriter;
using tongbao::testing::ServedLog;
using tongbao::testing::TestDirectory;

namespace {

/// A log of seven entries: five of the register, a notice at 5, its delivery at 6.
struct ProvedStory {
    LogWriter writer;
    ServedLog log;

    ProvedStory() {
        const LogIndex notice = writer.batch(
            writer.bureau_a, {writer.logged(LogWriter::notice("bureau_a", {UnitId("bureau_b")}))});
        writer.batch(writer.bureau_b,
                     {writer.act("bureau_b", ActKind::delivered, {writer.reference(notice)})});
        log = writer.publish();
    }

    /// What a daemon answers for the notice's trail.
    [[nodiscard]] std::string trail() const {
        nlohmann::json events = nlohmann::json::array();
        for (const std::size_t index : {std::size_t{5}, std::size_t{6}}) {
            nlohmann::json path = nlohmann::json::array();
            for (const Digest& hash : crypto::tree_path(log.tiles.at(0), index)) {
                path.push_back(hash.base64());
            }
            events.push_back({{"index", index},
                              {"entry", to_base64(log.entry_bytes.at(index))},
                              {"proof", path}});
        }
        return nlohmann::json{{"checkpoint", log.note}, {"size", 7}, {"events", events}}.dump();
    }

    [[nodiscard]] Result<crypto::TlogProof> proof(std::optional<LogIndex> index) const {
        const auto answer = protocol::read_json(as_bytes(trail()), 1024 * 1024);
        REQUIRE(answer.has_value());
        return proof_from_trail(JsonView(*answer), index);
    }

    [[nodiscard]] Result<ProvedLogEntry> check(const crypto::TlogProof& proof) const {
        return check_log_proof(crypto::format_tlog_proof(proof), writer.trust().log_key);
    }
};

}  // namespace

TEST_SUITE("log proof") {
    TEST_CASE_FIXTURE(ProvedStory, "the notice's own entry is proved unless another is named") {
        const auto own = proof(std::nullopt);
        REQUIRE(own.has_value());
        CHECK(own->index == LogIndex(5));
        CHECK(own->extra == log.entry_bytes.at(5));
        const auto proved = check(*own);
        REQUIRE(proved.has_value());
        CHECK(proved->index == LogIndex(5));
        CHECK(proved->checkpoint.size == TreeSize(7));
        CHECK_FALSE(proved->hidden);
        CHECK(std::holds_alternative<LoggedEvent>(proved->entry.event));
        CHECK(is_of_notice(*proved, log.notices.at(LogIndex(5))));
        CHECK_FALSE(is_of_notice(*proved, as_bytes("{}")));

        const auto delivered = check(proof(LogIndex(6)).value());
        REQUIRE(delivered.has_value());
        CHECK(std::holds_alternative<ActEvent>(delivered->entry.event));
        CHECK_FALSE(is_of_notice(*delivered, log.notices.at(LogIndex(5))));
        CHECK(proof(LogIndex(4)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(ProvedStory, "any byte changed and any other key are refused") {
        const std::string good = crypto::format_tlog_proof(proof(std::nullopt).value());
        const crypto::VerifierKey key = writer.trust().log_key;
        REQUIRE(check_log_proof(good, key).has_value());
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            CAPTURE(at);
            CHECK_FALSE(check_log_proof(bad, key).has_value());
        }
        const std::array<std::uint8_t, crypto::Ed25519SigningKey::kSeedSize> seed{2};
        const auto other = crypto::NoteSigner::make(std::string(LogWriter::kOrigin),
                                                    *crypto::Ed25519SigningKey::from_seed(seed));
        REQUIRE(other.has_value());
        CHECK(check_log_proof(good, other->verifier_key()).error() == Errc::unknown_log_key);
    }

    TEST_CASE_FIXTURE(ProvedStory, "another index, entry or path and a proof of none are refused") {
        const crypto::TlogProof good = proof(std::nullopt).value();
        crypto::TlogProof bad = good;
        bad.index = LogIndex(6);
        CHECK_FALSE(check(bad).has_value());
        bad = good;
        bad.extra = log.entry_bytes.at(6);
        CHECK_FALSE(check(bad).has_value());
        bad = good;
        std::swap(bad.path.at(0), bad.path.at(1));
        CHECK_FALSE(check(bad).has_value());
        bad = good;
        bad.extra.reset();
        CHECK(check(bad).error() == Errc::bad_proof);
        // A record behind an entry that hides nothing is nobody's.
        bad = good;
        const Bytes record = log.entry_bytes.at(6);
        bad.extra->push_back('\n');
        bad.extra->insert(bad.extra->end(), record.begin(), record.end());
        CHECK(check(bad).error() == Errc::entry_mismatch);
    }

    TEST_CASE_FIXTURE(ProvedStory, "a proof is written once and verified without a daemon") {
        FakeDaemon daemon;
        daemon.answer("GET /v1/notices/12/trail", {200, trail()});
        const TestDirectory directory("log-proof");
        const std::string file = (directory.path() / "5.tlog-proof").string();
        const CommandOutcome made = run_with(daemon, {"proof", "12", "--out", file});
        CHECK(made.exit_code == 0);
        const std::string text = directory.read("5.tlog-proof");
        CHECK(text == crypto::format_tlog_proof(proof(std::nullopt).value()));
        CHECK(run_with(daemon, {"proof", "12", "--out", file}).exit_code == 1);
        CHECK(run_with(daemon, {"proof", "12"}).output == text);
        CHECK(run_with(daemon, {"proof", "12", "--event", "7"}).exit_code == 1);
        CHECK(run_with(daemon, {"proof"}).exit_code == 2);

        const std::string key = writer.trust().log_key.text();
        const auto verify = [&](std::vector<std::string> more) {
            std::vector<std::string> arguments{"proof", "verify", file, "--log-key", key};
            arguments.insert(arguments.end(), more.begin(), more.end());
            return run_tongbao(std::move(arguments));
        };
        const CommandOutcome verified = verify({});
        CHECK(verified.exit_code == 0);
        CHECK(has(verified.output, "logged"));
        CHECK(has(verified.output, "Provisional: no witness"));
        const CommandOutcome json = verify({"--json"});
        CHECK(json.exit_code == 0);
        const auto said = nlohmann::json::parse(json.output);
        CHECK(said.at("verified") == true);
        CHECK(said.at("index") == 5);
        CHECK(said.at("size") == 7);
        CHECK(said.at("event") == "logged");
        CHECK(said.at("entry").at("from") == "bureau_a");

        const BytesView notice = log.notices.at(LogIndex(5));
        directory.write("notice.json", as_text(notice));
        directory.write("other.json", "{}");
        CHECK(verify({"--notice", (directory.path() / "notice.json").string()}).exit_code == 0);
        CHECK(verify({"--notice", (directory.path() / "other.json").string()}).exit_code == 1);
        CHECK(verify({"--notice", (directory.path() / "none.json").string()}).exit_code == 2);
        directory.write("5.tlog-proof", text.substr(0, text.size() - 2));
        const CommandOutcome cut = verify({});
        CHECK(cut.exit_code == 1);
        CHECK(has(cut.messages, "NOT VERIFIED"));
        CHECK(run_tongbao({"proof", "verify", file}).exit_code == 2);
        CHECK(run_tongbao({"proof", "verify", file, "--log-key", "none"}).exit_code == 2);
    }
}
