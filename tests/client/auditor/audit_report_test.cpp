#include "client/auditor/audit_report.hpp"

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

TEST_SUITE("audit report") {
    TEST_CASE("a report without findings is one JSON object that says verified") {
        const AuditReport report = small_report();
        CHECK(write_report(report) ==
              R"({"verified":true,"checkpoint":{"origin":"hub.test.example/log","size":3,)"
              R"("root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},)"
              R"("entries":{"logged":2,"refused":1},"batches":2,"signatures":2,"certificates":0,)"
              R"("notices_read":0,"notices_withheld":0,"signed_since_compromise_count":0,)"
              R"("signed_since_compromise":[],"finding_count":0,"findings":[]})");
    }

    TEST_CASE("findings are named by code and place") {
        AuditReport report = small_report();
        report.findings.add(Errc::entry_mismatch, LogIndex(1), "first words");
        report.findings.add_range(Errc::proof_mismatch, LogIndex(0), LogIndex(2), "second words");
        report.findings.add(Errc::log_forked, "third words");
        const std::string json = write_report(report);
        CHECK(json.starts_with(R"({"verified":false,)"));
        CHECK(json.find(R"("finding_count":3,"findings":[)"
                        R"({"code":"entry_mismatch","index":1,"words":"first words"},)"
                        R"({"code":"proof_mismatch","index":0,"last":2,"words":"second words"},)"
                        R"({"code":"log_forked","words":"third words"}]})") != std::string::npos);
    }

    TEST_CASE("without a checkpoint nothing is verified") {
        CHECK_FALSE(AuditReport().verified());
    }

    TEST_CASE("all findings are counted and not all are kept") {
        AuditReport report = small_report();
        for (std::size_t i = 0; i < Findings::kMaxFindings + 5; ++i) {
            report.findings.add(Errc::entry_mismatch, LogIndex(i), "words");
        }
        CHECK(report.findings.count() == 1005);
        CHECK(report.findings.kept().size() == 1000);
    }
}
