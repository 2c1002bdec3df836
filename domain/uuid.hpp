#pragma once

#include "domain/result.hpp"
#include "domain/strong.hpp"
#include "domain/time.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao {

/// A version 7 UUID: a time and 74 random bits. Source: RFC 9562 section 5.7.
class Uuid {
public:
    using Array = std::array<std::uint8_t, 16>;

    constexpr Uuid() = default;

    /// Errors: Errc::bad_value unless version is 7 and the variant that of RFC 9562.
    [[nodiscard]] static Result<Uuid> from_array(const Array& bytes);
    /// Reads the lower-case form with hyphens, `0190163d-8694-739b-aea5-966c26f8ad91`.
    ///
    /// Errors: Errc::bad_value; upper case is refused: one value has one spelling.
    [[nodiscard]] static Result<Uuid> parse(std::string_view text);
    /// The UUID of `time` with the random bits of `random`.
    [[nodiscard]] static Uuid make(UtcTime time,
                                   const std::array<std::uint8_t, 10>& random) noexcept;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] constexpr const Array& array() const noexcept { return bytes_; }
    /// The time inside, which is only what its maker claims.
    [[nodiscard]] UtcTime time() const noexcept;

    friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;

private:
    constexpr explicit Uuid(const Array& bytes) : bytes_(bytes) {}

    Array bytes_{};
};

/// Names a notice; unique for its sender.
using NoticeId = Strong<Uuid, struct NoticeIdTag>;
/// Names an act; unique for its unit.
using ActId = Strong<Uuid, struct ActIdTag>;

}  // namespace tongbao
