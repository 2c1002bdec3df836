#pragma once

#include "domain/bytes.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "protocol/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The stream's messages as JSON, for plain HTTP.
namespace tongbao::protocol {

/// Reads a submission: `{"statement": base64 DER, "leaves": [base64, …], "endorsements": [{"leaf":
/// position, "statements": [base64 DER, …]}, …]}`, at most kMaxSubmissionBytes and
/// kMaxLeavesPerBatch leaves. The endorsements may be left out; they come by ascending position,
/// each with 1 to kMaxEndorsements statements. The number of the result is 0.
///
/// Errors: those of read_json; missing_member, unknown_member, wrong_type, bad_value.
[[nodiscard]] Checked<Submit> read_submission(BytesView text);

/// What read_submission reads.
[[nodiscard]] std::string write_submission(const Submit& submit);

/// What became of one leaf: `{"status": "accepted", "index": …, "repeated": …}`, of a repetition
/// also `"entry": base64, "proof": [base64 hash, …]`, with `"case"` and `"logged_at"` behind it if
/// `case_number` and `logged_at`, those of its entry, are given, and `"late": [rule, …]` if the
/// entry says that the notice was sent late; or `{"status": "refused", "index":
/// … if it was logged, "reasons": […]}`.
[[nodiscard]] std::string write_leaf_outcome(
    const LeafOutcome& outcome, const std::optional<CaseNumber>& case_number = std::nullopt,
    const std::optional<UtcTime>& logged_at = std::nullopt,
    const std::vector<std::string>& late = {});

/// `{"leaves": […], "checkpoint": signed note, "first": index, "entries": [base64, …], "proof":
/// [base64 hash, …]}`; the last three only if entries were made.
[[nodiscard]] std::string write_outcome(const Outcome& outcome);

}  // namespace tongbao::protocol
