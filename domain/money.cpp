#include "domain/money.hpp"

namespace tongbao {

Result<Fen> make_fen(std::int64_t amount) {
    if (amount < 0 || amount > kMaxFen.value()) return Errc::wrong_form;
    return Fen(amount);
}

Result<Fen> add(Fen left, Fen right) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.value(), right.value(), &sum)) return Errc::too_large;
    return Fen(sum);
}

std::string format_yuan(Fen amount) {
    const bool negative = amount.value() < 0;
    // Unsigned, since the smallest 64-bit number has no positive counterpart.
    const auto bits = static_cast<std::uint64_t>(amount.value());
    const std::uint64_t fen = negative ? std::uint64_t{0} - bits : bits;
    const std::string hundredths = std::to_string(fen % 100);
    return (negative ? "-" : "") + std::to_string(fen / 100) +
           (hundredths.size() == 1 ? ".0" : ".") + hundredths;
}

}  // namespace tongbao
