#include "tests/integration/bare_hub.hpp"

#include "crypto/ed25519_key.hpp"
#include "crypto/note_signer.hpp"
#include "program/files.hpp"
#include "tests/integration/own_service.hpp"

#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tongbao::testing {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string charter_of(const TestPki& pki) {
    nlohmann::json charter =
        nlohmann::json::parse(text_of(TONGBAO_SOURCE_DIR "/domain/charters/guangdong-2020.json"));
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

BareHub::BareHub(const TestPki& pki) {
    const TestHolder hub = pki.hub();
    write("hub.pem", hub.chain_pem());
    write("hub.key", hub.key_pem());
    write("trust.pem", pki.trust_pem());
    write("log.key", log_key_of(pki));
    write("charter.json", charter_of(pki));
    std::filesystem::create_directory(folder_.path() / "enrolled");
    write("enrolled/hsa.pem", pki.sign("hsa").certificate.pem());
    write("hub.toml",
          "address = \"127.0.0.1\"\nport = 0\nport_file = \"port\"\ndata = \"data\"\n"
          "charter = \"charter.json\"\nlog_key = \"log.key\"\nenrolled = \"enrolled\"\n"
          "[tls]\ncertificate = \"hub.pem\"\nkey = \"hub.key\"\ntrust = \"trust.pem\"\n"
          "[limits]\nfree_space_mib = 1\n");
}

void BareHub::launch(const DurableStep* step, const std::string& when) {
    std::filesystem::remove(folder_.path() / "port");
    const std::string program = TONGBAO_BINARY_DIR "/bin/tongbao-hub";
    const std::string config = file("hub.toml");
    const std::string log_file = file("hub.log");
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("can't fork");
    if (pid_ != 0) return;
    if (step != nullptr) die_at(*step, when);
    if (std::freopen(log_file.c_str(), "a", stderr) == nullptr) ::_exit(126);
    ::execl(program.c_str(), program.c_str(), "--config", config.c_str(), nullptr);
    ::_exit(127);
}

void BareHub::start() {
    launch(nullptr, "");
    wait_until("the hub's port", [this] {
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
            pid_ = 0;
            throw std::runtime_error("the hub does not start: " + log());
        }
        return std::filesystem::exists(folder_.path() / "port");
    });
    port_ = static_cast<std::uint16_t>(std::stoi(text_of(folder_.path() / "port")));
}

bool BareHub::dies_at(const DurableStep& step, const std::string& when) {
    launch(&step, when);
    bool said = false;
    int status = 0;
    wait_until("the hub's death or its port", [&] {
        const bool ended = ::waitpid(pid_, &status, WNOHANG) == pid_;
        if (ended) pid_ = 0;
        said = !ended && std::filesystem::exists(folder_.path() / "port");
        return ended || said;
    });
    // After the port file's own step it is there, and the hub is about to die.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (said && pid_ != 0 && std::chrono::steady_clock::now() < deadline) {
        if (::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = 0;
    }
    if (pid_ == 0) {
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
        throw std::runtime_error("the hub ended by itself: " + log());
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
    return false;
}

BareHub::~BareHub() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
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
    return text_of(file("hub.log"));
}

void BareHub::write(const char* name, const std::string& text) const {
    if (!program::write_file(folder_.path() / name, text, 0600)) {
        throw std::runtime_error(std::string("can't write ") + name);
    }
}

std::string BareHub::file(const char* name) const {
    return (folder_.path() / name).string();
}

}  // namespace tongbao::testing
