#pragma once

#include "domain/dispatch_stage.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "transport/http_message.hpp"

#include <optional>
#include <string>

namespace tongbao::client {

/// Which items of the register of dispatches are asked for.
struct DispatchQuestion {
    /// How far they are; none: all.
    std::optional<DispatchStage> state{};
    /// Where the page before ended, as the hub wrote it.
    std::optional<std::string> after{};
};

/// Reads the query of `GET /v1/dispatches`: `state` and `after`, each at most once.
///
/// Errors: Errc::bad_value for what is no state or no cursor; Errc::unknown_member,
/// Errc::duplicate_member.
[[nodiscard]] Checked<DispatchQuestion> dispatch_question(const transport::Fields& query);

/// The question as a hub is asked it by who knows `known` entries of its log: path and query.
[[nodiscard]] std::string dispatch_target(const DispatchQuestion& question, TreeSize known);

}  // namespace tongbao::client
