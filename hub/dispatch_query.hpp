#pragma once

#include "domain/dispatch_stage.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "storage/dispatch_rows.hpp"

#include <optional>
#include <string>

namespace tongbao::hub {

/// What is asked of the register of dispatches.
struct DispatchListQuery {
    /// None: items of every stage, one stage after the other.
    std::optional<DispatchStage> stage{};
    std::optional<storage::DispatchPlace> after{};
    /// The log's size that the caller knows.
    TreeSize known{};
};

/// Reads the query of `GET /v1/dispatches`: `state`, `after`, `known_size`.
///
/// Errors: Errc::bad_request for what is no query; Errc::bad_value with the parameter.
[[nodiscard]] Checked<DispatchListQuery> read_dispatch_query(const std::string& target);

/// The place of an item as `after` takes it.
[[nodiscard]] std::string cursor_text(const storage::DispatchPlace& place);

}  // namespace tongbao::hub
