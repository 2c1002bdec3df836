#pragma once

#include "domain/notice.hpp"
#include "domain/notice_rules.hpp"
#include "domain/reason.hpp"
#include "tests/protocol/charter_fixture.hpp"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// `code place` of each reason.
inline std::multiset<std::string> brief(const Reasons& reasons) {
    std::multiset<std::string> out;
    for (const Reason& reason : reasons) {
        out.insert(std::string(code(reason.code)) + ' ' + reason.place);
    }
    return out;
}

using Expected = std::multiset<std::string>;

inline void set(Notice& notice, const std::string& name, FieldValue value) {
    for (Field& field : notice.fields) {
        if (field.name == name) {
            field.value = std::move(value);
            return;
        }
    }
    notice.fields.push_back(Field{name, std::move(value)});
}

inline void drop(Notice& notice, const std::string& name) {
    std::erase_if(notice.fields, [&](const Field& field) { return field.name == name; });
}

inline Attachment file(const std::string& kind, const std::string& media_type = "application/pdf") {
    Attachment out;
    out.kind = kind;
    out.name = kind + ".pdf";
    out.media_type = media_type;
    out.size = 10;
    Digest::Array digest{};
    digest[0] = 7;
    out.sha256 = Digest(digest);
    return out;
}

inline Notice notice_of(const char* kind, const char* from, std::vector<const char*> to) {
    Notice out;
    out.charter = CharterId("lake-level");
    out.charter_version = CharterVersion(3);
    out.kind = KindId(kind);
    out.from = UnitId(from);
    for (const char* const unit : to) out.to.emplace_back(unit);
    out.title = "甲";
    out.secrecy = "内部";
    out.urgency = "平件";
    return out;
}

/// A notice of the invented charter that nobody objects to; all of it may be read by the hub.
inline Notice alarm() {
    Notice out = notice_of("level_alarm", "lake", {"dike"});
    set(out, "observed_at", std::string("2026-06-01T08:00+08:00"));
    set(out, "site", std::string("北闸"));
    set(out, "centimetres", std::int64_t{120});
    set(out, "severity", std::string("low"));
    out.attachments.emplace_back(file("chart"));
    return out;
}

/// One of which the hub may read next to nothing.
inline Notice report() {
    Notice out = notice_of("poaching_report", "reeds", {"lake"});
    out.title = "盗猎线索";
    out.secrecy = "工作秘密";
    set(out, "matter", std::string("甲"));
    set(out, "officers", std::int64_t{2});
    Row person;
    person.cells = {{"person", std::string("甲")},
                    {"id_type", std::string("passport")},
                    {"id_no", std::string("no form")}};
    set(out, "persons", Table{person});
    out.attachments.emplace_back(file("report"));
    return out;
}

inline Row gate(const char* number, bool open) {
    Row out;
    out.cells = {{"gate_no", std::string(number)}, {"open", open}};
    return out;
}

struct Case {
    const char* rule;
    std::function<void(Notice&)> change;
    Expected expected;
};

inline void expect(const Notice& good, Viewpoint viewpoint, const std::vector<Case>& cases) {
    const Charter charter = load();
    REQUIRE(brief(check_notice(charter, good, viewpoint)).empty());
    for (const Case& item : cases) {
        CAPTURE(item.rule);
        Notice notice = good;
        item.change(notice);
        const Expected found = brief(check_notice(charter, notice, viewpoint));
        for (const std::string& reason : found) {
            if (!item.expected.contains(reason)) MESSAGE("unexpected: " << reason);
        }
        CHECK(found == item.expected);
    }
}

}  // namespace tongbao::testing
