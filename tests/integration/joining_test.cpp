// A deployment made and joined with the commands alone, as people type them: no sandbox.

#include "tests/integration/own_service.hpp"
#include "tests/support/command.hpp"
#include "tests/support/other_authority.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

constexpr const char* kDomain = "guangdong-2020.example";

/// An office with hub and authority, and units, each in a folder of its own under one short path
/// (the paths of Unix sockets are short). Every process is ended with the object.
class Deployment {
public:
    Deployment() {
        std::string name = "/tmp/tongbao-join.XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("can't make a folder");
        folder_ = name;
        must("mkdir -p hub/enrolled && cp " + testing::source_dir() +
             "/domain/charters/guangdong-2020.json charter.json");
        must("tongbao ca init --dir hub/ca --trust-domain " + std::string(kDomain));
        must(
            "tongbao ca issue --dir hub/ca --use hub --dns localhost --ip 127.0.0.1 --out "
            "hub/hub.pem --key hub/hub.key");
        write("hub/hub.toml",
              "address = \"127.0.0.1\"\nport = 0\nport_file = \"port\"\ndata = \"data\"\n"
              "charter = \"../charter.json\"\nlog_key = \"ca/log.key\"\nenrolled = \"enrolled\"\n"
              "[tls]\ncertificate = \"hub.pem\"\nkey = \"hub.key\"\ntrust = \"ca/trust.pem\"\n");
    }
    ~Deployment() {
        for (const auto& [name, pid] : processes_) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Deployment(const Deployment&) = delete;
    Deployment& operator=(const Deployment&) = delete;
    Deployment(Deployment&&) = delete;
    Deployment& operator=(Deployment&&) = delete;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// Runs a shell command in the folder, with our programs on the path.
    [[nodiscard]] CommandResult run(const std::string& command) const {
        const std::string whole = "cd " + folder_.string() + " && PATH=" + testing::binary_dir() +
                                  "/bin:$PATH && { " + command + "; } 2>&1 </dev/null";
        CommandResult result;
        FILE* const pipe = ::popen(whole.c_str(), "r");
        if (pipe == nullptr) throw std::runtime_error("can't run " + command);
        char buffer[4096];
        while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) {
            result.output.append(buffer, count);
        }
        const int status = ::pclose(pipe);
        result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return result;
    }
    std::string must(const std::string& command) const {
        const CommandResult done = run(command);
        if (done.exit_code != 0) throw std::runtime_error(command + ":\n" + done.output);
        return done.output;
    }
    void write(const std::string& name, const std::string& text) const {
        FILE* const file = std::fopen((folder_ / name).c_str(), "w");
        if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file) != text.size() ||
            std::fclose(file) != 0) {
            throw std::runtime_error("can't write " + name);
        }
    }

    /// A program with the configuration `<folder>/<config>`; its running log goes beside it.
    void start(const std::string& program, const std::string& config) {
        const std::string path = (folder_ / config).string();
        const std::string log = path + ".log";
        const std::string binary = testing::binary_dir() + "/bin/" + program;
        const pid_t pid = ::fork();
        if (pid < 0) throw std::runtime_error("can't fork");
        if (pid == 0) {
            if (std::freopen(log.c_str(), "a", stderr) == nullptr) ::_exit(126);
            ::execl(binary.c_str(), binary.c_str(), "--config", path.c_str(), nullptr);
            ::_exit(127);
        }
        processes_[config] = pid;
    }
    void stop(const std::string& config) {
        const pid_t pid = processes_.at(config);
        processes_.erase(config);
        ::kill(pid, SIGTERM);
        int status = 0;
        ::waitpid(pid, &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            throw std::runtime_error(config + " did not end in order:\n" +
                                     must("cat " + config + ".log"));
        }
    }
    void start_hub() {
        std::error_code ignored;
        std::filesystem::remove(folder_ / "hub/port", ignored);
        start("tongbao-hub", "hub/hub.toml");
        try {
            wait_until("the hub is ready",
                       [this] { return std::filesystem::exists(folder_ / "hub/port"); });
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(error.what() + must("cat hub/hub.toml.log"));
        }
        port_ = must("tr -d '\n' < hub/port");
        // From now on the same port, so that daemons find the hub again.
        must("sed -i 's/^port = .*/port = " + port_ + "/' hub/hub.toml");
    }

    /// The daemon of a unit whose keys and certificates lie in `<unit>/keys`; waits until it is
    /// connected.
    void start_daemon(const std::string& unit, const std::string& tls_certificate = "daemon.pem") {
        const std::string log_key = must("tr -d '\n' < hub/ca/log.vkey");
        // A unit that encrypts its keys has their passphrase in a file.
        const bool locked = std::filesystem::exists(folder_ / unit / "passphrase");
        const std::string passphrase = locked ? "passphrase_file = \"passphrase\"\n" : "";
        write(unit + "/tongbaod.toml",
              "unit = \"" + unit + "\"\nhub = \"https://127.0.0.1:" + port_ +
                  "\"\ndata = \"data\"\ncharter = \"../charter.json\"\nlog_key = \"" + log_key +
                  "\"\nsocket = \"socket\"\n[tls]\ncertificate = \"keys/" + tls_certificate +
                  "\"\nkey = \"keys/daemon.key\"\ntrust = \"keys/trust.pem\"\n" + passphrase +
                  "[sign]\ncertificate = \"keys/sign.pem\"\nkey = \"keys/sign.key\"\n" +
                  passphrase);
        write(unit + "/client.toml", "socket = \"socket\"\n");
        start("tongbaod", unit + "/tongbaod.toml");
        try {
            wait_until(unit + " is connected", [&] { return is_connected(unit); });
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(error.what() + must("cat " + unit + "/tongbaod.toml.log"));
        }
    }
    [[nodiscard]] bool is_connected(const std::string& unit) const {
        const CommandResult status =
            run("tongbao --json --config " + unit + "/client.toml status 2>/dev/null");
        return status.exit_code == 0 &&
               Json::parse(status.output).at("hub").at("connected") == true;
    }

    /// What a unit does, then what the office does: `ca enrol`, the telephone, `ca issue`.
    void join(const std::string& unit) const {
        must("mkdir " + unit);
        const std::string said = must("tongbao ca enrol --unit " + unit + " --trust-domain " +
                                      kDomain + " --dir " + unit + "/keys");
        // The code that the unit reads out stands under the last name.
        const std::size_t place = said.rfind("/sign\n    ");
        REQUIRE(place != std::string::npos);
        const std::string code = said.substr(place + 10, 29);
        must("tongbao ca issue --dir hub/ca --request " + unit + "/keys/request.json --out " +
             unit + "/keys --enrolled hub/enrolled --confirmed '" + code + "'");
    }
    /// A notice from one unit to the office of which the other side's inbox then tells.
    void check_relayed(const std::string& unit) const {
        const std::string sent =
            must("tongbao --json --config " + unit +
                 "/client.toml send --kind agenda_item --field summary=议题 2>/dev/null");
        const std::string id = Json::parse(sent).at("id");
        wait_until("the office has the notice", [&] {
            return run("tongbao --json --config office/client.toml show " + id).exit_code == 0;
        });
    }

