#include "domain/notice_rules.hpp"

#include "domain/field_type.hpp"
#include "domain/identifiers.hpp"
#include "domain/notice_check.hpp"

#include <algorithm>
#include <set>

namespace tongbao {
namespace checking {
namespace {

constexpr std::size_t kMaxTitle = 200;

std::string at(const char* list, std::size_t index) {
    return std::string(list) + '[' + std::to_string(index) + ']';
}

void check_charter_named(NoticeCheck& check) {
    if (check.notice.charter != check.charter.id()) {
        check.fault(Errc::charter_mismatch, "charter.id",
                    "the charter in force here is " + check.charter.id().value());
    }
    if (check.notice.charter_version != check.charter.version()) {
        check.fault(
            Errc::charter_mismatch, "charter.version",
            "the version in force here is " + std::to_string(check.charter.version().value()));
    }
}

void check_recipients(NoticeCheck& check, const Kind* kind) {
    const Notice& notice = check.notice;
    if (notice.to.empty()) {
        check.fault(Errc::recipient_not_allowed, "to", "expected at least one recipient");
    }
    std::set<UnitId> addressed;
    const auto check_one = [&](const UnitId& unit, const std::string& place, bool allowed) {
        if (!addressed.insert(unit).second) {
            check.fault(Errc::duplicate_recipient, place, "is addressed before");
        } else if (!allowed) {
            check.fault(Errc::recipient_not_allowed, place, "is no recipient of this kind");
        }
    };
    const auto allowed_by = [&](const std::vector<UnitAddress> Kind::*addresses,
                                const UnitId& unit) {
        if (!check.charter.knows(unit)) return false;
        return kind == nullptr || any_covers(kind->*addresses, unit);
    };
    for (std::size_t index = 0; index < notice.to.size(); ++index) {
        const UnitId& unit = notice.to[index];
        const std::string place = at("to", index);
        check_one(unit, place, allowed_by(&Kind::to, unit));
    }
    for (std::size_t index = 0; index < notice.cc.size(); ++index) {
        const UnitId& unit = notice.cc[index];
        check_one(unit, at("cc", index), allowed_by(&Kind::cc, unit));
    }
}

void check_title(NoticeCheck& check, bool free_title, const std::string& kind_title) {
    const std::string& title = check.notice.title;
    if (!free_title && title != kind_title) {
        check.fault(Errc::title_not_allowed, "title", "of this kind it is " + kind_title);
    } else if (!check_plain_text(title, kMaxTitle, Newlines::refused)) {
        check.fault(Errc::title_not_allowed, "title",
                    "expected one line of 1 to 200 characters, no control characters");
    }
    check.refuse_marks(title, "title");
}

void check_marks(NoticeCheck& check, const ClassRules* rules) {
    const HeaderRules& header = check.charter.parts().header;
    const std::string& secrecy = check.notice.secrecy;
    const EnumType* const marks = check.charter.find_enum(header.secrecy);
    const bool allowed = rules == nullptr ? marks != nullptr && marks->has(secrecy)
                                          : std::find(rules->secrecy.begin(), rules->secrecy.end(),
                                                      secrecy) != rules->secrecy.end();
    if (!allowed) {
        check.fault(Errc::secrecy_not_allowed, "secrecy", "is no mark of the kind's class");
    }
    const EnumType* const urgencies = check.charter.find_enum(header.urgency);
    if (urgencies == nullptr || !urgencies->has(check.notice.urgency)) {
        check.fault(Errc::urgency_not_allowed, "urgency", "is no urgency mark of the charter");
    }
}

void check_doc_no(NoticeCheck& check) {
    if (!check.notice.doc_no) return;
    if (!check_document_number(*check.notice.doc_no)) {
        check.fault(Errc::malformed_field, "doc_no", explain_form(FieldType::doc_no));
    }
    check.refuse_marks(*check.notice.doc_no, "doc_no");
}

void check_case(NoticeCheck& check, const Kind& kind) {
    const std::optional<CaseNumber>& number = check.notice.case_number;
    if (!number) {
        if (kind.case_use != CaseUse::required) return;
        check.fault(Errc::case_required, "case", "this kind belongs to a case");
        return;
    }
    if (kind.case_use == CaseUse::none) {
        check.fault(Errc::case_not_allowed, "case", "this kind belongs to no case");
    } else if (!check_case_number(number->value())) {
        check.fault(Errc::malformed_case, "case", explain_form(FieldType::case_no));
    }
}

void check_reply(NoticeCheck& check, const Kind& kind) {
    const bool points = check.notice.in_reply_to.has_value();
    if (!points && kind.reply == ReplyUse::required) {
        check.fault(Errc::reply_required, "in_reply_to", "this kind answers another notice");
    }
    if (points && kind.reply == ReplyUse::none) {
        check.fault(Errc::reply_not_allowed, "in_reply_to", "this kind answers no notice");
    }
}

/// What can be said of a notice without its kind.
void check_without_kind(NoticeCheck& check) {
    check_recipients(check, nullptr);
    check_title(check, true, {});
    check_doc_no(check);
    check_marks(check, nullptr);
}

void check_with_kind(NoticeCheck& check, const Kind& kind) {
    if (!any_covers(kind.from, check.notice.from)) {
        check.fault(Errc::sender_not_allowed, "from", "may not send this kind");
    }
    const ClassRules* const rules = check.charter.find_class(kind.security_class);
    check_recipients(check, &kind);
    check_case(check, kind);
    check_reply(check, kind);
    check_title(check, rules != nullptr && rules->free_title, kind.title_zh);
    check_doc_no(check);
    check_marks(check, rules);
    check_fields(check, kind);
    check_checks(check, kind);
    check_attachments(check, kind);
}

}  // namespace

bool NoticeCheck::may_evaluate(const Kind& kind, const Condition& condition) const {
    const std::vector<ExpressionName>& names = condition.names();
    return std::all_of(names.begin(), names.end(), [&](const ExpressionName& name) {
        const FieldRule* const field = find_field(kind.fields, name.name);
        return field != nullptr && may_read(*field);
    });
}

void NoticeCheck::refuse_marks(const std::string& text, const std::string& place) {
    // What bears such a mark is not repeated anywhere.
    if (bears_refused_mark(charter, text))
        fault(Errc::refused_mark, place, "bears a mark of a state secret");
}

}  // namespace checking

bool bears_refused_mark(const Charter& charter, std::string_view text) {
    const std::vector<std::string>& marks = charter.parts().header.refused_marks_zh;
    return std::any_of(marks.begin(), marks.end(), [&](const std::string& mark) {
        return text.find(mark) != std::string_view::npos;
    });
}

Reasons check_notice(const Charter& charter, const Notice& notice, Viewpoint viewpoint) {
    checking::NoticeCheck check(charter, notice, viewpoint);
    checking::check_charter_named(check);
    if (const Kind* const kind = charter.find_kind(notice.kind)) {
        checking::check_with_kind(check, *kind);
    } else {
        check.fault(Errc::unknown_kind, "kind", "the charter has no such kind");
        checking::check_without_kind(check);
    }
    return check.take();
}

Reasons check_detached_rows(const Charter& charter, const Notice& notice, const std::string& field,
                            const Table& rows) {
    const Kind* const kind = charter.find_kind(notice.kind);
    const FieldRule* const rule = kind == nullptr ? nullptr : find_field(kind->fields, field);
    if (rule == nullptr) return {};
    checking::NoticeCheck check(charter, notice, Viewpoint::unit);
    checking::check_rows(check, *rule, rows);
    return check.take();
}

std::string default_title(const Kind& kind) {
    return kind.title_zh;
}

std::string default_urgency(const Kind& kind) {
    return kind.urgency;
}

std::string default_secrecy(const Charter& charter, const Kind& kind) {
    const ClassRules* const rules = charter.find_class(kind.security_class);
    return rules == nullptr || rules->secrecy.empty() ? std::string() : rules->secrecy.front();
}

}  // namespace tongbao
