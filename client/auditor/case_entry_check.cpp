#include "client/auditor/case_entry_check.hpp"

#include <algorithm>
#include <string>

namespace tongbao::client {

void CaseEntryCheck::check(LogIndex index, const LoggedEvent& event) {
    if (!event.case_number) return;
    const Result<CaseNumberParts> parts = parse_case_number(event.case_number->value());
    if (!parts) return;  // does not happen: the entry was read
    const std::string& number = event.case_number->value();
    if (!event.opens_case) {
        const auto last = last_.find(parts->series);
        if (last != last_.end() && parts->serial <= last->second) return;
        report_.findings.add(Errc::no_such_case, index,
                             "no entry before this one opened the case " + number);
        return;
    }
    std::uint32_t& last = last_[parts->series];
    if (parts->serial != last + 1) {
        report_.findings.add(Errc::case_number_out_of_order, index,
                             "the case " + number + " was opened where the number " +
                                 std::to_string(last + 1) + " of its division and year is next");
    }
    // What follows is held against the highest, so that one fault is not found again and again.
    last = std::max(last, parts->serial);
}

}  // namespace tongbao::client