private:
    std::filesystem::path folder_;
    std::string port_;
    std::map<std::string, pid_t> processes_;
};

/// The office's own unit and hub, at work.
struct AtWork : Deployment {
    AtWork() {
        join("office");
        start_hub();
        start_daemon("office");
    }
    /// The hub looks into its folder when it starts.
    void let_hub_look() {
        stop("hub/hub.toml");
        start_hub();
    }
};

}  // namespace

TEST_SUITE("joining") {
    TEST_CASE("a unit joins a deployment at work with the commands alone and gets new keys") {
        AtWork deployment;
        deployment.join("police");
        deployment.let_hub_look();
        deployment.start_daemon("police");
        deployment.check_relayed("police");

        // New keys, encrypted, with the consent of the present ones and without a telephone.
        deployment.must("umask 077 && echo '开门 sesame' > police/passphrase");
        deployment.must(std::string("tongbao ca enrol --unit police --trust-domain ") + kDomain +
                        " --dir police/keys-2 --with police/keys/sign.pem --with-key "
                        "police/keys/sign.key --passphrase-file police/passphrase && "
                        "grep -q 'BEGIN ENCRYPTED' police/keys-2/sign.key");
        deployment.must(
            "tongbao ca issue --dir hub/ca --request police/keys-2/request.json --out "
            "police/keys-2 --enrolled hub/enrolled");
        deployment.let_hub_look();
        deployment.stop("police/tongbaod.toml");
        deployment.must("mv police/keys police/keys-1 && mv police/keys-2 police/keys");
        deployment.start_daemon("police");
        deployment.check_relayed("police");

        // The old seal is given up; what it signed stays good.
        deployment.must(
            "tongbao ca revoke --dir hub/ca --certificate police/keys-1/sign.pem --reason "
            "superseded");
        deployment.let_hub_look();
        deployment.must(
            "tongbao ca issue --dir hub/ca --use log-auditor --name one --out auditor.pem --key "
            "auditor.key && cp hub/ca/issued/$(openssl x509 -in auditor.pem -noout -serial | "
            "cut -d= -f2 | tr A-F a-f).pem hub/enrolled/");
        deployment.let_hub_look();
        deployment.write("audit.toml", "[audit]\nhub = \"https://127.0.0.1:" +
                                           deployment.must("tr -d '\n' < hub/port") +
                                           "\"\ntrust_domain = \"" + kDomain + "\"\nlog_key = \"" +
                                           deployment.must("tr -d '\n' < hub/ca/log.vkey") +
                                           "\"\n[audit.tls]\ncertificate = \"auditor.pem\"\nkey = "
                                           "\"auditor.key\"\ntrust = \"hub/ca/trust.pem\"\n");
        const CommandResult audit = deployment.run("tongbao --config audit.toml audit verify");
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }

    TEST_CASE("a unit with certificates of another authority joins connects and signs") {
        AtWork deployment;
        const TestDirectory directory("joining-other-authority");
        const OtherAuthority other(directory);
        other.issue("sign", OtherAuthority::sign(kDomain, "police"));
        other.issue("daemon", OtherAuthority::daemon(kDomain, "police"));
        deployment.must("mkdir -p police/keys && cd " + directory.path().string() +
                        " && cp -p sign.pem sign.key daemon.pem daemon.key daemon-chain.pem " +
                        (deployment.folder() / "police/keys").string());
        deployment.write("hub/ca/others.pem", other.trust_pem());
        deployment.must("tongbao ca crl --dir hub/ca");
        const std::string said = deployment.must(
            std::string("tongbao ca enrol --unit police --trust-domain ") + kDomain +
            " --dir police/request --certificate police/keys/sign.pem --certificate "
            "police/keys/daemon.pem --with police/keys/sign.pem --with-key police/keys/sign.key");
        const std::string code = said.substr(said.rfind("/sign\n    ") + 10, 29);
        deployment.must(
            "tongbao ca issue --dir hub/ca --request police/request/request.json --out "
            "police/answer --enrolled hub/enrolled --confirmed '" +
            code +
            "' && cp police/answer/trust.pem police/keys/ && cp hub/ca/trust.pem "
            "office/keys/");
        deployment.stop("office/tongbaod.toml");
        deployment.let_hub_look();
        deployment.start_daemon("office");
        deployment.start_daemon("police", "daemon-chain.pem");
        deployment.check_relayed("police");
    }

    TEST_CASE("a hub starts with no key that its unit has not consented to") {
        AtWork deployment;
        deployment.join("police");
        deployment.let_hub_look();
        // The office makes itself a second seal of the police.
        deployment.must(
            "tongbao ca issue --dir hub/ca --use sign --unit police --out foisted.pem --key "
            "foisted.key && cp foisted.pem hub/enrolled/");
        deployment.stop("hub/hub.toml");
        const CommandResult hub = deployment.run("timeout 60 tongbao-hub --config hub/hub.toml");
        INFO(hub.output);
        CHECK(hub.exit_code != 0);
        CHECK(hub.exit_code != 124);
        CHECK(hub.output.find("consent_missing") != std::string::npos);
        CHECK(hub.output.find("foisted.pem") != std::string::npos);
    }
}
