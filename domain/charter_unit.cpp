#include "domain/charter_unit.hpp"

#include <algorithm>

namespace tongbao {
namespace {

constexpr std::string_view kLocalUnitPrefix = "local.";
constexpr std::string_view kLocalAddressPrefix = "local:";
constexpr std::size_t kSystemOffset = std::string_view("local.000000.").size();

}  // namespace

std::optional<UnitId> system_of(const UnitId& unit) {
    const std::string& text = unit.value();
    if (!text.starts_with(kLocalUnitPrefix) || text.size() <= kSystemOffset) return std::nullopt;
    return UnitId(text.substr(kSystemOffset));
}

std::optional<std::string> division_of(const UnitId& unit) {
    if (!system_of(unit)) return std::nullopt;
    // One dot stands between the division and the system.
    return unit.value().substr(kLocalUnitPrefix.size(),
                               kSystemOffset - kLocalUnitPrefix.size() - 1);
}

bool covers(const UnitAddress& address, const UnitId& unit) {
    const std::string_view text = address.value();
    if (!text.starts_with(kLocalAddressPrefix)) return text == unit.value();
    const std::optional<UnitId> system = system_of(unit);
    return system && system->value() == text.substr(kLocalAddressPrefix.size());
}

bool any_covers(const std::vector<UnitAddress>& addresses, const UnitId& unit) {
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const UnitAddress& address) { return covers(address, unit); });
}

}  // namespace tongbao
