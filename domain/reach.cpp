#include "domain/reach.hpp"

#include <algorithm>
#include <string>

namespace tongbao {
namespace {

constexpr std::string_view kLocalMark = "local:";

/// Recipients and copies that are online, or those that are not.
std::vector<UnitId> recipients_where(const Reach& reach, const Notice& notice, bool online) {
    std::vector<UnitId> out;
    for (const std::vector<UnitId>* const units : {&notice.to, &notice.cc}) {
        for (const UnitId& unit : *units) {
            if (!contains(out, unit) && reach.online(unit) == online) out.push_back(unit);
        }
    }
    return out;
}

}  // namespace

bool is_local_address(const UnitAddress& address) {
    return address.value().starts_with(kLocalMark);
}

Result<UnitAddress> parse_unit_address(std::string_view text) {
    if (text.starts_with(kLocalMark)) {
        const Result<std::string> system = parse_identifier(text.substr(kLocalMark.size()));
        if (!system) return system.error();
    } else if (const Result<UnitId> unit = parse_unit_id(text); !unit) {
        return unit.error();
    }
    return UnitAddress(std::string(text));
}

bool Reach::online(const UnitId& unit) const {
    if (charter_->online(unit)) return true;
    return local_ != nullptr && system_of(unit) && charter_->knows(unit) &&
           std::binary_search(local_->begin(), local_->end(), unit);
}

std::vector<UnitId> Reach::units_at(const UnitAddress& address) const {
    if (!is_local_address(address)) return {UnitId(address.value())};
    std::vector<UnitId> units;
    if (local_ == nullptr) return units;
    for (const UnitId& unit : *local_) {
        if (covers(address, unit) && charter_->knows(unit)) units.push_back(unit);
    }
    return units;
}

std::vector<UnitId> online_recipients(const Reach& reach, const Notice& notice) {
    return recipients_where(reach, notice, true);
}

std::vector<UnitId> other_recipients(const Reach& reach, const Notice& notice) {
    return recipients_where(reach, notice, false);
}

}  // namespace tongbao
