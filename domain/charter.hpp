#pragma once

#include "domain/charter_deadline.hpp"
#include "domain/charter_field.hpp"
#include "domain/charter_kind.hpp"
#include "domain/charter_office.hpp"
#include "domain/charter_unit.hpp"
#include "domain/ids.hpp"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tongbao {

template <typename T>
using ById = std::map<std::string, T, std::less<>>;

/// Everything that stands in a charter's file, in its order. The keys are explained in
/// charters/charter.schema.json.
struct CharterParts {
    CharterId id;
    CharterVersion version;
    /// Of the certificates of its units.
    std::string trust_domain;
    std::string title_zh;
    std::string title_en;
    std::string source_document;
    std::string division;
    std::string timezone;
    std::string calendar;
    FoundingDocument document;
    HeaderRules header;
    std::vector<Unit> units;
    std::vector<LocalSystem> local_systems;
    ById<std::vector<UnitId>> groups;
    std::vector<Quotation> membership_sources;
    std::vector<Post> posts;
    Office office;
    SupervisedSubjects supervised_subjects;
    ById<Deadline> deadlines;
    ById<Escalation> escalations;
    Meetings meetings;
    std::vector<ReportingCycle> reporting_cycles;
    MemberChange member_change;
    StampRules stamp;
    MeetingStatus status;
    LedgerRules ledger;
    ById<EnumType> enums;
    ById<TableType> tables;
    std::vector<Kind> kinds;
    std::map<SecurityClass, ClassRules> classification;
    RetentionRules retention;
    std::vector<UncoveredDuty> uncovered_duties;
};

/// One version of the rules of a joint meeting. Immutable, so threads may share it. That its
/// references resolve, check_charter says; protocol/charter_json.hpp hands out none that it has not
/// checked.
class Charter {
public:
    explicit Charter(CharterParts parts);

    [[nodiscard]] const CharterParts& parts() const noexcept { return parts_; }
    [[nodiscard]] const CharterId& id() const noexcept { return parts_.id; }
    [[nodiscard]] CharterVersion version() const noexcept { return parts_.version; }

    // Each answers nullptr if the charter has none of that name.
    [[nodiscard]] const Kind* find_kind(const KindId& id) const;
    [[nodiscard]] const Unit* find_unit(const UnitId& id) const;
    [[nodiscard]] const Post* find_post(const PostId& id) const;
    [[nodiscard]] const EnumType* find_enum(std::string_view id) const;
    [[nodiscard]] const TableType* find_table(std::string_view id) const;
    [[nodiscard]] const Deadline* find_deadline(std::string_view id) const;
    /// The system of that member, for local units and addresses.
    [[nodiscard]] const LocalSystem* find_local_system(const UnitId& system) const;
    [[nodiscard]] const LedgerTrack* find_track(std::string_view id) const;
    [[nodiscard]] const ClassRules* find_class(SecurityClass security_class) const;

    /// Whether the unit is connected to the hub: a member or the office.
    [[nodiscard]] bool online(const UnitId& id) const;
    /// Whether the charter knows the unit: one of its own, or a local unit of one of its systems.
    [[nodiscard]] bool knows(const UnitId& id) const;
    /// The units of a unit or group; empty if it is neither.
    [[nodiscard]] std::vector<UnitId> units_of(std::string_view unit_or_group) const;

private:
    CharterParts parts_;
    /// Index into parts_.kinds, parts_.units; of equal ids the first.
    std::unordered_map<std::string, std::size_t> kinds_;
    std::unordered_map<std::string, std::size_t> units_;
};

}  // namespace tongbao
