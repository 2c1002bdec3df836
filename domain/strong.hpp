#pragma once

#include <compare>
#include <utility>

namespace tongbao {

/// A value of type `T` that can't be mixed up with another one of the same representation.
///
/// Converts neither in nor out and has no arithmetic; the few legitimate steps are named functions
/// beside the types that need them.
template <typename T, typename Tag>
class Strong {
public:
    constexpr Strong() = default;
    constexpr explicit Strong(T value) : value_(std::move(value)) {}

    [[nodiscard]] constexpr const T& value() const noexcept { return value_; }

    friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

private:
    T value_{};
};

}  // namespace tongbao
