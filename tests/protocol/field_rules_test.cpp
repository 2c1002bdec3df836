// What check_notice says of fields, tables and attachments.
#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <optional>

using namespace tongbao;
using namespace tongbao::testing;

TEST_SUITE("notice contents") {
    TEST_CASE("fields are there and have their form") {
        for (const Viewpoint viewpoint : {Viewpoint::hub, Viewpoint::unit}) {
            expect(
                alarm(), viewpoint,
                {
                    {"missing", [](Notice& n) { drop(n, "site"); }, {"missing_field fields.site"}},
                    {"unknown",
                     [](Notice& n) { set(n, "colour", std::string("x")); },
                     {"unknown_field fields.colour"}},
                    {"another type",
                     [](Notice& n) { set(n, "site", std::int64_t{1}); },
                     {"malformed_field fields.site"}},
                    {"a table for a text",
                     [](Notice& n) { set(n, "site", Table{gate("1", true)}); },
                     {"malformed_field fields.site"}},
                    {"a text for a table",
                     [](Notice& n) { set(n, "gates", std::string("x")); },
                     {"malformed_field fields.gates"}},
                    {"time",
                     [](Notice& n) { set(n, "observed_at", std::string("2026-06-01")); },
                     {"malformed_field fields.observed_at"}},
                    {"negative",
                     [](Notice& n) { set(n, "cost_fen", std::int64_t{-1}); },
                     {"malformed_field fields.cost_fen"}},
                    {"value of the enum",
                     [](Notice& n) { set(n, "severity", std::string("tiny")); },
                     {"malformed_field fields.severity"}},
                    {"post",
                     [](Notice& n) { set(n, "watch", std::string("king")); },
                     {"malformed_field fields.watch"}},
                    {"another post",
                     [](Notice& n) { set(n, "watch", std::string("contact")); },
                     {"malformed_field fields.watch"}},
                    {"a good post", [](Notice& n) { set(n, "watch", std::string("warden")); }, {}},
                    {"unit",
                     [](Notice& n) { set(n, "helper", std::string("nobody")); },
                     {"malformed_field fields.helper"}},
                    {"a local unit",
                     [](Notice& n) { set(n, "helper", std::string("local.449999.dike")); },
                     {}},
                    {"required_if",
                     [](Notice& n) {
                         set(n, "severity", std::string("flood"));
                         n.attachments.emplace_back(file("photo"));
                     },
                     {"missing_field fields.measure"}},
                });
        }
    }

    TEST_CASE("tables are checked cell by cell") {
        const auto gates = [](Table table) {
            return [table](Notice& n) { set(n, "gates", table); };
        };
        Row extra = gate("1", true);
        extra.cells.emplace_back("colour", std::string("x"));
        Row lacking;
        lacking.cells = {{"gate_no", std::string("1")}};
        Row wrong = gate("1", true);
        wrong.cells.emplace_back("severity", std::string("tiny"));
        expect(alarm(), Viewpoint::hub,
               {
                   {"good", gates({gate("1", true), gate("2", true)}), {}},
                   {"too many",
                    gates({gate("1", true), gate("2", true), gate("3", true), gate("4", true)}),
                    {"malformed_field fields.gates"}},
                   {"key",
                    gates({gate("1", true), gate("1", true)}),
                    {"malformed_field fields.gates[1].gate_no"}},
                   {"unknown column", gates({extra}), {"unknown_field fields.gates[0].colour"}},
                   {"missing column",
                    gates({gate("2", true), lacking}),
                    {"missing_field fields.gates[1].open", "check_failed fields.gates[1]"}},
                   {"value", gates({wrong}), {"malformed_field fields.gates[0].severity"}},
                   {"each", gates({gate("1", false)}), {"check_failed fields.gates[0]"}},
               });
        const auto person = [](const char* type, std::optional<std::string> number) {
            return [=](Notice& n) {
                Row row;
                row.cells = {{"person", std::string("甲")}, {"id_type", std::string(type)}};
                if (number) row.cells.emplace_back("id_no", *number);
                set(n, "persons", Table{row});
            };
        };
        expect(report(), Viewpoint::unit,
               {
                   {"required_if of a column",
                    person("resident_id", std::nullopt),
                    {"missing_field fields.persons[0].id_no"}},
                   {"checked_if holds",
                    person("resident_id", "123"),
                    {"malformed_field fields.persons[0].id_no"}},
                   {"checked_if does not hold", person("passport", "123"), {}},
                   {"longest unchecked text", person("passport", std::string(64, 'x')), {}},
                   {"unchecked text too long",
                    person("passport", std::string(65, 'x')),
                    {"malformed_field fields.persons[0].id_no"}},
                   {"optional", person("passport", std::nullopt), {}},
               });
    }

    TEST_CASE("attachments are brought as the kind says") {
        const auto add = [](AttachmentItem item) {
            return [item](Notice& n) { n.attachments.push_back(item); };
        };
        const auto grave = [](std::vector<AttachmentItem> items) {
            return [items](Notice& n) {
                set(n, "severity", std::string("high"));
                set(n, "measure", std::string("x"));
                n.attachments.insert(n.attachments.end(), items.begin(), items.end());
            };
        };
        expect(alarm(), Viewpoint::hub,
               {
                   {"required",
                    [](Notice& n) { n.attachments.clear(); },
                    {"missing_attachment attachments.chart"}},
                   {"required_if", grave({}), {"missing_attachment attachments.photo"}},
                   {"declared", grave({NoAttachment{"photo"}}), {}},
                   {"many", grave({file("photo"), file("photo")}), {}},
                   {"declared and brought",
                    grave({file("photo"), NoAttachment{"photo"}}),
                    {"too_many_attachments attachments.photo"}},
                   {"too many", add(file("chart")), {"too_many_attachments attachments.chart"}},
                   {"unknown", add(file("map")), {"unknown_attachment attachments.map"}},
                   {"unknown declaration",
                    add(NoAttachment{"map"}),
                    {"unknown_attachment attachments.map"}},
                   {"declaration where none is foreseen",
                    add(NoAttachment{"sketch"}),
                    {"unknown_attachment attachments.sketch"}},
                   {"declaration in place of what must be there",
                    [](Notice& n) { n.attachments = {NoAttachment{"chart"}}; },
                    {"missing_attachment attachments.chart"}},
                   {"format",
                    [](Notice& n) { n.attachments = {file("chart", "image/png")}; },
                    {"wrong_attachment_format attachments.chart"}},
                   {"any format", add(file("sketch", "image/png")), {}},
                   {"name",
                    [](Notice& n) {
                        Attachment named = file("chart");
                        named.name = "a\nb";
                        n.attachments = {named};
                    },
                    {"malformed_field attachments.chart.name"}},
               });
    }

    TEST_CASE("a table may travel as an attachment of its digest") {
        const auto detach = [](AttachmentItem item) {
            return [item](Notice& n) {
                set(n, "gates", DetachedTable{file("gates").sha256});
                n.attachments.push_back(item);
            };
        };
        Attachment other = file("gates", "application/json");
        other.sha256 = Digest();
        expect(
            alarm(), Viewpoint::hub,
            {
                {"good", detach(file("gates", "application/json")), {}},
                {"another digest", detach(other), {"unknown_attachment attachments.gates"}},
                {"another format",
                 detach(file("gates")),
                 {"wrong_attachment_format attachments.gates"}},
                {"without the field",
                 [](Notice& n) { n.attachments.emplace_back(file("gates", "application/json")); },
                 {"unknown_attachment attachments.gates"}},
                {"without the attachment",
                 [](Notice& n) { set(n, "gates", DetachedTable{file("gates").sha256}); },
                 {"missing_attachment attachments.gates"}},
                {"brought twice",
                 [](Notice& n) {
                     set(n, "gates", DetachedTable{file("gates").sha256});
                     n.attachments.emplace_back(file("gates", "application/json"));
                     n.attachments.emplace_back(file("gates", "application/json"));
                 },
                 {"too_many_attachments attachments.gates"}},
                {"for a text",
                 [](Notice& n) { set(n, "site", DetachedTable{Digest()}); },
                 {"malformed_field fields.site"}},
            });
        Notice minutes = notice_of("minutes", "office", {"dike"});
        set(minutes, "meeting_kind", std::string("flood"));
        set(minutes, "resolutions", DetachedTable{file("resolutions").sha256});
        minutes.attachments.emplace_back(file("resolutions", "application/json"));
        CHECK(brief(check_notice(load(), minutes, Viewpoint::hub)) ==
              Expected{"malformed_field fields.resolutions"});
    }

    TEST_CASE(
        "rows that travel as an attachment are held to the same rules as those in the notice") {
        const Charter charter = load();
        const auto judged = [&](const Notice& notice, const char* name, const Table& rows) {
            return brief(check_detached_rows(charter, notice, name, rows));
        };
        CHECK(judged(alarm(), "gates", {gate("1", true), gate("2", true)}).empty());
        CHECK(judged(alarm(), "gates", {}) == Expected{"malformed_field fields.gates"});
        Row marked = gate("绝密★", true);
        marked.cells.emplace_back("severity", std::string("tiny"));
        CHECK(judged(alarm(), "gates", {gate("1", false), gate("1", true), marked}) ==
              Expected{"check_failed fields.gates[0]", "malformed_field fields.gates[1].gate_no",
                       "refused_mark fields.gates[2].gate_no",
                       "malformed_field fields.gates[2].severity"});
        Row person;
        person.cells = {{"person", std::string("甲")}, {"id_type", std::string("resident_id")}};
        CHECK(judged(report(), "persons", {person}) ==
              Expected{"missing_field fields.persons[0].id_no"});
        CHECK(judged(alarm(), "persons", {person}).empty());
    }

    TEST_CASE("of more faults than anybody reads the first are told and that there are more") {
        Table rows;
        for (int i = 0; i < 3; ++i) rows.push_back(gate(std::to_string(i).c_str(), true));
        for (int i = 0; i < 200; ++i) {
            rows[static_cast<std::size_t>(i) % 3].cells.emplace_back("x" + std::to_string(i), true);
        }
        Notice notice = alarm();
        set(notice, "gates", rows);
        const Reasons reasons = check_notice(load(), notice, Viewpoint::hub);
        REQUIRE(reasons.size() == kMaxReasons + 1);
        CHECK(reasons.front().code == Errc::unknown_field);
        CHECK(reasons[kMaxReasons - 1].code == Errc::unknown_field);
        CHECK(reasons.back() == Reason{Errc::more_reasons, {}, {}});

        Table exactly{gate("1", true)};
        for (std::size_t i = 0; i < kMaxReasons; ++i) {
            exactly.front().cells.emplace_back("x" + std::to_string(i), true);
        }
        set(notice, "gates", exactly);
        const Reasons all = check_notice(load(), notice, Viewpoint::hub);
        REQUIRE(all.size() == kMaxReasons);
        CHECK(all.back().code == Errc::unknown_field);
    }

    TEST_CASE("an enum may have values in Chinese") {
        nlohmann::json text = charter_text();
        text["enums"]["severities"]["values"].push_back(
            {{"id", "特大"}, {"zh", "特大"}, {"en", "extreme"}});
        protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
        REQUIRE(std::holds_alternative<Charter>(loaded));
        const Charter& charter = std::get<Charter>(loaded);
        Notice notice = alarm();
        set(notice, "severity", std::string("特大"));
        CHECK(check_notice(charter, notice, Viewpoint::hub).empty());
        set(notice, "severity", std::string("特小"));
        CHECK(brief(check_notice(charter, notice, Viewpoint::hub)) ==
              Expected{"malformed_field fields.severity"});
    }

    TEST_CASE("a form that hangs on what the hub may not read is left to the recipient") {
        nlohmann::json text = charter_text();
        for (nlohmann::json& kind : text["kinds"]) {
            if (kind["id"] != "poaching_report") continue;
            for (nlohmann::json& field : kind["fields"]) {
                if (field["name"] == "due") field["checked_if"] = "weapon == true";
            }
        }
        protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
        REQUIRE(std::holds_alternative<Charter>(loaded));
        const Charter& charter = std::get<Charter>(loaded);
        Notice notice = report();
        set(notice, "weapon", true);
        set(notice, "weapon_note", std::string("甲"));
        notice.attachments.emplace_back(file("weapon_photo"));
        set(notice, "due", std::string("no date"));
        CHECK(check_notice(charter, notice, Viewpoint::hub).empty());
        CHECK(brief(check_notice(charter, notice, Viewpoint::unit)) ==
              Expected{"malformed_field fields.due"});
        set(notice, "due", std::string("机密★"));
        CHECK(brief(check_notice(charter, notice, Viewpoint::hub)) ==
              Expected{"refused_mark fields.due"});
    }
}
