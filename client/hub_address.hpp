#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

/// Where a hub listens.
struct HubAddress {
    std::string host;
    std::uint16_t port{0};
};

/// Reads `https://<host>:<port>`, the host a DNS name, an IPv4 address, or an IPv6 address in
/// brackets; nothing after the port but a slash. None for anything else.
[[nodiscard]] std::optional<HubAddress> parse_hub_address(std::string_view url);

}  // namespace tongbao::client
