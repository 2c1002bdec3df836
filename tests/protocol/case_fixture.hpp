#pragma once

#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "tests/support/case_story.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

using States = std::map<std::string, std::string>;
using Told = std::vector<std::string>;

inline constexpr const char* kFineNumber = "测医保罚〔2020〕8号";

class ShippedStory : public CaseStory {
public:
    explicit ShippedStory(const char* charter)
        : CaseStory(load(std::string("domain/charters/") + charter)) {}

    /// A notice of the case; of none if there is none yet.
    SentNotice tell(Notice notice, const SentNotice* answered = nullptr) {
        if (first.case_number) notice.case_number = first.case_number;
        SentNotice sent = send(std::move(notice), answered);
        if (!first.case_number) first = sent;
        return sent;
    }

    [[nodiscard]] CaseFile shown() const { return file(first); }
    [[nodiscard]] States states() const { return states_of(shown()); }
    [[nodiscard]] std::string state_of_case() const { return std::string(word(shown().state)); }
    [[nodiscard]] std::int64_t fen(std::string_view kind) const {
        return total(first, kind).value();
    }

    SentNotice first;
};

inline Table one_hospital() {
    Row row;
    row.cells = {{"subject_kind", std::string("hospital")},
                 {"subject_name", std::string("甲医院")},
                 {"division", std::string("440300")}};
    return {row};
}

inline Notice transfer() {
    Notice out = notice_of("suspected_crime_transfer", "hsa", {"police"});
    set(out, "case_title", std::string("甲医院案"));
    set(out, "subjects", one_hospital());
    set(out, "involved_fen", std::int64_t{50'000'000});
    set(out, "loss_fen", std::int64_t{30'000'000});
    return out;
}

inline Notice filing(const char* decision) {
    Notice out = notice_of("police_filing_decision", "police", {"hsa"});
    set(out, "decision", std::string(decision));
    set(out, "decision_doc_no", std::string("测公立〔2020〕3号"));
    if (std::string(decision) == "not_filed") {
        set(out, "reason", std::string("甲"));
        set(out, "file_returned", true);
    }
    return out;
}

inline Notice police_progress(const char* stage) {
    Notice out = notice_of("police_case_progress", "police", {"hsa"});
    set(out, "stage", std::string(stage));
    return out;
}

/// With the number and date that a fine has.
inline void decide(Notice& notice, const char* kind, const char* number) {
    set(notice, "decision_kind", std::string(kind));
    set(notice, "decision_doc_no", std::string(number));
    set(notice, "decision_date", std::string("2020-11-02"));
}

inline Notice entry(const char* from, const char* track, const char* state) {
    Notice out = notice_of("ledger_entry", from, {"office"});
    set(out, "track", std::string(track));
    set(out, "track_state", std::string(state));
    return out;
}

inline Notice closing_entry(const char* reason) {
    Notice out = entry("hsa", "admin_hsa", "closed");
    set(out, "close_case", true);
    if (*reason != 0) set(out, "closing_reason", std::string(reason));
    return out;
}

inline Notice feedback(const char* from, const char* to, const char* result_code) {
    Notice out = notice_of("disposition_feedback", from, {to});
    set(out, "result", std::string("甲"));
    set(out, "result_code", std::string(result_code));
    return out;
}

inline Row given(const char* unit, const char* track) {
    Row row;
    row.cells = {{"unit", std::string(unit)}, {"track", std::string(track)}};
    return row;
}

}  // namespace tongbao::testing
