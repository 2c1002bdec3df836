#include "tests/integration/bare_hub.hpp"

#include "crypto/ed25519_key.hpp"
#include "crypto/key_consent.hpp"
#include "crypto/note_signer.hpp"
#include "program/files.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/support/project_paths.hpp"

#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace tongbao::testing {
namespace {

constexpr const char* kUnit = "hsa";

std::string charter_of(const TestPki& pki) {
    Json charter = Json::parse(read_text(source_dir() + "/domain/charters/guangdong-2020.json"));
    charter["trust_domain"] = pki.trust_domain().value();
    return charter.dump();
}

std::string log_key_of(const TestPki& pki) {
    const auto signer = crypto::NoteSigner::make("hub." + pki.trust_domain().value() + "/log",
                                                 crypto::Ed25519SigningKey::generate());
    if (!signer) throw std::runtime_error("no key for the log");
    return std::string(signer->private_key_text().text());
}

}  // namespace

BareHub::BareHub(const TestPki& pki, const std::vector<crypto::Certificate>& enrolled) {
    const TestHolder hub = pki.hub();
    write("hub.pem", hub.chain_pem());
    write("hub.key", hub.key_pem());
    write("trust.pem", pki.trust_pem());
    write("log.key", log_key_of(pki));
    write("charter.json", charter_of(pki));
    enrol(pki, enrolled);
    write("hub.toml",
          "address = \"127.0.0.1\"\nport = 0\nport_file = \"port\"\ndata = \"data\"\n"
          "charter = \"charter.json\"\nlog_key = \"log.key\"\nenrolled = \"enrolled\"\n"
          "[tls]\ncertificate = \"hub.pem\"\nkey = \"hub.key\"\ntrust = \"trust.pem\"\n"
          "[limits]\nfree_space_mib = 1\n");
}

void BareHub::enrol(const TestPki& pki, const std::vector<crypto::Certificate>& enrolled) const {
    std::filesystem::create_directory(folder_.path() / "enrolled");
    const TestHolder seal = pki.sign(kUnit);
    write("enrolled/seal.pem", seal.certificate.pem());
    for (std::size_t i = 0; i < enrolled.size(); ++i) {
        const std::string name = "enrolled/" + std::to_string(i);
        write(name + ".pem", enrolled[i].pem());
        // A hub's and a log auditor's key need no consent, and none would be taken.
        const Result<SpiffeId>& id = enrolled[i].spiffe();
        if (!id || id->use != CertificateUse::daemon) continue;
        write(name + ".consent", crypto::format_consent_file(pki.consent(seal.key, enrolled[i])));
    }
}

void BareHub::launch(const DurableStep* step, const std::string& when) {
    std::filesystem::remove(folder_.path() / "port");
    const std::string program = binary_dir() + "/bin/tongbao-hub";
    const std::string config = file("hub.toml");
    const std::string log_file = file("hub.log");
    log_before_ = log().size();
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("can't fork");
    if (pid_ != 0) return;
    if (step != nullptr) die_at(*step, when);
    if (std::freopen(log_file.c_str(), "a", stderr) == nullptr) ::_exit(126);
    ::execl(program.c_str(), program.c_str(), "--config", config.c_str(), nullptr);
    ::_exit(127);
}

bool BareHub::ended(int& status) {
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = 0;
    return true;
}

bool BareHub::ready_or_ended(int& status) {
    wait_until("the hub is ready or has ended", [&] {
        return ended(status) || log().find(R"("event":"ready")", log_before_) != std::string::npos;
    });
    return pid_ != 0;
}

void BareHub::start() {
    launch(nullptr, "");
    int status = 0;
    if (!ready_or_ended(status)) throw std::runtime_error("the hub does not start: " + log());
    port_ = static_cast<std::uint16_t>(std::stoi(read_text(folder_.path() / "port")));
}

bool BareHub::dies_at(const DurableStep& step, const std::string& when) {
    launch(&step, when);
    int status = 0;
    if (ready_or_ended(status)) {
        kill_now();
        return false;
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
    throw std::runtime_error("the hub ended by itself: " + log());
}

void BareHub::kill_now() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void BareHub::stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error("the hub did not end in order: " + log());
    }
}

std::string BareHub::log() const {
    return log_text(file("hub.log"));
}

void BareHub::write(const std::string& name, const std::string& text) const {
    if (!program::write_file(folder_.path() / name, text, 0600)) {
        throw std::runtime_error("can't write " + name);
    }
}

std::string BareHub::file(const std::string& name) const {
    return (folder_.path() / name).string();
}

}  // namespace tongbao::testing
