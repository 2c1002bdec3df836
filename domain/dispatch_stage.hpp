#pragma once

#include "domain/recipient_state.hpp"
#include "domain/running_limit.hpp"
#include "domain/time.hpp"

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

/// Whether something is still waited for of the sender: how it went, or the evidence.
[[nodiscard]] bool is_chased(DispatchStage stage) noexcept;

/// Since when the sender is reminded of an item that came to `stage` at `begun`: from 24:00 of the
/// next working day on, and where that is not published, of the next day. None for what nothing is
/// waited for of.
[[nodiscard]] std::optional<UtcTime> chased_from(DispatchStage stage, UtcTime begun,
                                                 const LimitCalendar& by);

}  // namespace tongbao
