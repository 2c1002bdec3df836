#include "hub/config.hpp"

#include "domain/bytes.hpp"
#include "program/config_file.hpp"

#include <algorithm>

namespace tongbao::hub {

std::size_t connections_that_fit(std::size_t wanted, std::size_t descriptors) {
    // The database keeps at most 256 files open, and writes some besides.
    constexpr std::size_t kKept = 512;
    const std::size_t room = descriptors > kKept ? (descriptors - kKept) / 2 : 0;
    return std::clamp<std::size_t>(room, 1, std::max<std::size_t>(wanted, 1));
}

std::vector<std::string> read_config(const std::filesystem::path& path, Config& config) {
    constexpr std::int64_t kMaxConnections = 65'536;
    program::ConfigFile file = program::ConfigFile::read(path);
    if (!file.faults().empty()) return file.faults();
    program::ConfigTable root = file.root();
    config.address = root.text("address");
    config.port = static_cast<std::uint16_t>(root.integer("port", 0, 65'535));
    config.port_file = root.optional_path("port_file");
    config.data = root.path("data");
    config.head = root.optional_path("head");
    config.charter = root.path("charter");
    config.log_key = root.path("log_key");
    config.enrolled = root.path("enrolled");
    config.test_deployment = root.boolean("test_deployment", false);
    const std::string level = root.text("log_level", "info");
    config.log_level = program::log_level_from(level);
    if (level != "debug" && level != "info" && level != "warning" && level != "error") {
        root.fault("log_level", "must be debug, info, warning or error");
    }

    program::ConfigTable tls = root.table("tls");
    config.tls.certificate = tls.path("certificate");
    config.tls.key = tls.path("key");
    config.tls.trust = tls.path("trust");
    config.tls.passphrase = tls.optional_path("passphrase_file");
    tls.finish();

    program::ConfigTable limits = root.table("limits", false);
    config.refused_entries_per_hour =
        static_cast<std::uint32_t>(limits.integer("refused_entries_per_hour", 0, 1'000'000, 1000));
    config.free_space_bytes = program::read_free_space(limits);
    // At least one of the largest attachments: a smaller bound would let nobody upload.
    config.unnamed_upload_bytes =
        static_cast<std::uint64_t>(limits.integer("unnamed_upload_mib", 64, 1024 * 1024,
                                                  std::int64_t{kUsualUnnamedUploadMib})) *
        kMebibyte;
    config.connections =
        static_cast<std::size_t>(limits.integer("connections", 1, kMaxConnections, 4096));
    config.connections_per_address = static_cast<std::size_t>(
        limits.integer("connections_per_address", 1, kMaxConnections, 1024));
    config.connections_per_certificate = static_cast<std::size_t>(
        limits.integer("connections_per_certificate", 1, kMaxConnections, 64));
    limits.finish();
    root.finish();
    return file.faults();
}

}  // namespace tongbao::hub
