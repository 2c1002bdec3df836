#pragma once

#include <string_view>

namespace tongbao {

/// The enums that the program itself shows to people; every charter words them.
inline constexpr std::string_view kTrackStates = "track_states";
inline constexpr std::string_view kCaseStates = "case_states";
inline constexpr std::string_view kMoneyKinds = "money_kinds";
inline constexpr std::string_view kNoticeStates = "notice_states";
inline constexpr std::string_view kNoticeFlags = "notice_flags";

}  // namespace tongbao
