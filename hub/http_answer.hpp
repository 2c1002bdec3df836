#pragma once

#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "protocol/problem.hpp"
#include "transport/http_message.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::hub {

/// A JSON answer.
[[nodiscard]] inline transport::Response json_answer(unsigned status, std::string_view json) {
    return {status, "application/json", {}, to_bytes(json)};
}

/// Problem details for a code and its reasons.
[[nodiscard]] inline transport::Response problem_answer(Errc errc, const Reasons& reasons = {}) {
    return {protocol::http_status(errc),
            std::string(protocol::kProblemMediaType),
            {},
            to_bytes(protocol::write_problem(errc, reasons))};
}

/// A log index as it stands in a path: decimal, no leading zero.
[[nodiscard]] inline std::optional<LogIndex> index_from(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (text.empty() || !whole || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    return LogIndex(value);
}

}  // namespace tongbao::hub
