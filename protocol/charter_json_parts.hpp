#pragma once

#include "domain/charter.hpp"
#include "protocol/json_reader.hpp"

#include <vector>

namespace tongbao::protocol::reading {

// How each part of a charter is read. Every function reads exactly the members that
// domain/charters/charter.schema.json defines for its part.

void read(Members& in, Quotation& out);
void read(Members& in, Unit& out);
void read(Members& in, LocalSystem& out);
void read(Members& in, Post& out);
void read(Members& in, Deadline& out);
void read(Members& in, EscalationTarget& out);
void read(Members& in, EscalationStep& out);
void read(Members& in, Escalation& out);

void read(Members& in, EnumValue& out);
void read(Members& in, EnumType& out);
void read(Members& in, TableType& out);
void read(Members& in, AttachmentRule& out);
void read(Members& in, MustCheck& out);
void read(Members& in, OrderCheck& out);
void read(Members& in, ReceiptRule& out);
void read(Members& in, AcceptRule& out);
void read(Members& in, ReplyRule& out);
void read(Members& in, Effect& out);
void read(Members& in, AnsweredRule& out);
void read(Members& in, Kind& out);

void read(Members& in, FoundingDocument& out);
void read(Members& in, HeaderRules& out);
void read(Members& in, Office& out);
void read(Members& in, SupervisedSubjects& out);
void read(Members& in, RegularMeetings& out);
void read(Members& in, MeetingAgenda& out);
void read(Members& in, MeetingRecord& out);
void read(Members& in, Meetings& out);
void read(Members& in, ReportingCycle& out);
void read(Members& in, MemberChange& out);
void read(Members& in, StampRules& out);
void read(Members& in, MeetingStatus& out);
void read(Members& in, LedgerTrack& out);
void read(Members& in, LedgerMoney& out);
void read(Members& in, LedgerRules& out);
void read(Members& in, ClassRules& out);
void read(Members& in, RetentionRules& out);
void read(Members& in, UncoveredDuty& out);
void read(Members& in, CharterParts& out);

/// A field of a kind, and a column of a table type: it has fewer members.
[[nodiscard]] FieldRule field_rule(const Cell& cell);
[[nodiscard]] FieldRule column_rule(const Cell& cell);

[[nodiscard]] std::vector<Quotation> quotations(const Cell& cell);
/// `[a-z][a-z0-9_]*`, perhaps after `local:`.
[[nodiscard]] UnitAddress address(const Cell& cell);
[[nodiscard]] Strength strength(const Cell& cell);
/// Which units a length of time may be counted in.
enum class DurationUnits : std::uint8_t { all, days_and_months, days };
[[nodiscard]] Duration duration(const Cell& cell, DurationUnits units);

}  // namespace tongbao::protocol::reading
