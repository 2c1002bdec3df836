#include "domain/notice_rules.hpp"

#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/notice_fixture.hpp"

using namespace tongbao;
using namespace tongbao::testing;

TEST_SUITE("notice rules") {
    TEST_CASE("the header is checked") {
        expect(
            alarm(), Viewpoint::hub,
            {
                {"charter",
                 [](Notice& n) { n.charter = CharterId("other"); },
                 {"charter_mismatch charter.id"}},
                {"version",
                 [](Notice& n) { n.charter_version = CharterVersion(2); },
                 {"charter_mismatch charter.version"}},
                {"kind", [](Notice& n) { n.kind = KindId("echo"); }, {"unknown_kind kind"}},
                {"kind and what needs none",
                 [](Notice& n) {
                     n.kind = KindId("echo");
                     n.to = {UnitId("nobody"), UnitId("press")};
                     n.urgency = "soon";
                 },
                 {"unknown_kind kind", "recipient_not_allowed to[0]",
                  "urgency_not_allowed urgency"}},
                {"sender", [](Notice& n) { n.from = UnitId("dike"); }, {"sender_not_allowed from"}},
                {"recipient",
                 [](Notice& n) {
                     n.to = {UnitId("dike"), UnitId("reeds")};
                 },
                 {"recipient_not_allowed to[1]"}},
                {"no recipient", [](Notice& n) { n.to.clear(); }, {"recipient_not_allowed to"}},
                {"twice",
                 [](Notice& n) { n.to.push_back(UnitId("dike")); },
                 {"duplicate_recipient to[1]"}},
                {"copy twice",
                 [](Notice& n) {
                     n.cc = {UnitId("reeds"), UnitId("reeds")};
                 },
                 {"duplicate_recipient cc[1]"}},
                {"copy to a recipient",
                 [](Notice& n) { n.cc = {UnitId("dike")}; },
                 {"duplicate_recipient cc[0]"}},
                {"copy",
                 [](Notice& n) {
                     n.cc = {UnitId("reeds"), UnitId("press")};
                 },
                 {"recipient_not_allowed cc[1]"}},
                {"copy to an external", [](Notice& n) { n.cc = {UnitId("observatory")}; }, {}},
                {"title", [](Notice& n) { n.title = "a\nb"; }, {"title_not_allowed title"}},
                {"title's length",
                 [](Notice& n) { n.title = std::string(201, 'x'); },
                 {"title_not_allowed title"}},
                {"longest title", [](Notice& n) { n.title = std::string(200, 'x'); }, {}},
                {"secrecy", [](Notice& n) { n.secrecy = "公开"; }, {"secrecy_not_allowed secrecy"}},
                {"urgency", [](Notice& n) { n.urgency = "慢"; }, {"urgency_not_allowed urgency"}},
                {"document number", [](Notice& n) { n.doc_no = "x"; }, {"malformed_field doc_no"}},
                {"a good document number", [](Notice& n) { n.doc_no = "湖发〔2026〕1号"; }, {}},
                {"case number",
                 [](Notice& n) { n.case_number = CaseNumber("1"); },
                 {"malformed_case case"}},
                {"a good case number",
                 [](Notice& n) { n.case_number = CaseNumber("449999202600001"); },
                 {}},
                {"answers nothing",
                 [](Notice& n) { n.in_reply_to = NoticeId(); },
                 {"reply_not_allowed in_reply_to"}},
            });
    }

    TEST_CASE("local units of the kind's systems may be addressed and no others") {
        Notice order = notice_of("gate_order", "dike", {"local.449999.dike"});
        set(order, "wording", std::string("x"));
        const Charter charter = load();
        CHECK(brief(check_notice(charter, order, Viewpoint::hub)).empty());
        order.to = {UnitId("local.449999.lake")};
        CHECK(brief(check_notice(charter, order, Viewpoint::hub)) ==
              Expected{"recipient_not_allowed to[0]"});
        order.case_number = CaseNumber("449999202600001");
        CHECK(
            brief(check_notice(charter, order, Viewpoint::hub)).contains("case_not_allowed case"));
    }

    TEST_CASE("checks refuse what is false but never what is late") {
        expect(alarm(), Viewpoint::hub,
               {
                   {"must",
                    [](Notice& n) { set(n, "centimetres", std::int64_t{99}); },
                    {"check_failed fields.centimetres"}},
                   {"must on a field that is missing",
                    [](Notice& n) { drop(n, "centimetres"); },
                    {"missing_field fields.centimetres"}},
                   {"order",
                    [](Notice& n) { set(n, "ended_at", std::string("2026-06-01T07:59+08:00")); },
                    {"check_failed fields.ended_at"}},
                   {"order over offsets",
                    [](Notice& n) { set(n, "ended_at", std::string("2026-06-01T00:30Z")); },
                    {}},
                   {"late",
                    [](Notice& n) { set(n, "ended_at", std::string("2027-06-01T08:00+08:00")); },
                    {}},
               });
    }

    TEST_CASE("marks of state secrets are refused without being repeated") {
        Attachment marked = file("chart");
        marked.name = "绝密★.pdf";
        Row row = gate("秘密★", true);
        expect(alarm(), Viewpoint::hub,
               {
                   {"title", [](Notice& n) { n.title = "机密★甲"; }, {"refused_mark title"}},
                   {"text",
                    [](Notice& n) { set(n, "site", std::string("x秘密★")); },
                    {"refused_mark fields.site"}},
                   {"cell",
                    [row](Notice& n) { set(n, "gates", Table{row}); },
                    {"refused_mark fields.gates[0].gate_no"}},
                   {"attachment",
                    [marked](Notice& n) { n.attachments = {marked}; },
                    {"refused_mark attachments.chart.name"}},
                   {"a star alone", [](Notice& n) { n.title = "秘密 ★"; }, {}},
               });
        Notice notice = alarm();
        notice.title = "机密★甲";
        const Reasons reasons = check_notice(load(), notice, Viewpoint::unit);
        REQUIRE(reasons.size() == 1);
        CHECK(reasons[0].explanation.find("★") == std::string::npos);
    }

    TEST_CASE("a class without free titles has the title of the kind") {
        expect(
            report(), Viewpoint::hub,
            {
                {"another title", [](Notice& n) { n.title = "甲案"; }, {"title_not_allowed title"}},
                {"secrecy", [](Notice& n) { n.secrecy = "内部"; }, {"secrecy_not_allowed secrecy"}},
            });
    }

    TEST_CASE("what only units may read the hub neither misses nor looks at") {
        const std::vector<Case> cases = {
            {"missing", [](Notice& n) { drop(n, "matter"); }, {"missing_field fields.matter"}},
            {"form",
             [](Notice& n) { set(n, "seen_on", std::string("x")); },
             {"malformed_field fields.seen_on"}},
            {"table",
             [](Notice& n) { set(n, "persons", Table{Row{}}); },
             {"missing_field fields.persons[0].person", "missing_field fields.persons[0].id_type"}},
            {"must",
             [](Notice& n) { set(n, "officers", std::int64_t{1}); },
             {"check_failed fields.officers"}},
            {"order",
             [](Notice& n) {
                 set(n, "seen_on", std::string("2026-02-02"));
                 set(n, "seen_until", std::string("2026-02-01"));
             },
             {"check_failed fields.seen_until"}},
            {"required_if",
             [](Notice& n) {
                 set(n, "weapon", true);
                 n.attachments.emplace_back(file("weapon_photo"));
             },
             {"missing_field fields.weapon_note"}},
            {"attachment's required_if",
             [](Notice& n) {
                 set(n, "weapon", true);
                 set(n, "weapon_note", std::string("x"));
             },
             {"missing_attachment attachments.weapon_photo"}},
            {"mark",
             [](Notice& n) { set(n, "matter", std::string("秘密★")); },
             {"refused_mark fields.matter"}},
            {"detached",
             [](Notice& n) { set(n, "persons", DetachedTable{Digest()}); },
             {"missing_attachment attachments.persons"}},
        };
        expect(report(), Viewpoint::unit, cases);
        std::vector<Case> nothing = cases;
        for (Case& item : nothing) item.expected.clear();
        expect(report(), Viewpoint::hub, nothing);

        // The clear ones it does read, and the list of attachments.
        expect(report(), Viewpoint::hub,
               {
                   {"clear form",
                    [](Notice& n) { set(n, "due", std::string("x")); },
                    {"malformed_field fields.due"}},
                   {"unknown field",
                    [](Notice& n) { set(n, "colour", true); },
                    {"unknown_field fields.colour"}},
                   {"attachment",
                    [](Notice& n) { n.attachments.clear(); },
                    {"missing_attachment attachments.report"}},
                   {"without any encrypted field", [](Notice& n) { n.fields.clear(); }, {}},
               });
    }

    TEST_CASE("a notice with five faults gives exactly those five") {
        expect(alarm(), Viewpoint::hub,
               {
                   {"five",
                    [](Notice& n) {
                        n.from = UnitId("dike");
                        n.urgency = "慢";
                        drop(n, "site");
                        set(n, "severity", std::string("tiny"));
                        n.attachments.clear();
                    },
                    {"sender_not_allowed from", "urgency_not_allowed urgency",
                     "missing_field fields.site", "malformed_field fields.severity",
                     "missing_attachment attachments.chart"}},
               });
    }

    TEST_CASE("header rules of cases and answers") {
        Notice answer = notice_of("poaching_answer", "lake", {"reeds"});
        answer.title = "盗猎线索答复";
        answer.secrecy = "工作秘密";
        set(answer, "outcome", std::string("done"));
        const Charter charter = load();
        CHECK(brief(check_notice(charter, answer, Viewpoint::hub)) ==
              Expected{"case_required case", "reply_required in_reply_to"});
        answer.case_number = CaseNumber("449999202600001");
        answer.in_reply_to = NoticeId();
        CHECK(check_notice(charter, answer, Viewpoint::hub).empty());
    }

    TEST_CASE("each charter refuses the kinds of the other") {
        const Charter guangdong = load("domain/charters/guangdong-2020.json");
        const Charter jilin = load("domain/charters/jilin.json");
        std::size_t refused = 0;
        for (const auto& [own, other] : {std::pair(&guangdong, &jilin), {&jilin, &guangdong}}) {
            for (const Kind& kind : own->parts().kinds) {
                if (other->find_kind(kind.id) != nullptr) continue;
                Notice notice;
                notice.charter = other->id();
                notice.charter_version = other->version();
                notice.kind = kind.id;
                CHECK(brief(check_notice(*other, notice, Viewpoint::hub))
                          .contains("unknown_kind kind"));
                ++refused;
            }
        }
        CHECK(refused > 0);
    }

    TEST_CASE("a drafter who says nothing gets the kind's defaults") {
        const Charter charter = load();
        const Kind* const kind = charter.find_kind(KindId("poaching_report"));
        REQUIRE(kind != nullptr);
        CHECK(default_title(*kind) == "盗猎线索");
        CHECK(default_urgency(*kind) == "平件");
        CHECK(default_secrecy(charter, *kind) == "工作秘密");
    }
}
