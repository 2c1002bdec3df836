#pragma once

#include "domain/charter.hpp"
#include "domain/notice.hpp"
#include "domain/notice_rules.hpp"
#include "domain/reason.hpp"

#include <set>
#include <string>
#include <utility>

namespace tongbao::checking {

// The parts of check_notice; nobody else needs them.

/// One notice under check, and what was found so far.
class NoticeCheck {
public:
    NoticeCheck(const Charter& under, const Notice& checked, Viewpoint viewpoint)
        : charter(under), notice(checked), viewpoint_(viewpoint) {}

    const Charter& charter;
    const Notice& notice;

    /// Keeps the first kMaxReasons, and behind them Errc::more_reasons if there are more.
    void fault(Errc code, std::string place, std::string explanation) {
        if (full()) return;
        if (reasons_.size() == kMaxReasons) {
            reasons_.push_back(Reason{Errc::more_reasons, {}, {}});
        } else {
            reasons_.push_back(Reason{code, std::move(place), std::move(explanation)});
        }
    }

    /// Whether nothing more is kept, so that there is no use in looking on.
    [[nodiscard]] bool full() const { return reasons_.size() > kMaxReasons; }

    /// A fault of the field `name`, perhaps at a place inside it.
    void field_fault(Errc code, const std::string& name, const std::string& inside,
                     std::string explanation) {
        faulty_.insert(name);
        fault(code, "fields." + name + inside, std::move(explanation));
    }

    [[nodiscard]] bool faulty(const std::string& name) const { return faulty_.contains(name); }

    [[nodiscard]] bool may_read(const FieldRule& field) const {
        return viewpoint_ == Viewpoint::unit || field.clear;
    }
    /// Whether every field that `condition`, over the fields of `kind`, names may be read.
    [[nodiscard]] bool may_evaluate(const Kind& kind, const Condition& condition) const;

    /// Notes Errc::refused_mark at `place` if `text` bears a mark of state secrets.
    void refuse_marks(const std::string& text, const std::string& place);

    [[nodiscard]] Reasons take() { return std::move(reasons_); }

private:
    Viewpoint viewpoint_;
    Reasons reasons_;
    std::set<std::string> faulty_;
};

/// Presence, form and values of the fields, their tables included.
void check_fields(NoticeCheck& check, const Kind& kind);
/// The rows of the table field `rule`, wherever they stand.
void check_rows(NoticeCheck& check, const FieldRule& rule, const Table& rows);
/// The kind's `checks`.
void check_checks(NoticeCheck& check, const Kind& kind);
void check_attachments(NoticeCheck& check, const Kind& kind);

}  // namespace tongbao::checking
