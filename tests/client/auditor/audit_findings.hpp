#pragma once

#include "client/auditor/verifier.hpp"
#include "tests/client/auditor/log_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

/// What the tests of the verifier share: a log that is good, and findings that can be compared.
namespace tongbao::testing {

using client::AuditReport;
using client::AuditRequest;
using client::AuditTrust;
using client::Finding;

inline const UnitId kBureauA("bureau_a");
inline const UnitId kBureauB("bureau_b");
inline const UnitId kOffice("office");

/// A log in which everything occurs once:
///
///     0 charter_adopted  1 log_key  2 3 4 key_enrolled
///     5 6 logged: bureau_a to bureau_b, copies to the office
///     7 delivered of both by bureau_b   8 signed_for of 5 by bureau_b
///     9 refused: a notice of bureau_a
///     10 logged: bureau_b answers 5   11 replied
///     12 key_revoked: bureau_a's
inline LogWriter whole_story() {
    LogWriter writer;
    const LogIndex first = writer.batch(
        writer.bureau_a, {writer.logged(LogWriter::notice("bureau_a", {kBureauB}, {kOffice})),
                          writer.logged(LogWriter::notice("bureau_a", {kBureauB}, {kOffice}))});
    const NoticeRef one = writer.reference(first);
    const NoticeRef two = writer.reference(advanced(first, 1));
    writer.batch(writer.bureau_b, {writer.act("bureau_b", ActKind::delivered, {one, two})});
    writer.batch(writer.bureau_b, {writer.act("bureau_b", ActKind::signed_for, {one})});
    writer.batch(writer.bureau_a, {LogWriter::refused(LogWriter::notice("bureau_a", {kBureauB}),
                                                      {Errc::unknown_kind, Errc::missing_field})});
    WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
    answer.answers = one;
    writer.batch(writer.bureau_b, {answer});
    writer.revoke(writer.bureau_a.certificate());
    return writer;
}

inline AuditReport verify(ServedLog& log, const AuditTrust& trust,
                          const AuditRequest& request = {}) {
    Result<AuditReport> report = verify_log(log, trust, request);
    REQUIRE(report.has_value());
    return *std::move(report);
}

inline AuditReport verify(const LogWriter& writer) {
    ServedLog log = writer.publish();
    return verify(log, writer.trust());
}

/// A finding without its words: code, first index, last index.
using Found = std::tuple<Errc, std::optional<std::uint64_t>, std::optional<std::uint64_t>>;

inline std::vector<Found> found(const AuditReport& report) {
    const auto number = [](const std::optional<LogIndex>& index) {
        return index ? std::optional(index->value()) : std::nullopt;
    };
    std::vector<Found> all;
    for (const Finding& each : report.findings.kept()) {
        CHECK_FALSE(each.words.empty());
        all.emplace_back(each.code, number(each.index), number(each.last));
    }
    return all;
}

inline std::vector<Found> only(Errc code) {
    return {{code, std::nullopt, std::nullopt}};
}
inline std::vector<Found> only(Errc code, LogIndex index) {
    return {{code, index.value(), std::nullopt}};
}
inline std::vector<Found> only(Errc code, std::uint64_t first, std::uint64_t last) {
    return {{code, first, last}};
}

inline bool names(const AuditReport& report, Errc code, std::uint64_t index) {
    const std::vector<Found> all = found(report);
    return std::find(all.begin(), all.end(), Found{code, index, std::nullopt}) != all.end();
}

inline WrittenLeaf some_notice(const LogWriter& writer) {
    return writer.logged(LogWriter::notice("bureau_a", {kBureauB}, {kOffice}));
}

}  // namespace tongbao::testing
