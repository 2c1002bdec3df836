#pragma once

#include "domain/charter_deadline.hpp"
#include "domain/charter_kind.hpp"
#include "domain/charter_unit.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tongbao {

// The parts of a charter that are no notices: the founding document, the office, its meetings, the
// case ledger, and what is kept for how long.

/// Number, dates and parties of the founding document.
struct FoundingDocument {
    std::optional<std::string> number;
    /// Dates as `2020-10-13`.
    std::optional<std::string> adopted;
    std::optional<std::string> issued;
    std::vector<UnitId> issuers;
    std::optional<std::string> addressees_zh;
    std::vector<UnitId> cc;
    std::optional<std::string> openness_zh;
    std::optional<std::string> note;
    std::vector<std::string> based_on;
};

/// What notices' headers may say.
struct HeaderRules {
    /// The enums of the secrecy marks and the urgency marks.
    std::string secrecy;
    std::string urgency;
    /// Marks of state secrets: a notice that bears one is refused.
    std::vector<std::string> refused_marks_zh;
    std::optional<std::string> note;
};

struct Office {
    UnitId unit;
    UnitId host;
    std::string host_dept_zh;
    std::string duties_zh;
    std::vector<Quotation> sources;
};

struct SupervisedSubjects {
    std::vector<std::string> values_zh;
    std::vector<Quotation> sources;
};

struct RegularMeetings {
    std::uint32_t every_months{0};
    std::uint32_t min_per_year{0};
    std::optional<std::uint32_t> max_per_year;
    Duration warn_before;
    std::string strength_zh;
    std::vector<Quotation> sources;
};

struct MeetingAgenda {
    UnitId collected_by;
    KindId request_kind;
    KindId decision_kind;
    PostId approved_by_post;
    std::vector<std::string> convener_also_sets;
    std::vector<Quotation> sources;
    std::optional<std::string> note;
};

struct MeetingRecord {
    KindId kind;
    /// The table field of `kind` that holds the resolutions.
    std::string resolutions;
    KindId progress_kind;
    std::vector<Quotation> sources;
};

struct Meetings {
    RegularMeetings regular;
    std::vector<std::string> extraordinary;
    bool may_invite_non_members{false};
    std::vector<PostId> chair_posts;
    MeetingAgenda agenda;
    MeetingRecord record;
};

enum class Period : std::uint8_t { month, quarter, half_year, year };

/// Who hands in what, how often, until when.
struct ReportingCycle {
    std::string id;
    KindId kind;
    /// Units and groups.
    std::vector<std::string> from;
    std::vector<std::string> to;
    Period every{};
    std::string due;
    Strength strength{};
    std::optional<std::string> note;
};

/// How the holder of a post changes.
struct MemberChange {
    std::vector<PostId> posts;
    KindId request_kind;
    KindId decision_kind;
    std::string decided_by;
    std::string record_field;
    std::string effective_field;
    std::vector<Quotation> sources;
};

struct StampRules {
    std::optional<bool> own_stamp;
    /// The unit whose stamp the office's papers carry.
    UnitId on_behalf;
    bool formal_documents{false};
    std::vector<Quotation> sources;
};

struct MeetingStatus {
    std::optional<bool> provincial_coordination_body;
    std::vector<Quotation> sources;
};

struct LedgerTrack {
    std::string id;
    UnitId unit;
    /// The track that is meant where only the unit is named.
    bool main{false};
    bool holds_case_open{false};
};

enum class MoneyTotal : std::uint8_t { sum, latest };

struct LedgerMoney {
    std::string kind;
    MoneyTotal total{};
};

struct LedgerRules {
    UnitId kept_by;
    std::vector<UnitId> closed_by;
    std::vector<LedgerTrack> tracks;
    std::vector<std::string> finished_states;
    std::vector<LedgerMoney> money;
    std::vector<Quotation> sources;
};

enum class Encryption : std::uint8_t { nothing, fields_not_clear_and_attachments, everything };

/// What a security class means.
struct ClassRules {
    std::string title_zh;
    std::string title_en;
    /// The secrecy marks that its notices may bear.
    std::vector<std::string> secrecy;
    /// Whether the sender chooses the title, or it is the kind's.
    bool free_title{false};
    Encryption encrypted{};
};

struct RetentionRules {
    std::map<SecurityClass, std::uint32_t> content_years;
    Strength strength{};
    std::uint32_t network_log_min_months{0};
    std::uint32_t personal_data_sharing_record_min_years{0};
    std::vector<std::string> law;
};

/// A duty of the founding document that is no flow, and why.
struct UncoveredDuty {
    Quotation quote;
    std::string why;
};

}  // namespace tongbao
