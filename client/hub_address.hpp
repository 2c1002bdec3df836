#pragma once

#include "domain/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao::client {

/// Where a hub is.
struct HubAddress {
    std::string host;  ///< of an IPv6 address without its brackets
    std::uint16_t port{};

    friend bool operator==(const HubAddress&, const HubAddress&) = default;
};

/// Reads `https://host`, `https://host:port`, `https://[::1]:port`, with a slash at the end or not;
/// without a port it is 443.
///
/// Errors: Errc::bad_value for anything else, a user or a path among it.
/// Source: RFC 3986 section 3.2.
[[nodiscard]] Result<HubAddress> parse_hub_url(std::string_view url);

}  // namespace tongbao::client
