#include "client/daemon/drafts.hpp"

#include "crypto/sha256.hpp"
#include "protocol/notice_json.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::client {
namespace {

using testing::brief;
using testing::DaemonParts;
using testing::Expected;
using testing::StartedHub;

/// What an officer of lake hands over for an alarm; the chart is here already.
struct Drafting {
    StartedHub hub;
    DaemonParts daemon{hub, "lake"};
    DraftDesk desk{*daemon.services};
    Draft draft;

    Drafting() {
        const Notice notice = testing::alarm();
        draft.kind = notice.kind;
        draft.fields = notice.fields;
        draft.attachments = notice.attachments;
        daemon.put_file(testing::file("chart").sha256, Bytes(10));
    }

    void set(const std::string& name, FieldValue value) {
        draft.fields.push_back({name, std::move(value)});
    }
    /// Prepares the draft and puts what came of it into the outbox, as the local API does.
    std::variant<NoticeId, Reasons> accept() {
        const auto prepared = desk.prepare(draft);
        if (const auto* const faults = std::get_if<Reasons>(&prepared)) return *faults;
        const storage::SentItem& item = std::get<PreparedNotice>(prepared).item;
        REQUIRE(daemon.store->enqueue({item}));
        return NoticeId(item.id);
    }
    /// `code place` of all that is wrong; empty if it was taken.
    Expected faults() {
        const auto accepted = accept();
        const auto* const reasons = std::get_if<Reasons>(&accepted);
        return reasons == nullptr ? Expected() : brief(*reasons);
    }
};

std::string fault_of(const std::string& text) {
    const Checked<Draft> draft = read_draft(as_bytes(text));
    if (draft) return {};
    return std::string(code(draft.error().code)) + ' ' + draft.error().place;
}

TEST_SUITE("drafts") {
    TEST_CASE_FIXTURE(Drafting, "a good draft is in the outbox as the notice that will be signed") {
        const auto accepted = accept();
        REQUIRE(std::holds_alternative<NoticeId>(accepted));
        const auto sent = daemon.store->find_sent(std::get<NoticeId>(accepted).value());
        REQUIRE(sent.has_value());
        const Checked<Notice> notice = protocol::read_notice(sent->bytes);
        REQUIRE(notice.has_value());
        CHECK(notice->from == UnitId("lake"));
        CHECK(notice->to == std::vector{UnitId("dike")});
        CHECK(std::get<Attachment>(notice->attachments[0]).size == 10);
    }

    TEST_CASE_FIXTURE(Drafting, "what takes a notice back goes to all whom that went to") {
        draft.cc = {UnitAddress("office")};
        const auto old = accept();
        REQUIRE(std::holds_alternative<NoticeId>(old));
        draft = Draft();
        draft.kind = KindId("correction");
        draft.in_reply_to = std::get<NoticeId>(old);
        set("why", std::string("数字有误"));
        const auto accepted = accept();
        REQUIRE(std::holds_alternative<NoticeId>(accepted));
        const auto sent = daemon.store->find_sent(std::get<NoticeId>(accepted).value());
        const Checked<Notice> notice = protocol::read_notice(sent->bytes);
        REQUIRE(notice.has_value());
        CHECK(notice->to == std::vector{UnitId("dike"), UnitId("office")});
        draft.to = {UnitAddress("dike")};
        CHECK(faults() == Expected{"recipient_missing to"});
        draft.to.reset();
        set("replaced_by", std::get<NoticeId>(old).value().text());
        CHECK(faults() == Expected{"bad_value fields.replaced_by"});
    }

    TEST_CASE("an address of local units means those that are enrolled, but the sender") {
        StartedHub hub;
        DaemonParts daemon{hub, "dike"};
        DraftDesk desk{*daemon.services};
        Draft draft;
        draft.kind = KindId("gate_order");
        draft.fields.push_back({"wording", std::string("x")});
        const auto recipients = [&] {
            const auto prepared = desk.prepare(draft);
            REQUIRE(std::holds_alternative<PreparedNotice>(prepared));
            const storage::SentItem& item = std::get<PreparedNotice>(prepared).item;
            return testing::must(protocol::read_notice(item.bytes)).to;
        };
        const auto faults = [&] { return brief(std::get<Reasons>(desk.prepare(draft))); };
        // Nobody is enrolled yet.
        CHECK(faults() == Expected{"recipient_not_allowed to"});
        const UnitId north("local.449901.dike");
        const UnitId south("local.449902.dike");
        daemon.enrolled.set(std::make_shared<const EnrolledUnits>(EnrolledUnits{north, south}));
        // The only address of a kind needs no word, but a whole system of local units does.
        CHECK(faults() == Expected{"recipient_not_allowed to"});
        draft.to = {UnitAddress("local:dike")};
        CHECK(recipients() == std::vector{north, south});
        draft.to = {UnitAddress(south.value()), UnitAddress("local:dike")};
        CHECK(recipients() == std::vector{south, north});
        draft.to = {UnitAddress(south.value())};
        CHECK(recipients() == std::vector{south});
        draft.to = {UnitAddress("local.449903.dike")};
        // It is not enrolled: how it got the notice the unit registers.
        CHECK(recipients() == std::vector{UnitId("local.449903.dike")});
    }

    TEST_CASE("what takes back a notice that went outside alone goes to the office") {
        StartedHub hub;
        DaemonParts daemon{hub, "dike"};
        DraftDesk desk{*daemon.services};
        Draft item;
        item.kind = KindId("press_item");
        item.fields.push_back({"wording", std::string("x")});
        auto prepared = desk.prepare(item);
        REQUIRE(std::holds_alternative<PreparedNotice>(prepared));
        storage::SentItem sent = std::get<PreparedNotice>(prepared).item;
        CHECK(testing::must(protocol::read_notice(sent.bytes)).to == std::vector{UnitId("press")});
        const Uuid id = sent.id;
        REQUIRE(daemon.store->enqueue({std::move(sent)}).has_value());
        Draft correction;
        correction.kind = KindId("correction");
        correction.in_reply_to = NoticeId(id);
        correction.fields.push_back({"why", std::string("数字有误")});
        prepared = desk.prepare(correction);
        REQUIRE(std::holds_alternative<PreparedNotice>(prepared));
        const Bytes& bytes = std::get<PreparedNotice>(prepared).item.bytes;
        CHECK(testing::must(protocol::read_notice(bytes)).to == std::vector{UnitId("office")});
    }

    TEST_CASE_FIXTURE(Drafting, "a file that was not handed over is named and nothing is queued") {
        std::get<Attachment>(draft.attachments[0]).sha256 = Digest();
        CHECK(faults() == Expected{"attachment_not_uploaded attachments[0]"});
        CHECK(daemon.store->outbox_size() == 0);
    }

    TEST_CASE_FIXTURE(Drafting, "a notice beyond 48 KiB is refused with the advice to attach") {
        Table gates;
        for (int i = 0; i < 2'000; ++i) {
            Row row;
            row.cells = {{"gate_no", std::to_string(i)}, {"open", true}};
            gates.push_back(row);
        }
        set("gates", gates);
        const Expected found = faults();
        CAPTURE(found.size());
        CHECK_FALSE(found.empty());
        CHECK(daemon.store->outbox_size() == 0);
    }

    TEST_CASE_FIXTURE(Drafting,
                      "the rows of a table that travels apart are checked before signing") {
        const auto with_rows = [this](const std::string& rows) {
            const Bytes bytes = to_bytes(rows);
            Attachment attachment = testing::file("gates", "application/json");
            attachment.sha256 = crypto::sha256(bytes);
            daemon.put_file(attachment.sha256, bytes);
            draft.attachments = testing::alarm().attachments;
            draft.attachments.emplace_back(attachment);
            draft.fields = testing::alarm().fields;
            set("gates", DetachedTable{attachment.sha256});
            return faults();
        };
        CHECK(with_rows("no JSON") == Expected{"malformed_json fields.gates"});
        CHECK(with_rows(R"([{"no_such_column":1}])")
                  .contains("unknown_field fields.gates[0].no_such_column"));
        CHECK(with_rows(std::string(4 * 1024 * 1024 + 1, ' ')) ==
              Expected{"too_large fields.gates"});
        CHECK(daemon.store->outbox_size() == 0);
    }

    TEST_CASE("what is no draft is refused at its place") {
        CHECK(fault_of(R"({"kind":"level_alarm"})").empty());
        CHECK(fault_of(R"({})") == "missing_member kind");
        CHECK(fault_of(R"({"kind":"level_alarm","from":"dike"})") == "unknown_member from");
        CHECK(fault_of(R"({"kind":"level_alarm","to":"dike"})") == "wrong_type to");
        CHECK(fault_of(R"({"kind":"level_alarm","to":[7]})") == "wrong_type to");
        CHECK(fault_of(R"({"kind":"level_alarm","to":["Dike"]})") == "bad_value to");
        CHECK(fault_of(R"({"kind":"level_alarm","to":["local:"]})") == "bad_value to");
        CHECK(fault_of(R"({"kind":"level_alarm","cc":["local:dike"]})").empty());
        CHECK(fault_of(R"({"kind":"level_alarm","attachments":[{"kind":"chart"}]})") ==
              "missing_member attachments[0].name");
    }
}

}  // namespace
}  // namespace tongbao::client
