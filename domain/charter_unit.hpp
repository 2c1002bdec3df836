#pragma once

#include "domain/ids.hpp"
#include "domain/strong.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

/// Words of a founding document or a law that a part of the charter rests on.
struct Quotation {
    std::string document;
    std::uint32_t first_line{0};
    std::uint32_t last_line{0};
    std::string quote;
};

/// Where a rule comes from: the regime of the joint meeting, a law, or this product.
enum class Origin : std::uint8_t { regime, law, product };

/// member: an agency in the joint meeting; office: of the meeting, hosted by a member, with an
/// identity of its own; external: reached by a register of dispatches or by publication.
enum class UnitKind : std::uint8_t { member, office, external };

enum class ExternalDelivery : std::uint8_t { outbound_register, publication };

struct Unit {
    UnitId id;
    UnitKind kind{};
    std::string name_zh;
    std::string short_zh;
    std::string name_en;
    /// Of members: whether it leads the meeting, and whether it hosts the office.
    bool leads{false};
    bool hosts_office{false};
    std::optional<std::string> liaison_dept_zh;
    /// Of the office only.
    std::optional<UnitId> host;
    /// Of externals only.
    std::optional<ExternalDelivery> delivery;
    std::optional<std::string> note;
};

/// Whom a kind's `from`, `to` and `cc` name: a unit, or `local:<system>` for every local unit of
/// that system.
using UnitAddress = Strong<std::string, struct UnitAddressTag>;

/// Local bodies of one member's system, enrolled as `local.<division>.<system>`.
struct LocalSystem {
    /// The member it belongs to.
    UnitId system;
    UnitAddress address;
    std::string name_zh;
    std::string name_en;
};

/// The member a local unit belongs to: `police` of `local.440300.police`; none for other units.
[[nodiscard]] std::optional<UnitId> system_of(const UnitId& unit);

/// The division of a local unit: `440300` of `local.440300.police`; none for other units.
[[nodiscard]] std::optional<std::string> division_of(const UnitId& unit);

/// Whether `address` means `unit`: they are the same, or `unit` is a local unit of its system.
[[nodiscard]] bool covers(const UnitAddress& address, const UnitId& unit);

/// Whether one of `addresses` covers `unit`.
[[nodiscard]] bool any_covers(const std::vector<UnitAddress>& addresses, const UnitId& unit);

/// A role that persons hold; who does, the member register says.
struct Post {
    PostId id;
    std::string title_zh;
    std::string title_en;
    /// A unit, or a group: then one post in each of its units.
    std::string unit_or_group;
    std::string holder_post_zh;
    Origin origin{};
    std::vector<Quotation> sources;
};

}  // namespace tongbao
