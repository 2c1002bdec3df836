#pragma once

#include "client/cli/failure.hpp"
#include "domain/charter.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

// Arguments that are looked at before anything is asked of the daemon. Each function fails with
// ExitCode::usage and says, behind `option`, what may stand there. An empty value was not given and
// is good.

/// A unit that the charter knows, local ones too.
[[nodiscard]] Attempt<void> check_unit_argument(const std::string& option, const std::string& unit,
                                                const Charter& charter);

/// A kind of notice.
[[nodiscard]] Attempt<void> check_kind_argument(const std::string& option, const std::string& kind,
                                                const Charter& charter);

/// A track of the charter's ledger.
[[nodiscard]] Attempt<void> check_track_argument(const std::string& option,
                                                 const std::string& track, const Charter& charter);

/// One of the states that the charter's enum `type` has.
[[nodiscard]] Attempt<void> check_state_argument(const std::string& option,
                                                 const std::string& value, std::string_view type,
                                                 const Charter& charter);

/// Six digits of a division.
[[nodiscard]] Attempt<void> check_division_argument(const std::string& option,
                                                    const std::string& division);

/// A date, such as `2026-07-01`; none for an empty text.
[[nodiscard]] Attempt<std::optional<LocalDay>> day_argument(const std::string& option,
                                                            const std::string& text);

/// A case's number; `option` may be empty where it is named alone. An empty number is refused.
[[nodiscard]] Attempt<void> check_case_argument(const std::string& option,
                                                const std::string& number);

}  // namespace tongbao::client
