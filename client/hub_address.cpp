#include "client/hub_address.hpp"

#include <charconv>

namespace tongbao::client {

std::optional<HubAddress> parse_hub_address(std::string_view url) {
    constexpr std::string_view kScheme = "https://";
    if (!url.starts_with(kScheme)) return std::nullopt;
    url.remove_prefix(kScheme.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    const std::size_t colon = url.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    std::string_view host = url.substr(0, colon);
    const std::string_view port_text = url.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find_first_of(":/[]@?#") != std::string_view::npos) {
        return std::nullopt;
    }
    std::uint16_t port = 0;
    const auto [end, error] =
        std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (error != std::errc() || end != port_text.data() + port_text.size() || port == 0) {
        return std::nullopt;
    }
    if (host.empty()) return std::nullopt;
    return HubAddress{std::string(host), port};
}

}  // namespace tongbao::client
