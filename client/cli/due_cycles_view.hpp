#pragma once

#include "client/cli/case_words.hpp"
#include "client/cli/json_view.hpp"
#include "protocol/json_value.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tongbao::client {

/// Duties of reporting cycles as the daemon's GET /v1/cycles gives them.
using PeriodDuties = std::vector<const protocol::JsonValue*>;

/// Which of them were asked for.
struct DutyFilter {
    /// Who owes; empty: each.
    std::string unit;
    /// Only what was not handed in, whether its limit is over or not.
    bool missing{false};
};

[[nodiscard]] bool fits(const protocol::JsonValue& duty, const DutyFilter& filter);

/// Prints a table: of which cycle and period who owes what until when, and what came.
void print_duty_table(std::ostream& out, const PeriodDuties& duties, const CaseWords& words);

/// Prints CSV (print_csv) under a line of names, one record a duty, with all that is known of it.
void print_duty_csv(std::ostream& out, const PeriodDuties& duties, const CaseWords& words);

/// The daemon's answer with these duties alone.
[[nodiscard]] std::string duties_json(const JsonView& answer, const PeriodDuties& duties);

}  // namespace tongbao::client
