#pragma once

#include "domain/bytes.hpp"
#include "domain/ids.hpp"
#include "program/free_space.hpp"
#include "program/logging.hpp"
#include "program/tls_files.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// The configuration of tongbaod; docs/ARCHITECTURE.md explains each key.
struct DaemonConfig {
    UnitId unit;
    std::string hub_host;
    std::uint16_t hub_port{0};
    /// The DNS or IP name that the hub's certificate must hold; empty: hub_host.
    std::string hub_name;
    std::filesystem::path data;
    std::filesystem::path charter;
    std::string log_key;  ///< a verifier key
    std::filesystem::path socket;
    /// Whose members may use the socket beside the daemon's own user and root; empty: nobody.
    std::string api_group;
    program::TlsFiles tls;
    std::filesystem::path sign_certificate;
    std::filesystem::path sign_key;
    /// As program::TlsFiles::passphrase.
    std::optional<std::filesystem::path> sign_passphrase;
    /// The folder of what the unit asked to be enrolled: see OwnEnrolments.
    std::optional<std::filesystem::path> requests;
    /// Bytes that must stay free on the disk of `data`: below it new work is refused, and what
    /// comes from the hub waits.
    std::uint64_t free_space_bytes{program::kUsualFreeSpaceMib * kMebibyte};
    program::LogLevel log_level{program::LogLevel::info};
    /// As hub::Config::test_deployment.
    bool test_deployment{false};
};

/// Reads the file once and checks it whole: every fault as `file:line:column: words`; empty means
/// that `config` is good.
[[nodiscard]] std::vector<std::string> read_daemon_config(const std::filesystem::path& path,
                                                          DaemonConfig& config);

}  // namespace tongbao::client
