#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

TEST_SUITE("audit of what a sender closes") {
    /// A notice of bureau_a to bureau_b with a copy to the office.
    struct ToBeClosed {
        LogWriter writer;
        LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer)});
        NoticeRef notice = writer.reference(first);

        LogIndex closes(const crypto::StatementSigner& signer, const char* from,
                        const UnitId& unit = kBureauB) {
            return writer.batch(signer, {writer.closing(from, notice, unit)});
        }
    };

    TEST_CASE_FIXTURE(ToBeClosed, "a notice that its sender closes at a recipient is right") {
        closes(writer.bureau_a, "bureau_a");
        const AuditReport report = verify(writer);
        CHECK(report.verified());
        CHECK(report.entries.find("closed_by_sender")->second == 1);
    }

    TEST_CASE_FIXTURE(ToBeClosed, "a notice closed by another than its sender is found") {
        SUBCASE("by its recipient") {
            const LogIndex at = closes(writer.bureau_b, "bureau_b");
            CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
        }
        SUBCASE("by one that got a copy") {
            const LogIndex at = closes(writer.office, "office");
            CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
        }
    }

    TEST_CASE_FIXTURE(ToBeClosed, "a notice closed where nobody owes anything is found") {
        SUBCASE("at one that got a copy") {
            const LogIndex at = closes(writer.bureau_a, "bureau_a", kOffice);
            CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
        }
        SUBCASE("at its sender") {
            const LogIndex at = closes(writer.bureau_a, "bureau_a", kBureauA);
            CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
        }
    }

    TEST_CASE_FIXTURE(ToBeClosed, "a notice that was never logged is none to close") {
        notice.sha256 = Digest();
        const LogIndex at = closes(writer.bureau_a, "bureau_a");
        CHECK(found(verify(writer)) == only(Errc::no_such_notice, at));
    }

    TEST_CASE_FIXTURE(ToBeClosed, "what is closed is not closed again by whomever") {
        SUBCASE("by the sender twice") {
            closes(writer.bureau_a, "bureau_a");
            const LogIndex at = closes(writer.bureau_a, "bureau_a");
            CHECK(found(verify(writer)) == only(Errc::act_out_of_order, at));
        }
        SUBCASE("by the hub afterwards") {
            closes(writer.bureau_a, "bureau_a");
            const LogIndex at = writer.append(ClosedEvent{notice, kBureauB});
            CHECK(found(verify(writer)) == only(Errc::act_out_of_order, at));
        }
        SUBCASE("by the hub before") {
            writer.append(ClosedEvent{notice, kBureauB});
            const LogIndex at = closes(writer.bureau_a, "bureau_a");
            CHECK(found(verify(writer)) == only(Errc::act_out_of_order, at));
        }
    }
}
