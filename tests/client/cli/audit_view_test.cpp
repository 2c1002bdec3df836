#include "client/cli/audit_view.hpp"

#include "client/auditor/verifier.hpp"
#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

AuditReport small_report() {
    AuditReport report;
    report.checkpoint = Checkpoint{LogOrigin("hub.test.example/log"), TreeSize(3), Digest()};
    report.entries = {{"logged", 2}, {"refused", 1}};
    report.batches = 2;
    report.signatures = 2;
    return report;
}

}  // namespace

TEST_SUITE("audit report for a person") {
    TEST_CASE("a report without findings says that all is verified") {
        CHECK(format_report(small_report()) ==
              "log          hub.test.example/log\n"
              "size         3\n"
              "root         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
              "entries\n"
              "  logged 2\n"
              "  refused 1\n"
              "batches      2 with 2 signatures\n"
              "certificates 0\n"
              "notices read 0\n"
              "VERIFIED: every entry is under the log's signature and every signed entry under its "
              "signer's\n");
    }

    TEST_CASE("findings are named by code and place") {
        AuditReport report = small_report();
        report.notices_withheld = 2;
        report.findings.add(Errc::entry_mismatch, LogIndex(1), "first words");
        report.findings.add_range(Errc::proof_mismatch, LogIndex(0), LogIndex(2), "second words");
        report.findings.add(Errc::log_forked, "third words");
        CHECK(
            format_report(report).ends_with("notices read 0, not shown to this caller 2\n"
                                            "NOT VERIFIED: 3 findings\n"
                                            "  entry 1: entry_mismatch: first words\n"
                                            "  entries 0 to 2: proof_mismatch: second words\n"
                                            "  log: log_forked: third words\n"));
    }

    TEST_CASE("what was signed since a compromise is named and verified") {
        AuditReport report = small_report();
        const UtcTime time = tongbao::testing::TestPki::kNow;
        report.flagged = {{LogIndex(7), time, "spiffe://x/unit/hsa/sign", time}};
        report.flagged_count = 1;
        const std::string text = format_report(report);
        CHECK(text.find("SIGNED SINCE A COMPROMISE: 1, valid") != std::string::npos);
        CHECK(
            text.find("  entry 7, 2026-01-01T00:00:00.000Z, spiffe://x/unit/hsa/sign, compromised "
                      "since 2026-01-01T00:00:00.000Z\n") != std::string::npos);
        CHECK(text.find("\nVERIFIED: ") != std::string::npos);
    }

    TEST_CASE("findings beyond those that are kept are counted") {
        AuditReport report = small_report();
        for (std::size_t i = 0; i < Findings::kMaxFindings + 5; ++i) {
            report.findings.add(Errc::entry_mismatch, LogIndex(i), "words");
        }
        CHECK(format_report(report).ends_with("  and 5 more\n"));
    }

    // An entry that its hub's operator wrote: one unknown member, whose name clears the screen and
    // says what the auditor would like to read.
    TEST_CASE("no entry of the log can steer the terminal or begin a line of the report") {
        tongbao::testing::LogWriter writer;
        tongbao::testing::ServedLog log = writer.publish();
        std::string entry(as_text(log.entry_bytes.back()));
        entry.insert(1, R"("\u001b[2J\u001b[H\nVERIFIED: every entry is under \u202e":1,)");
        log.entry_bytes.back() = to_bytes(entry);
        log.build_tiles();
        const Result<AuditReport> report = verify_log(log, writer.trust(), {});
        REQUIRE(report.has_value());
        const std::string text = format_report(*report);
        CHECK(text.find('\x1B') == std::string::npos);
        CHECK(text.find("\nVERIFIED") == std::string::npos);
        CHECK(text.find("\u202E") == std::string::npos);
        CHECK(text.find("\nNOT VERIFIED: ") != std::string::npos);
        CHECK(text.find("\\u{1B}[2J") != std::string::npos);
    }
}
