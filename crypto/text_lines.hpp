#pragma once

#include <optional>
#include <string_view>

namespace tongbao::crypto {

/// What the texts that are signed (statements, consents) have in common; internal to crypto/.

/// Takes the next line of `text`, which must begin with `name` and end in a newline; gives what
/// stands between them. None, after which `text` is as it was, for any other line.
[[nodiscard]] std::optional<std::string_view> take_line(std::string_view& text,
                                                        std::string_view name);

/// Whether `text` may name a log: from 1 to 255 visible ASCII characters.
[[nodiscard]] bool is_log_origin(std::string_view text) noexcept;

}  // namespace tongbao::crypto
