#include "client/cli/due_span.hpp"

#include "client/cli/terminal_text.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace tongbao::client {

Attempt<Duration> parse_span(const std::string& text) {
    constexpr std::array<std::pair<std::string_view, TimeUnit>, 3> kUnits{
        {{"wd", TimeUnit::working_day}, {"d", TimeUnit::day}, {"h", TimeUnit::hour}}};
    std::uint32_t count = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    if (error == std::errc() && count >= 1 && count <= kLongestSpan) {
        const std::string_view rest(end, static_cast<std::size_t>(last - end));
        for (const auto& [word, unit] : kUnits) {
            if (word == rest) return Duration{count, unit};
        }
    }
    return usage_failure("--within " + printable(text) +
                         ": write such as 5wd (working days), 3d (days) or 8h (hours), from 1 to " +
                         std::to_string(kLongestSpan));
}

Checked<DueTime> end_of_span(const Duration& span, UtcTime now, const LimitRules& rules) {
    return due_time(MomentOrDay(now), span, FreeDayRule::none, rules);
}

}  // namespace tongbao::client
