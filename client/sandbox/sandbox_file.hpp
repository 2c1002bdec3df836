#pragma once

#include "client/sandbox/process.hpp"
#include "domain/reason.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// A certificate and its key, as absolute paths.
struct CertificateFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

/// A unit of a sandbox and its daemon.
struct SandboxUnit {
    CertificateFiles daemon;
    CertificateFiles sign;
    std::filesystem::path socket;  ///< of the daemon's local API
    ProcessId process;
};

/// The certificate of who holds a post.
struct SandboxPost {
    std::string unit;
    std::string post;
    CertificateFiles files;
};

/// What `sandbox.json` says: how to reach the parts of a sandbox, and which processes they are.
struct SandboxFile {
    std::string hub_url;  ///< `https://127.0.0.1:<port>`; without a port until the hub first ran
    std::string log_verifier_key;
    std::filesystem::path ca_file;  ///< trust.pem
    std::string trust_domain;
    std::string charter;  ///< its id
    std::filesystem::path charter_file;
    /// What sets the clock of all its programs (program/test_clock.hpp); none: the machine's.
    std::optional<std::filesystem::path> clock;
    ProcessId hub;
    std::map<std::string, SandboxUnit, std::less<>> units;
    CertificateFiles auditor;
    std::vector<SandboxPost> posts;
};

/// `<folder>/sandbox.json`.
[[nodiscard]] std::filesystem::path sandbox_json(const std::filesystem::path& folder);

/// Writes what read_sandbox_file reads, wholly or not at all.
///
/// Errors: Errc::storage_failure.
[[nodiscard]] Checked<void> write_sandbox_file(const std::filesystem::path& folder,
                                               const SandboxFile& sandbox);

/// Reads `<folder>/sandbox.json`.
///
/// Errors, with the file as their place: Errc::not_found if `folder` holds no sandbox; those of
/// protocol::read_json and protocol::ObjectReader for a file that is none.
[[nodiscard]] Checked<SandboxFile> read_sandbox_file(const std::filesystem::path& folder);

/// The JSON text of sandbox.json, and what it says.
[[nodiscard]] std::string format_sandbox(const SandboxFile& sandbox);
[[nodiscard]] Checked<SandboxFile> parse_sandbox(std::string_view text);

}  // namespace tongbao::client
