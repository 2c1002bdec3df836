#include "client/sandbox/sandbox_config.hpp"

#include "domain/bytes.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

/// sun_path of Linux without its final NUL.
constexpr std::size_t kMaxSocketPath = 107;

std::string line(std::string_view key, std::string_view value) {
    return std::string(key) + " = " + toml_text(value) + '\n';
}

std::string tls_table(const CertificateFiles& files, const std::filesystem::path& trust) {
    return "\n[tls]\n" + line("certificate", files.certificate.string()) +
           line("key", files.key.string()) + line("trust", trust.string());
}

/// A sandbox whose clock is set is a test deployment.
std::string test_line(const SandboxFile& sandbox) {
    return sandbox.clock ? "test_deployment = true\n" : "";
}

}  // namespace

std::string toml_text(std::string_view value) {
    constexpr unsigned char kSpace = 0x20;
    constexpr unsigned char kDelete = 0x7F;
    std::string text = "\"";
    for (const char character : value) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            text += '\\';
            text += character;
        } else if (byte < kSpace || byte == kDelete) {
            text += "\\u00" + to_hex(BytesView(&byte, 1));
        } else {
            text += character;
        }
    }
    return text + '"';
}

std::string hub_config_text(const SandboxLayout& layout, const SandboxFile& sandbox,
                            std::uint16_t port) {
    const std::filesystem::path hub = layout.hub();
    return "# Written anew by each `tongbao sandbox up`.\n" + line("address", "127.0.0.1") +
           "port = " + std::to_string(port) + '\n' +
           line("port_file", layout.port_file().string()) + line("data", (hub / "data").string()) +
           line("charter", layout.charter().string()) +
           line("log_key", (layout.ca() / "log.key").string()) +
           line("enrolled", layout.enrolled().string()) + line("log_level", "info") +
           test_line(sandbox) +
           tls_table({hub / "hub.pem", hub / "hub.key"}, layout.ca() / "trust.pem");
}

std::string daemon_config_text(const SandboxLayout& layout, const SandboxFile& sandbox,
                               std::string_view unit) {
    const SandboxUnit& files = sandbox.units.find(unit)->second;
    return "# Written anew by each `tongbao sandbox up`.\n" + line("unit", unit) +
           line("hub", sandbox.hub_url) + line("data", (layout.unit(unit) / "data").string()) +
           line("charter", layout.charter().string()) + line("log_key", sandbox.log_verifier_key) +
           line("socket", files.socket.string()) + line("log_level", "info") + test_line(sandbox) +
           tls_table(files.daemon, sandbox.ca_file) + "\n[sign]\n" +
           line("certificate", files.sign.certificate.string()) +
           line("key", files.sign.key.string()) +
           // The certificates of the unit's posts lie beside its own.
           "\n[enrolment]\n" + line("requests", layout.unit(unit).string());
}

Checked<void> check_sockets(const SandboxFile& sandbox) {
    std::string longest;
    for (const auto& [id, unit] : sandbox.units) {
        const std::string path = unit.socket.string();
        if (path.size() > longest.size()) longest = path;
    }
    if (longest.size() <= kMaxSocketPath) return {};
    return Reason{Errc::too_large, longest,
                  "the path of a Unix socket has at most 107 bytes: choose a folder --dir whose "
                  "path is shorter by " +
                      std::to_string(longest.size() - kMaxSocketPath)};
}

}  // namespace tongbao::client
