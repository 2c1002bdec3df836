#include "tests/integration/live_sandbox.hpp"

#include "crypto/certificate.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/random.hpp"
#include "crypto/statement.hpp"
#include "domain/time.hpp"
#include "program/files.hpp"
#include "tests/support/project_paths.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace tongbao::testing {
namespace {

const std::filesystem::path kPrograms =
    std::filesystem::path(tongbao::testing::binary_dir()) / "bin";

CommandResult run_shell(const std::string& command) {
    CommandResult result;
    FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("can't run " + command);
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.output.append(buffer.data(), count);
    }
    const int status = ::pclose(pipe);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

std::string in_quotes(const std::string& text) {
    return '\'' + text + '\'';
}

UtcTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
    const Result<std::string> text = program::read_file(path, 4 * 1024 * 1024);
    if (!text) throw std::runtime_error("can't read " + path.string());
    return *text;
}

std::string log_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

LiveSandbox::LiveSandbox(const std::string& charter, const std::string& clock,
                         const std::vector<std::string>& local)
    : charter_(charter) {
    // Short, since the paths of Unix sockets are.
    std::string name = "/tmp/tongbao-test.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("can't make a folder");
    folder_ = name;
    std::string options = clock.empty() ? "" : " --clock " + in_quotes(clock);
    for (const std::string& unit : local) options += " --local " + in_quotes(unit);
    const CommandResult started = tongbao("sandbox up --charter " + in_quotes(charter_) +
                                          " --dir " + in_quotes(folder_ / "s") + options);
    if (started.exit_code != 0) throw std::runtime_error("no sandbox: " + started.output);
}

LiveSandbox::~LiveSandbox() {
    const CommandResult stopped = tongbao("sandbox down --dir " + in_quotes(folder_ / "s"));
    if (stopped.exit_code != 0) std::cerr << stopped.output << '\n';
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Json LiveSandbox::file() const {
    return Json::parse(read_text(folder_ / "s" / "sandbox.json"));
}

CommandResult LiveSandbox::tongbao(const std::string& arguments) const {
    return run_shell(in_quotes(kPrograms / "tongbao") + ' ' + arguments);
}

CommandResult LiveSandbox::as(const std::string& unit, const std::string& arguments) const {
    return tongbao(arguments + " --sandbox " + in_quotes(folder_ / "s") + " --as " +
                   in_quotes(unit));
}

Json LiveSandbox::json_as(const std::string& unit, const std::string& arguments) const {
    const std::string errors = folder_ / "stderr";
    const CommandResult result = run_shell(
        '{' + (' ' + in_quotes(kPrograms / "tongbao")) + ' ' + arguments + " --json --sandbox " +
        in_quotes(folder_ / "s") + " --as " + in_quotes(unit) + " 2>" + in_quotes(errors) + "; }");
    if (result.exit_code != 0) {
        throw std::runtime_error(arguments + ": " + result.output + read_text(errors));
    }
    return Json::parse(result.output);
}

std::string LiveSandbox::send_endorsed(const std::string& unit, const std::string& arguments,
                                       const std::vector<std::string>& posts) const {
    std::string id = json_as(unit, arguments).at("id");
    const std::string endorse = "endorse " + id + " --wait 60 --post ";
    for (const std::string& post : posts) static_cast<void>(json_as(unit, endorse + post));
    return id;
}

Json LiveSandbox::wait_for_inbox(const std::string& unit, std::size_t count) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (;;) {
        Json inbox = json_as(unit, "inbox --limit 1000");
        if (inbox.at("notices").size() >= count) return inbox;
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error(unit + " has only " + inbox.dump());
        }
    }
}

void LiveSandbox::set_clock(const std::string& time) const {
    const CommandResult set =
        tongbao("sandbox clock --dir " + in_quotes(folder_ / "s") + " --set " + in_quotes(time));
    if (set.exit_code != 0) throw std::runtime_error("the clock is not set: " + set.output);
}

