#pragma once

#include "client/sandbox/sandbox_file.hpp"
#include "domain/reason.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tongbao::client {

/// Where a sandbox keeps what; all paths are absolute.
///
///     sandbox.json charter.json
///     clock                       of a test deployment
///     ca/                         the authority's folder, see CaFolder
///     hub/                        hub.toml hub.pem hub.key hub.log port data/ enrolled/
///     units/<unit>/               tongbaod.toml daemon.* sign.* post-<post>.* tongbaod.log data/
///     auditor/                    auditor.pem auditor.key
///     s/<unit>.sock               short, since a socket's path has at most 107 bytes
class SandboxLayout {
public:
    /// `folder` is absolute.
    explicit SandboxLayout(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path charter() const { return folder_ / "charter.json"; }
    [[nodiscard]] std::filesystem::path clock() const { return folder_ / "clock"; }
    [[nodiscard]] std::filesystem::path ca() const { return folder_ / "ca"; }
    [[nodiscard]] std::filesystem::path hub() const { return folder_ / "hub"; }
    [[nodiscard]] std::filesystem::path hub_config() const { return hub() / "hub.toml"; }
    [[nodiscard]] std::filesystem::path hub_log() const { return hub() / "hub.log"; }
    [[nodiscard]] std::filesystem::path port_file() const { return hub() / "port"; }
    [[nodiscard]] std::filesystem::path enrolled() const { return hub() / "enrolled"; }
    [[nodiscard]] std::filesystem::path auditor() const { return folder_ / "auditor"; }
    [[nodiscard]] std::filesystem::path sockets() const { return folder_ / "s"; }
    [[nodiscard]] std::filesystem::path unit(std::string_view id) const {
        return folder_ / "units" / id;
    }
    [[nodiscard]] std::filesystem::path daemon_config(std::string_view id) const {
        return unit(id) / "tongbaod.toml";
    }
    [[nodiscard]] std::filesystem::path daemon_log(std::string_view id) const {
        return unit(id) / "tongbaod.log";
    }
    [[nodiscard]] std::filesystem::path socket(std::string_view id) const {
        return sockets() / (std::string(id) + ".sock");
    }

private:
    std::filesystem::path folder_;
};

/// `value` as a TOML basic string. Source: TOML 1.0, "String".
[[nodiscard]] std::string toml_text(std::string_view value);

/// The configuration of the sandbox's hub; port 0 means any free one.
[[nodiscard]] std::string hub_config_text(const SandboxLayout& layout, const SandboxFile& sandbox,
                                          std::uint16_t port);

/// The configuration of a unit's daemon.
[[nodiscard]] std::string daemon_config_text(const SandboxLayout& layout,
                                             const SandboxFile& sandbox, std::string_view unit);

/// Whether the path of every unit's socket is short enough.
///
/// Errors: Errc::too_large, which says by how much.
[[nodiscard]] Checked<void> check_sockets(const SandboxFile& sandbox);

}  // namespace tongbao::client
