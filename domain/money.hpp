#pragma once

#include "domain/result.hpp"
#include "domain/strong.hpp"

#include <cstdint>
#include <string>

namespace tongbao {

/// An amount of money in 分, hundredths of a yuan. Never a floating-point number.
using Fen = Strong<std::int64_t, struct FenTag>;

/// The most that one field may hold: ten thousand billion yuan, more than any fund has.
inline constexpr Fen kMaxFen{1'000'000'000'000'000};

/// Errors: Errc::wrong_form unless `amount` is from 0 to kMaxFen.
[[nodiscard]] Result<Fen> make_fen(std::int64_t amount);

/// The sum, which may be more than one field may hold.
///
/// Errors: Errc::too_large if it does not fit 64 bits.
[[nodiscard]] Result<Fen> add(Fen left, Fen right);

/// Yuan with two decimals and no separators: `1234.56`, `0.05`, `-0.05`.
[[nodiscard]] std::string format_yuan(Fen amount);

}  // namespace tongbao
