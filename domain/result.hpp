#pragma once

#include "domain/errc.hpp"

#include <boost/system/result.hpp>

#include <type_traits>

namespace tongbao {

/// A value, or the reason why there is none. Dropping one does not compile.
///
/// Test and return on one line: `if (!key) return key.error();`. There is no `Result<bool>`: a
/// verification returns `Result<void>`, success or a named reason.
template <typename T>
class [[nodiscard]] Result : public boost::system::result<T> {
    static_assert(!std::is_same_v<T, bool>, "use Result<void> or an enum");

public:
    using boost::system::result<T>::result;
};

}  // namespace tongbao
