#pragma once

#include "domain/bytes.hpp"
#include "program/free_space.hpp"
#include "program/logging.hpp"
#include "program/tls_files.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::hub {

inline constexpr std::uint64_t kUsualUnnamedUploadMib = 16'384;

/// The configuration of tongbao-hub; docs/ARCHITECTURE.md explains each key.
struct Config {
    std::string address;    ///< an IP address
    std::uint16_t port{0};  ///< 0: any free one
    std::filesystem::path data;
    /// The file of the newest head; `head` in `data` if none. On another disk, or copied elsewhere,
    /// it tells of an older copy of all of `data`.
    std::optional<std::filesystem::path> head;
    std::filesystem::path charter;
    std::filesystem::path log_key;
    std::filesystem::path enrolled;  ///< folder of certificates, PEM
    program::TlsFiles tls;
    /// A file that gets the bound port once the hub is ready; for those who start it with port 0.
    std::optional<std::filesystem::path> port_file;
    std::uint32_t refused_entries_per_hour{1000};
    /// Bytes that must stay free on the disk of `data`: below it new work is refused.
    std::uint64_t free_space_bytes{program::kUsualFreeSpaceMib * kMebibyte};
    /// Bytes that one unit may upload in a day without a notice that names them.
    std::uint64_t unnamed_upload_bytes{kUsualUnnamedUploadMib * kMebibyte};
    std::size_t connections{4096};
    std::size_t connections_per_address{1024};
    std::size_t connections_per_certificate{64};
    program::LogLevel log_level{program::LogLevel::info};
    /// Nothing here is meant: tests may set the clock (program/test_clock.hpp).
    bool test_deployment{false};
};

/// How many of the `wanted` connections a process may take that can open `descriptors` files: each
/// may need a second one for an attachment, and the database must never find none left, since what
/// it can't write ends the hub. At least 1.
[[nodiscard]] std::size_t connections_that_fit(std::size_t wanted, std::size_t descriptors);

/// Reads the file once and checks it whole: every fault as `file:line:column: words`; empty means
/// that `config` is good.
[[nodiscard]] std::vector<std::string> read_config(const std::filesystem::path& path,
                                                   Config& config);

}  // namespace tongbao::hub
