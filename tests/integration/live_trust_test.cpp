// Keys, lists and registers that change while hub and daemons run.

#include "crypto/certificate.hpp"
#include "crypto/key_consent.hpp"
#include "crypto/signing_key.hpp"
#include "domain/time.hpp"
#include "program/files.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
    const Result<void> written = program::write_file(path, text, 0600);
    if (!written) throw std::runtime_error("can't write " + path.string());
}

/// A certificate with its key that the sandbox's authority issued.
struct Issued {
    fs::path certificate;
    fs::path key;
    crypto::Certificate leaf;
};

/// A sandbox whose hub the test runs itself, so that it has its running log.
struct Live {
    Live() { hub.start(); }

    [[nodiscard]] fs::path root() const { return sandbox.folder() / "s"; }
    [[nodiscard]] fs::path trust() const { return root() / "ca" / "trust.pem"; }
    [[nodiscard]] fs::path unit(const std::string& name) const { return root() / "units" / name; }

    void wait_until_connected(const std::string& name) const {
        wait_until(name + " is connected", [&] {
            return sandbox.as(name, "status --json").output.find("\"connected\":true") !=
                   std::string::npos;
        });
    }

    [[nodiscard]] Issued issue(const std::string& use, const std::string& name) {
        const std::string file = use + '-' + std::to_string(++issued_);
        const fs::path certificate = sandbox.folder() / (file + ".pem");
        const fs::path key = sandbox.folder() / (file + ".key");
        const CommandResult made = sandbox.tongbao(
            "ca issue --dir '" + (root() / "ca").string() + "' --use " + use + " --unit " + name +
            " --out '" + certificate.string() + "' --key '" + key.string() + '\'');
        if (made.exit_code != 0) throw std::runtime_error(made.output);
        return {certificate, key, crypto::read_certificates(read_text(certificate))->front()};
    }

    /// Puts it into the hub's folder, with the consent of the unit's sign key `by` (PEM).
    void enrol(const Issued& issued, const std::string& name, const std::string& by) const {
        auto key = crypto::SigningKey::from_pem(by);
        const std::string log_key = sandbox.file().at("log_vkey");
        const crypto::KeyConsent said{
            LogOrigin(log_key.substr(0, log_key.find('+'))),
            UnitId(name),
            key->public_digest(),
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            {{*issued.leaf.spiffe(), issued.leaf.public_key_digest()}}};
        const Result<SignedConsent> consent = crypto::sign_key_consent(said, *key);
        if (!consent) throw std::runtime_error("no consent");
        const fs::path folder = root() / "hub" / "enrolled";
        write(folder / (issued.leaf.serial() + ".consent"), crypto::format_consent_file(*consent));
        write(folder / (issued.leaf.serial() + ".pem"), issued.leaf.pem());
    }

    /// Puts it in place of the unit's files, the certificate first: for a moment they do not fit.
    void install(const Issued& issued, const std::string& name, const std::string& use) const {
        write(unit(name) / (use + ".pem"), read_text(issued.certificate));
        write(unit(name) / (use + ".key"), read_text(issued.key));
    }

    void revoke(const fs::path& certificate, const std::string& more = "") const {
        const CommandResult revoked =
            sandbox.tongbao("ca revoke --dir '" + (root() / "ca").string() + "' --certificate '" +
                            certificate.string() + "' --reason key_compromise " + more);
        if (revoked.exit_code != 0) throw std::runtime_error(revoked.output);
    }

    void check_audit() const {
        const CommandResult audit =
            sandbox.tongbao("audit verify --sandbox '" + root().string() + '\'');
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    /// Who signed a notice that arrived at the office, as a stranger is shown.
    [[nodiscard]] std::string signer_of(const std::string& id) const {
        const fs::path folder = sandbox.folder() / ("proof-" + id);
        const CommandResult fetched =
            sandbox.as("office", "fetch " + id + " --proof --out '" + folder.string() + '\'');
        if (fetched.exit_code != 0) throw std::runtime_error(fetched.output);
        return read_text(folder / "signer.pem");
    }

    LiveSandbox sandbox{"guangdong-2020"};
    OwnService hub = OwnService::hub(sandbox);

private:
    int issued_ = 0;
};

}  // namespace

