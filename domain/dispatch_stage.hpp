#pragma once

#include "domain/recipient_state.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tongbao {

/// 登记. How far the register of dispatches is with one recipient to whom the hub delivers nothing.
enum class DispatchStage : std::uint8_t {
    open = 0,        ///< nothing was said yet of how the notice went there
    registered = 1,  ///< how it went was said, without evidence
    evidenced = 2,   ///< the same with evidence
    withdrawn = 3,   ///< the notice was withdrawn or corrected: nothing more is owed or chased
};

/// The word that stands for `stage` in requests and answers, such as `open`.
[[nodiscard]] std::string_view word(DispatchStage stage) noexcept;
[[nodiscard]] std::optional<DispatchStage> dispatch_stage_from_word(std::string_view text) noexcept;

/// The stage of such a recipient at whom the notice stands so.
[[nodiscard]] DispatchStage dispatch_stage(const Standing& standing) noexcept;

}  // namespace tongbao
