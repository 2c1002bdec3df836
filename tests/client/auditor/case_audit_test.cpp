#include "tests/client/auditor/audit_findings.hpp"
#include "tests/client/auditor/log_writer.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::LogWriter;
using testing::WrittenLeaf;

/// A notice of bureau_a that is logged in a case, which its entry opens or names.
WrittenLeaf in_case(const LogWriter& writer, const std::string& number, bool opened) {
    Notice notice = LogWriter::notice("bureau_a", {UnitId("bureau_b")});
    if (!opened) notice.case_number = CaseNumber(number);
    WrittenLeaf leaf = writer.logged(notice);
    std::get<LoggedEvent>(*leaf.event).case_number = CaseNumber(number);
    std::get<LoggedEvent>(*leaf.event).opens_case = opened;
    return leaf;
}

/// What is found in a log whose entries open these cases, one after the other.
std::multiset<std::string> found_after(const std::vector<std::string>& opened,
                                       std::optional<std::string> named = std::nullopt) {
    LogWriter writer;
    std::vector<WrittenLeaf> leaves;
    for (const std::string& number : opened) leaves.push_back(in_case(writer, number, true));
    if (named) leaves.push_back(in_case(writer, *named, false));
    writer.batch(writer.bureau_a, leaves);
    const AuditReport report = testing::verify(writer);
    std::multiset<std::string> codes;
    for (const Finding& finding : report.findings.kept()) {
        codes.insert(std::string(code(finding.code)) + ' ' +
                     std::to_string(finding.index.value_or(LogIndex()).value()));
    }
    return codes;
}

using Codes = std::multiset<std::string>;

}  // namespace

TEST_SUITE("audit of cases") {
    // The register is entries 0 to 4, so the first notice is 5.

    TEST_CASE("numbers from 1 on of each division and year are in order") {
        CHECK(found_after({"440000202600001", "440000202600002", "440300202600001",
                           "440000202700001", "440000202600003"},
                          "440300202600001")
                  .empty());
    }

    TEST_CASE("a number left out or given twice or before its turn is found where it was given") {
        CHECK(found_after({"440000202600002"}) == Codes{"case_number_out_of_order 5"});
        CHECK(found_after({"440000202600001", "440000202600003", "440000202600004"}) ==
              Codes{"case_number_out_of_order 6"});
        CHECK(found_after({"440000202600001", "440000202600001", "440000202600002"}) ==
              Codes{"case_number_out_of_order 6"});
        CHECK(found_after({"440000202600001", "440300202600002"}) ==
              Codes{"case_number_out_of_order 6"});
    }

    TEST_CASE("a notice in a case that nothing opened before is found") {
        CHECK(found_after({}, "440000202600001") == Codes{"no_such_case 5"});
        CHECK(found_after({"440000202600001"}, "440000202600002") == Codes{"no_such_case 6"});
        CHECK(found_after({"440000202600001"}, "440000202700001") == Codes{"no_such_case 6"});
        CHECK(found_after({"440000202600001"}, "440000202600001").empty());
    }
}

}  // namespace tongbao::client
