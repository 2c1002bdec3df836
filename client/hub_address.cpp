#include "client/hub_address.hpp"

#include <charconv>

namespace tongbao::client {
namespace {

constexpr std::uint16_t kHttpsPort = 443;

}  // namespace

Result<HubAddress> parse_hub_url(std::string_view url) {
    constexpr std::string_view kScheme = "https://";
    if (!url.starts_with(kScheme)) return Errc::bad_value;
    url.remove_prefix(kScheme.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    HubAddress address{"", kHttpsPort};
    const bool bracketed = url.starts_with('[');
    const std::size_t end = bracketed ? url.find(']') : url.find(':');
    if (bracketed && end == std::string_view::npos) return Errc::bad_value;
    address.host = url.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end);
    url.remove_prefix(end == std::string_view::npos ? url.size() : end + (bracketed ? 1 : 0));
    const std::string_view allowed =
        bracketed ? "0123456789abcdefABCDEF:."
                  : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    if (address.host.empty() || address.host.find_first_not_of(allowed) != std::string::npos) {
        return Errc::bad_value;
    }
    if (url.empty()) return address;
    if (url.front() != ':') return Errc::bad_value;
    url.remove_prefix(1);
    const char* const last = url.data() + url.size();
    const auto [stopped, error] = std::from_chars(url.data(), last, address.port);
    if (error != std::errc() || stopped != last || address.port == 0) return Errc::bad_value;
    return address;
}

}  // namespace tongbao::client
