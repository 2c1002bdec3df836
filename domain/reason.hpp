#pragma once

#include "domain/errc.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao {

/// One thing that is wrong, where, and in words.
struct Reason {
    Errc code{};
    /// The field, or the path to it: `to`, `fields.subjects[2].uscc`,
    /// `attachments.transfer_letter`.
    std::string place;
    /// For a person: what was expected. May quote what was given, so it never enters the log.
    std::string explanation;

    friend bool operator==(const Reason&, const Reason&) = default;
};

/// A value, or the one thing that is wrong with what it was read from.
template <typename T>
class [[nodiscard]] Checked : public boost::system::result<T, Reason> {
public:
    using boost::system::result<T, Reason>::result;
};

/// All that is wrong; empty means nothing is.
using Reasons = std::vector<Reason>;

/// What is told of one item at once. A table of a thousand short rows may hold twenty thousand
/// faults; nobody reads them, and kept in memory they would outweigh what was sent a hundredfold.
inline constexpr std::size_t kMaxReasons = 128;

}  // namespace tongbao
