#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao {

/// Whether personal data, the fields and columns that a charter says are to be masked, is shown by
/// mask_value only, or whole.
enum class Masking : std::uint8_t { masked, shown };

/// A value of which the charter shows a part only: its first six and last four characters, `*` for
/// each between; of one of ten characters or fewer, `*` for each. `text` is well-formed UTF-8.
[[nodiscard]] std::string mask_value(std::string_view text);

}  // namespace tongbao
