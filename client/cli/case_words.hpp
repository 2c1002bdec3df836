#pragma once

#include "client/cli/field_view.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"

#include <string>
#include <string_view>

namespace tongbao::client {

/// How the case ledger's words, amounts and times are shown: by the charter, in its time zone. What
/// a charter does not know (an older one wrote it) stands as it is. Nothing is made printable.
/// Borrows all that it takes.
class CaseWords {
public:
    CaseWords(const Charter& charter, const TimeZone& zone, std::string_view zone_name,
              Masking masking = Masking::masked)
        : charter_(charter), zone_(zone), zone_name_(zone_name), fields_(charter, masking) {}

    [[nodiscard]] const Charter& charter() const { return charter_; }
    [[nodiscard]] const TimeZone& zone() const { return zone_; }
    [[nodiscard]] std::string_view zone_name() const { return zone_name_; }
    /// Shows values as the charter means them; remembers whether it masked one.
    [[nodiscard]] FieldView& fields() { return fields_; }

    /// `handling 办理中 / handling`
    [[nodiscard]] std::string case_state(const std::string& state) const;
    [[nodiscard]] std::string track_state(const std::string& state) const;
    [[nodiscard]] std::string track(const std::string& id) const;
    [[nodiscard]] std::string money(const std::string& kind) const;
    /// `police 公安厅`
    [[nodiscard]] std::string unit(const std::string& id) const;
    /// `suspected_crime_transfer 涉嫌犯罪案件移送`
    [[nodiscard]] std::string kind(const std::string& id) const;

    /// `2020-10-12` and `17:30` of a time as the daemon writes it; empty for what is none.
    [[nodiscard]] std::string day(const std::string& utc) const;
    [[nodiscard]] std::string time(const std::string& utc) const;
    /// Both: `2020-10-12 17:30`.
    [[nodiscard]] std::string day_and_time(const std::string& utc) const;

    /// The field of `kind` that says the fact, or a decision's attribute, of that name; nullptr if
    /// the charter does not tell.
    [[nodiscard]] const FieldRule* fact_field(const std::string& kind,
                                              std::string_view attribute) const;
    [[nodiscard]] const FieldRule* decision_field(const std::string& kind,
                                                  std::string_view attribute) const;

private:
    const Charter& charter_;
    const TimeZone& zone_;
    std::string_view zone_name_;
    FieldView fields_;
};

}  // namespace tongbao::client