TEST_SUITE("trust that changes while programs run") {
    TEST_CASE("sign and daemon keys rotate under traffic and nothing is lost, twice or cut") {
        Live live;
        OwnService daemon = OwnService::daemon(live.sandbox, "hsa");
        daemon.start();
        live.wait_until_connected("hsa");
        live.wait_until_connected("office");
        // The hub may not have listened yet when it was first called.
        const auto missed = count(daemon.log(), R"("event":"not_connected")");
        const std::string old_daemon = read_text(live.unit("hsa") / "daemon.pem");
        write(live.sandbox.folder() / "old-daemon.pem", old_daemon);
        const std::string old_seal = read_text(live.unit("hsa") / "sign.pem");

        std::size_t sent = 0;
        const std::string first = send_numbered(live.sandbox, "hsa", sent++);
        // The seal is installed before it is enrolled: the one before goes on.
        const Issued seal = live.issue("sign", "hsa");
        const std::string key_before = read_text(live.unit("hsa") / "sign.key");
        live.install(seal, "hsa", "sign");
        const auto waits = [&] {
            send_numbered(live.sandbox, "hsa", sent++);
            return live.sandbox.as("hsa", "status").output.find("waiting for enrolment") !=
                   std::string::npos;
        };
        wait_until("the new seal waits", waits);
        const std::string meanwhile = send_numbered(live.sandbox, "hsa", sent++);
        static_cast<void>(live.sandbox.wait_for_inbox("office", sent));
        CHECK(count(live.signer_of(meanwhile), seal.leaf.pem()) == 0);

        live.enrol(seal, "hsa", key_before);
        const auto in_use = [&](const std::string& use) {
            send_numbered(live.sandbox, "hsa", sent++);
            return count(daemon.log(), R"("event":"certificate_in_use")") > 0 &&
                   count(daemon.log(), R"("use":")" + use + '"') > 0 &&
                   live.sandbox.as("hsa", "status").output.find("waiting for enrolment") ==
                       std::string::npos;
        };
        wait_until("the new seal is in use", [&] { return in_use("sign"); });

        const Issued connection = live.issue("daemon", "hsa");
        live.enrol(connection, "hsa", read_text(seal.key));
        live.install(connection, "hsa", "daemon");
        wait_until("the new certificate is in use", [&] {
            send_numbered(live.sandbox, "hsa", sent++);
            return count(daemon.log(), R"("event":"certificate_in_use")") == 2;
        });
        const std::string last = send_numbered(live.sandbox, "hsa", sent++);
        wait_until("the outbox is empty", [&] { return outbox_of(live.sandbox, "hsa") == 0; });
        // All of it over the one connection.
        CHECK(count(daemon.log(), R"("event":"connected")") == 1);
        CHECK(count(daemon.log(), R"("event":"not_connected")") == missed);
        CHECK(count(daemon.log(), R"("event":"batch_refused_by_hub")") == 0);
        CHECK(count(daemon.log(), R"("event":"files_not_taken_over")") == 0);

        // The old certificate is revoked: the stream made with it ends, the next one is the new's.
        live.revoke(live.sandbox.folder() / "old-daemon.pem");
        wait_until("the stream was cut",
                   [&] { return count(daemon.log(), R"("event":"connected")") == 2; });
        const std::string after = send_numbered(live.sandbox, "hsa", sent++);
        const Json inbox = live.sandbox.wait_for_inbox("office", sent);
        std::set<std::string> ids;
        for (const Json& notice : inbox.at("notices")) ids.insert(notice.at("id"));
        CHECK(inbox.at("notices").size() == sent);
        CHECK(ids.size() == sent);
        CHECK(live.signer_of(first) == crypto::read_certificates(old_seal)->front().pem());
        CHECK(live.signer_of(last) == seal.leaf.pem());
        CHECK(live.signer_of(after) == seal.leaf.pem());
        CHECK(live.sandbox.as("hsa", "status").exit_code == 0);
        live.check_audit();
    }

    TEST_CASE("a revocation ends the open stream and other units go on") {
        Live live;
        OwnService revoked = OwnService::daemon(live.sandbox, "police");
        revoked.start();
        OwnService other = OwnService::daemon(live.sandbox, "hsa");
        other.start();
        live.wait_until_connected("police");
        live.wait_until_connected("hsa");
        live.wait_until_connected("office");
        // The hub may not have listened yet when it was first called.
        const auto missed = count(other.log(), R"("event":"not_connected")");
        live.revoke(live.unit("police") / "daemon.pem");
        const auto start = std::chrono::steady_clock::now();
        wait_until("the stream was ended", [&] {
            return count(revoked.log(),
                         R"("event":"hub_said_farewell","code":"certificate_revoked")") > 0;
        });
        const auto took = std::chrono::steady_clock::now() - start;
        MESSAGE("the stream ended after "
                << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
        wait_until("it is in the log",
                   [&] { return count(live.hub.log(), R"("event":"key_revoked")") == 1; });
        CHECK_FALSE(is_connected(live.sandbox, "police"));
        // It does not come in again, and says why.
        wait_until("it was refused again",
                   [&] { return count(revoked.log(), R"("event":"not_connected")") >= 2; });
        CHECK(count(revoked.log(), R"("event":"connected")") == 1);
        send_numbered(live.sandbox, "hsa", 1);
        static_cast<void>(live.sandbox.wait_for_inbox("office", 1));
        CHECK(count(other.log(), R"("event":"connected")") == 1);
        CHECK(count(other.log(), R"("event":"not_connected")") == missed);
        live.check_audit();
    }

    TEST_CASE("a broken trust file changes nothing, is told once, and a whole one is taken over") {
        Live live;
        OwnService daemon = OwnService::daemon(live.sandbox, "hsa");
        daemon.start();
        live.wait_until_connected("hsa");
        live.wait_until_connected("office");
        // The hub may not have listened yet when it was first called.
        const auto missed = count(daemon.log(), R"("event":"not_connected")");
        const std::string whole = read_text(live.trust());
        write(live.trust(), whole.substr(0, whole.size() / 2));
        REQUIRE(::kill(live.hub.pid(), SIGHUP) == 0);
        wait_until("the hub told",
                   [&] { return count(live.hub.log(), R"("event":"trust_not_taken_over")") == 1; });
        wait_until("the daemon told",
                   [&] { return count(daemon.log(), R"("event":"files_not_taken_over")") == 1; });
        send_numbered(live.sandbox, "hsa", 1);
        static_cast<void>(live.sandbox.wait_for_inbox("office", 1));
        write(live.trust(), whole);
        REQUIRE(::kill(daemon.pid(), SIGHUP) == 0);
        wait_until("the hub took it over",
                   [&] { return count(live.hub.log(), R"("event":"trust_taken_over")") == 1; });
        wait_until("the daemon took it over",
                   [&] { return count(daemon.log(), R"("event":"files_taken_over")") == 1; });
        CHECK(count(live.hub.log(), R"("event":"trust_not_taken_over")") == 1);
        CHECK(count(daemon.log(), R"("event":"files_not_taken_over")") == 1);
        CHECK(count(daemon.log(), R"("event":"connected")") == 1);
        CHECK(count(daemon.log(), R"("event":"not_connected")") == missed);
        send_numbered(live.sandbox, "hsa", 2);
        static_cast<void>(live.sandbox.wait_for_inbox("office", 2));
    }

    TEST_CASE("a key that the unit did not ask for is an alarm until it is known or revoked") {
        Live live;
        OwnService daemon = OwnService::daemon(live.sandbox, "hsa");
        daemon.start();
        live.wait_until_connected("hsa");
        live.wait_until_connected("office");
        CHECK(live.sandbox.as("hsa", "status").exit_code == 0);
        const auto alarmed = [&](bool wanted) {
            // What the unit sends makes it hear of the register.
            send_numbered(live.sandbox, "hsa", 1);
            const CommandResult status = live.sandbox.as("hsa", "status");
            const std::string& said = status.output;
            return (said.find("key_not_asked_for") != std::string::npos) == wanted &&
                   status.exit_code == (wanted ? 1 : 0);
        };
        const Issued strange = live.issue("daemon", "hsa");
        live.enrol(strange, "hsa", read_text(live.unit("hsa") / "sign.key"));
        wait_until("the alarm", [&] { return alarmed(true); });
        CHECK(count(daemon.log(), R"("event":"ALARM_key_not_asked_for")") == 1);
        CHECK(count(daemon.log(), strange.leaf.public_key_digest().hex()) == 1);
        // It goes on relaying.
        static_cast<void>(live.sandbox.wait_for_inbox("office", 1));
        SUBCASE("until it is known") {
            write(live.unit("hsa") / "asked.pem", strange.leaf.pem());
        }
        SUBCASE("until it is revoked") {
            live.revoke(strange.certificate);
        }
        wait_until("no alarm any more", [&] { return alarmed(false); });
        CHECK(is_connected(live.sandbox, "hsa"));
    }
}
