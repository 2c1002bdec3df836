#include "client/auditor/entry_search.hpp"

#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

using Indexes = std::vector<std::uint64_t>;

/// `clue` is of class L3 and has a masked column, `letter` of class L2 and has none.
std::shared_ptr<const Charter> charter_with_classes() {
    CharterParts parts;
    parts.id = CharterId("sample_2026");
    parts.version = CharterVersion(3);
    parts.trust_domain = "test.example";
    TableType people;
    people.columns.emplace_back();
    people.columns.back().name = "number";
    people.columns.back().masked = true;
    parts.tables.emplace("people", people);
    Kind clue;
    clue.id = KindId("clue");
    clue.security_class = SecurityClass::l3;
    clue.fields.emplace_back();
    clue.fields.back().name = "subjects";
    clue.fields.back().type = FieldType::table;
    clue.fields.back().table = "people";
    Kind letter;
    letter.id = KindId("letter");
    letter.security_class = SecurityClass::l2;
    letter.fields.emplace_back();
    letter.fields.back().name = "text";
    parts.kinds = {clue, letter};
    return std::make_shared<const Charter>(std::move(parts));
}

/// The whole story (audit_findings.hpp), then
///
///     13 logged: bureau_b's letter to the office, late, of a case
///     14 opened of it by the office   15 an overdue step of 5 at bureau_b   16 5 closed there
struct SearchedLog {
    LogWriter writer = whole_story();
    ServedLog log;

    SearchedLog() {
        Notice letter = LogWriter::notice("bureau_b", {kOffice});
        letter.kind = KindId("letter");
        WrittenLeaf leaf = writer.logged(letter);
        auto& logged = std::get<LoggedEvent>(*leaf.event);
        logged.case_number = CaseNumber("440000202600001");
        logged.opens_case = true;
        logged.late = {"send_within"};
        const NoticeRef sent = writer.reference(writer.batch(writer.bureau_b, {leaf}));
        REQUIRE(sent.index == LogIndex(13));
        writer.batch(writer.office, {writer.act("office", ActKind::opened, {sent})});
        EscalatedEvent step;
        step.notice = writer.reference(LogIndex(5));
        step.unit = kBureauB;
        step.deed = EscalationDeed::mark_overdue;
        writer.append(step);
        writer.append(ClosedEvent{step.notice, kBureauB});
        log = writer.publish();
    }

    [[nodiscard]] std::vector<FoundEntry> entries(
        const EntryQuestion& question,
        std::shared_ptr<const Charter> charter = charter_with_classes()) {
        EntrySearch search(question, std::move(charter));
        std::vector<FoundEntry> found;
        AuditRequest request;
        request.observe = [&](LogIndex index, const LogEntry& entry) {
            if (auto fits = search.take(index, entry)) found.push_back(*std::move(fits));
        };
        static_cast<void>(verify(log, writer.trust(), request));
        return found;
    }
    [[nodiscard]] Indexes indexes(const EntryQuestion& question) {
        Indexes all;
        for (const FoundEntry& each : entries(question)) all.push_back(each.index.value());
        return all;
    }
};

}  // namespace

TEST_SUITE("search of a log's entries") {
    TEST_CASE_FIXTURE(SearchedLog, "nothing asked is every entry") {
        CHECK(indexes({}).size() == log.entry_bytes.size());
        CHECK(log.entry_bytes.size() == 17);
    }

    TEST_CASE_FIXTURE(SearchedLog, "each filter finds its entries and no other") {
        EntryQuestion events;
        events.events = {"opened", "signed_for", "key_revoked"};
        CHECK(indexes(events) == Indexes{8, 12, 14});
        EntryQuestion by;
        by.by = kBureauB;
        CHECK(indexes(by) == Indexes{7, 8, 10, 11, 13, 15, 16});
        EntryQuestion to;
        to.to = kOffice;
        CHECK(indexes(to) == Indexes{5, 6, 13});
        EntryQuestion kind;
        kind.kind = KindId("letter");
        CHECK(indexes(kind) == Indexes{13, 14});
        kind.kind = KindId("clue");
        CHECK(indexes(kind) == Indexes{5, 6, 7, 8, 9, 10, 11, 15, 16});
        EntryQuestion of_case;
        of_case.case_number = CaseNumber("440000202600001");
        CHECK(indexes(of_case) == Indexes{13, 14});
        of_case.case_number = CaseNumber("440000202600002");
        CHECK(indexes(of_case).empty());
        EntryQuestion notice;
        notice.notice = LogIndex(6);
        CHECK(indexes(notice) == Indexes{6, 7});
        notice.notice = LogIndex(10);
        CHECK(indexes(notice) == Indexes{10, 11});
        notice.notice = LogIndex(9);
        CHECK(indexes(notice).empty());
        EntryQuestion late;
        late.late = true;
        CHECK(indexes(late) == Indexes{13});
        EntryQuestion reason;
        reason.reason = Errc::missing_field;
        CHECK(indexes(reason) == Indexes{9});
        reason.reason = Errc::bad_value;
        CHECK(indexes(reason).empty());
    }

    TEST_CASE_FIXTURE(SearchedLog, "classes and personal data are the charter's word") {
        EntryQuestion question;
        question.security_class = SecurityClass::l3;
        CHECK(indexes(question) == Indexes{5, 6, 7, 8, 9, 10, 11, 15, 16});
        question.security_class = SecurityClass::l2;
        CHECK(indexes(question) == Indexes{13, 14});
        question.security_class = SecurityClass::l4;
        CHECK(indexes(question).empty());
        question = {};
        question.personal = true;
        question.events = {"logged"};
        CHECK(indexes(question) == Indexes{5, 6, 10});
        CHECK(entries(question, nullptr).empty());
    }

    TEST_CASE_FIXTURE(SearchedLog, "filters narrow each other") {
        EntryQuestion question;
        question.notice = LogIndex(5);
        question.by = kBureauB;
        question.events = {"delivered", "signed_for"};
        CHECK(indexes(question) == Indexes{7, 8});
        question.by = kOffice;
        CHECK(indexes(question).empty());
    }

    TEST_CASE_FIXTURE(SearchedLog, "a period holds its first moment and not its last") {
        const std::vector<FoundEntry> all = entries({});
        EntryQuestion question;
        question.from = all[8].entry.time;
        question.until = all[11].entry.time;
        CHECK(indexes(question) == Indexes{8, 9, 10});
        question.until = question.from;
        CHECK(indexes(question).empty());
    }

    TEST_CASE_FIXTURE(SearchedLog, "what is found says the kind and case of what it speaks of") {
        const std::vector<FoundEntry> all = entries({});
        CHECK(all[14].kind == KindId("letter"));
        CHECK(all[14].case_number == CaseNumber("440000202600001"));
        CHECK(all[9].kind == KindId("clue"));
        CHECK_FALSE(all[9].case_number.has_value());
        CHECK_FALSE(all[12].kind.has_value());
        CHECK(all[11].kind == KindId("clue"));
    }
}
