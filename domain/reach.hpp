#pragma once

#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao {

/// Whether `address` is `local:<system>`.
[[nodiscard]] bool is_local_address(const UnitAddress& address);

/// Reads a unit's id or `local:<system>`.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<UnitAddress> parse_unit_address(std::string_view text);

/// Local units for which the register has a sign key in force, each once, ascending.
using EnrolledUnits = std::vector<UnitId>;

/// Whom the hub delivers to: members, the office, and those local units of the charter's systems
/// that are enrolled. All others are reached by the register of dispatches.
///
/// What the register says changes, so a Reach is that of one moment. Cheap to copy; threads may
/// share it.
class Reach {
public:
    /// Of a register that has enrolled `local`. `charter` outlives the object; null: no local unit.
    explicit Reach(const Charter& charter, std::shared_ptr<const EnrolledUnits> local = nullptr)
        : charter_(&charter), local_(std::move(local)) {}

    [[nodiscard]] const Charter& charter() const noexcept { return *charter_; }

    [[nodiscard]] bool online(const UnitId& unit) const;

    /// The units that `address` means: itself, or the local units of its system that are enrolled,
    /// in the order of their ids.
    [[nodiscard]] std::vector<UnitId> units_at(const UnitAddress& address) const;

private:
    const Charter* charter_;
    std::shared_ptr<const EnrolledUnits> local_;
};

/// The units that `notice` is delivered to: of its recipients and copies those that are online,
/// each once, in their order.
[[nodiscard]] std::vector<UnitId> online_recipients(const Reach& reach, const Notice& notice);

/// The recipients and copies of `notice` that are not online, each once, in their order: for these
/// the sender registers how it was dispatched.
[[nodiscard]] std::vector<UnitId> other_recipients(const Reach& reach, const Notice& notice);

}  // namespace tongbao
