#include "protocol/charter_json.hpp"

#include "domain/charter_binding.hpp"
#include "domain/charter_checker.hpp"
#include "protocol/charter_json_parts.hpp"
#include "protocol/strict_json.hpp"

#include <iterator>
#include <utility>

namespace tongbao::protocol {
namespace reading {
namespace {

constexpr std::uint32_t kMostVersions = 1'000'000;

/// An object whose names are `L1` to `L4`.
template <typename Read>
auto by_class(Read read) {
    return [read](const Cell& cell) {
        std::map<SecurityClass, ReadBy<Read>> out;
        Members in(cell);
        for (const auto& [name, key] :
             {std::pair("L1", SecurityClass::l1), std::pair("L2", SecurityClass::l2),
              std::pair("L3", SecurityClass::l3), std::pair("L4", SecurityClass::l4)}) {
            if (in.has(name)) in.required(name, out[key], read);
        }
        in.finish();
        if (cell.value.is_object() && cell.value.empty()) {
            cell.fault(Errc::bad_value, "expected at least 1");
        }
        return out;
    };
}

/// `local_units`, of which only the systems differ between charters.
std::vector<LocalSystem> local_units(const Cell& cell) {
    std::vector<LocalSystem> out;
    Members in(cell);
    in.demand("id", exactly("local.<division>.<system>"));
    in.demand("delivery", exactly("hub_if_enrolled"));
    in.required("systems", out, list_of(record<LocalSystem>));
    in.finish();
    return out;
}

ById<std::vector<UnitId>> groups(const Cell& cell) {
    if (cell.value.is_object() && !cell.value.contains("members")) {
        Cell{cell.value, cell.place + ".members", cell.reasons}.fault(Errc::missing_member,
                                                                      "must be there");
    }
    return map_of(list_of(identifier_as<UnitId>, {.least = 1, .unique = true}))(cell);
}

void read_identity(Members& in, CharterParts& out) {
    in.demand("charter_format", integer(1, 1));
    in.required("id", out.id,
                [](const Cell& cell) { return CharterId(matching("[a-z0-9][a-z0-9-]*")(cell)); });
    in.required("version", out.version,
                [](const Cell& cell) { return CharterVersion(integer(1, kMostVersions)(cell)); });
    in.required("trust_domain", out.trust_domain, matching("[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?"));
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("source_document", out.source_document, text);
    in.required("division", out.division, matching("[0-9]{6}"));
    in.required("timezone", out.timezone, matching("[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+"));
    in.required("calendar", out.calendar, text);
}

}  // namespace

void read(Members& in, RetentionRules& out) {
    in.required("content_years", out.content_years, by_class(integer(1)));
    in.required("strength", out.strength, strength);
    in.demand("audit_log", exactly("permanent"));
    in.required("network_log_min_months", out.network_log_min_months, integer(6));
    in.required("personal_data_sharing_record_min_years",
                out.personal_data_sharing_record_min_years, integer(3));
    in.required("law", out.law, list_of(text));
}

void read(Members& in, CharterParts& out) {
    read_identity(in, out);
    in.required("document", out.document, record<FoundingDocument>);
    in.required("header", out.header, record<HeaderRules>);
    in.required("units", out.units, list_of(record<Unit>, {.least = 3, .named_by = "id"}));
    in.required("local_units", out.local_systems, local_units);
    in.required("groups", out.groups, groups);
    in.required("membership_sources", out.membership_sources, quotations);
    in.required("posts", out.posts, list_of(record<Post>, {.least = 1, .named_by = "id"}));
    in.required("office", out.office, record<Office>);
    in.required("supervised_subjects", out.supervised_subjects, record<SupervisedSubjects>);
    in.required("deadlines", out.deadlines, map_of(record<Deadline>));
    in.required("escalations", out.escalations, map_of(record<Escalation>));
    in.required("meetings", out.meetings, record<Meetings>);
    in.required("reporting_cycles", out.reporting_cycles,
                list_of(record<ReportingCycle>, {.named_by = "id"}));
    in.required("member_change", out.member_change, record<MemberChange>);
    in.required("stamp", out.stamp, record<StampRules>);
    in.required("status", out.status, record<MeetingStatus>);
    in.required("ledger", out.ledger, record<LedgerRules>);
    in.required("enums", out.enums, map_of(record<EnumType>));
    in.required("tables", out.tables, map_of(record<TableType>));
    in.required("kinds", out.kinds, list_of(record<Kind>, {.least = 1, .named_by = "id"}));
    in.required("classification", out.classification, by_class(record<ClassRules>));
    in.required("retention", out.retention, record<RetentionRules>);
    in.required("uncovered_duties", out.uncovered_duties, list_of(record<UncoveredDuty>));
}

}  // namespace reading

LoadedCharter load_charter(std::string_view json_text) {
    if (json_text.size() > kMaxCharterBytes) {
        return Reasons{Reason{Errc::too_large, "", "a charter has at most 4 MiB"}};
    }
    JsonFault fault;
    const Result<nlohmann::json> json = parse_strict_json(json_text, &fault);
    if (!json) {
        return Reasons{Reason{fault.code, fault.place, "byte " + std::to_string(fault.offset)}};
    }

    Reasons reasons;
    CharterParts parts = reading::record<CharterParts>(reading::Cell{*json, "", reasons});
    if (!reasons.empty()) return reasons;

    reasons = bind_conditions(parts);
    Charter charter(std::move(parts));
    Reasons more = check_charter(charter);
    reasons.insert(reasons.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    if (!reasons.empty()) return reasons;
    return charter;
}

}  // namespace tongbao::protocol