std::vector<std::string> LiveSandbox::clock_arguments() const {
    const std::string clock = file().value("clock", "");
    if (clock.empty()) return {};
    return {"--clock", clock};
}

void LiveSandbox::up() const {
    const CommandResult started = tongbao("sandbox up --dir " + in_quotes(folder_ / "s"));
    if (started.exit_code != 0) throw std::runtime_error("not up: " + started.output);
}

void LiveSandbox::down() const {
    const CommandResult stopped = tongbao("sandbox down --dir " + in_quotes(folder_ / "s"));
    if (stopped.exit_code != 0) throw std::runtime_error("not down: " + stopped.output);
}

std::filesystem::path LiveSandbox::write(const std::string& name, const std::string& text) const {
    std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

RawUnit::RawUnit(const LiveSandbox& sandbox, std::string unit)
    : sandbox_(sandbox), unit_(std::move(unit)), file_(sandbox.file()) {}

Json RawUnit::notice(const std::string& kind) const {
    std::array<std::uint8_t, 16> nonce{};
    crypto::fill_random(nonce);
    const Json charter = Json::parse(read_text(file_.at("charter_file")));
    return {{"format", "tongbao/notice/v1"},
            {"id", crypto::make_uuid(now()).text()},
            {"nonce", to_base64(nonce)},
            {"charter", {{"id", charter.at("id")}, {"version", charter.at("version")}}},
            {"kind", kind},
            {"from", unit_},
            {"issued_at", format_utc(now())},
            {"fields", Json::object()},
            {"attachments", Json::array()}};
}

Json RawUnit::submit(const std::string& leaf, const std::string& peer) const {
    const Json& keys = file_.at("units").at(unit_);
    const Json& connection = file_.at("units").at(peer.empty() ? unit_ : peer);
    const auto certificate = crypto::Certificate::from_pem(read_text(keys.at("sign_cert")));
    auto key = crypto::SigningKey::from_pem(read_text(keys.at("sign_key")));
    if (!certificate || !key) throw std::runtime_error("the sandbox's keys can't be read");
    const auto signer = crypto::StatementSigner::make(*std::move(key), *certificate);
    const std::string log_key = file_.at("log_vkey");
    const Digest root = crypto::leaf_hash(as_bytes(leaf));
    const auto statement =
        signer->sign({LogOrigin(log_key.substr(0, log_key.find('+'))),
                      format_spiffe_id(*certificate->spiffe()), "submit", 1, root},
                     now());
    if (!statement) throw std::runtime_error("can't sign");
    const Json body{{"statement", to_base64(*statement)},
                    {"leaves", Json::array({to_base64(as_bytes(leaf))})}};
    const auto path = sandbox_.write("submission.json", body.dump());
    const CommandResult answer = run_shell(
        "curl --silent --show-error --max-time 30 --write-out '\\n%{http_code}' --data-binary @" +
        in_quotes(path) + " --cert " + in_quotes(connection.at("daemon_cert")) + " --key " +
        in_quotes(connection.at("daemon_key")) + " --cacert " + in_quotes(file_.at("ca_file")) +
        ' ' + in_quotes(std::string(file_.at("hub_url")) + "/v1/batches"));
    const std::size_t end = answer.output.rfind('\n');
    if (answer.exit_code != 0 || end == std::string::npos) throw std::runtime_error(answer.output);
    Json json = Json::parse(answer.output.substr(0, end));
    json["http_status"] = std::stoi(answer.output.substr(end + 1));
    return json;
}

std::vector<std::string> RawUnit::codes_of(const std::string& leaf) const {
    const Json answer = submit(leaf);
    std::vector<std::string> codes;
    if (!answer.contains("leaves")) return {answer.at("code")};
    for (const Json& reason : answer.at("leaves").at(0).value("reasons", Json::array())) {
        codes.push_back(reason.at("code"));
    }
    std::sort(codes.begin(), codes.end());
    return codes;
}

}  // namespace tongbao::testing
