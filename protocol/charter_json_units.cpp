#include "domain/clock_words.hpp"
#include "protocol/charter_json_parts.hpp"

namespace tongbao::protocol::reading {

namespace {

constexpr std::string_view kLocalPrefix = "local:";

TimeUnit time_unit(const Cell& cell, DurationUnits units) {
    const auto any = one_of<TimeUnit>({{"hour", TimeUnit::hour},
                                       {"day", TimeUnit::day},
                                       {"working_day", TimeUnit::working_day},
                                       {"month", TimeUnit::month}});
    const auto longer = one_of<TimeUnit>({{"day", TimeUnit::day},
                                          {"working_day", TimeUnit::working_day},
                                          {"month", TimeUnit::month}});
    const auto days =
        one_of<TimeUnit>({{"day", TimeUnit::day}, {"working_day", TimeUnit::working_day}});
    switch (units) {
        case DurationUnits::all:
            return any(cell);
        case DurationUnits::days_and_months:
            return longer(cell);
        case DurationUnits::days:
            return days(cell);
    }
    return {};
}

void read_duration(Members& in, Duration& out, DurationUnits units) {
    in.required("n", out.n, integer(1));
    in.required("unit", out.unit, [units](const Cell& cell) { return time_unit(cell, units); });
}

}  // namespace

UnitAddress address(const Cell& cell) {
    const std::string written = text(cell);
    if (written.empty()) return {};
    std::string_view name = written;
    if (name.starts_with(kLocalPrefix)) name.remove_prefix(kLocalPrefix.size());
    if (parse_identifier(name)) return UnitAddress(written);
    cell.fault(Errc::bad_value, "expected a unit, or local: and a system");
    return {};
}

Strength strength(const Cell& cell) {
    return one_of<Strength>({{"statutory", Strength::statutory},
                             {"regime", Strength::regime},
                             {"office_default", Strength::office_default}})(cell);
}

Duration duration(const Cell& cell, DurationUnits units) {
    Duration out;
    Members in(cell);
    read_duration(in, out, units);
    in.finish();
    return out;
}

std::vector<Quotation> quotations(const Cell& cell) {
    return list_of(record<Quotation>)(cell);
}

void read(Members& in, Quotation& out) {
    in.required("document", out.document, text);
    std::vector<std::uint32_t> lines;
    in.required("lines", lines, list_of(integer(1), {.least = 2, .most = 2}));
    if (lines.size() == 2) {
        out.first_line = lines[0];
        out.last_line = lines[1];
    }
    in.required("quote", out.quote, text);
}

void read(Members& in, Unit& out) {
    in.required("id", out.id, identifier_as<UnitId>);
    in.required("name_zh", out.name_zh, text);
    in.required("short_zh", out.short_zh, text);
    in.required("name_en", out.name_en, text);
    in.required("kind", out.kind,
                one_of<UnitKind>({{"member", UnitKind::member},
                                  {"office", UnitKind::office},
                                  {"external", UnitKind::external}}));
    in.optional("note", out.note, text);

    enum class Role : std::uint8_t { lead, office_host };
    switch (out.kind) {
        case UnitKind::member: {
            std::vector<Role> roles;
            in.optional(
                "roles", roles,
                list_of(one_of<Role>({{"lead", Role::lead}, {"office_host", Role::office_host}}),
                        {.unique = true}));
            for (const Role role : roles) {
                (role == Role::lead ? out.leads : out.hosts_office) = true;
            }
            in.optional("liaison_dept_zh", out.liaison_dept_zh, text);
            break;
        }
        case UnitKind::office:
            in.required("host", out.host, identifier_as<UnitId>);
            break;
        case UnitKind::external:
            in.required("delivery", out.delivery,
                        one_of<ExternalDelivery>(
                            {{"outbound_register", ExternalDelivery::outbound_register},
                             {"publication", ExternalDelivery::publication}}));
            break;
    }
}

void read(Members& in, LocalSystem& out) {
    in.required("system", out.system, identifier_as<UnitId>);
    in.required("address", out.address, [](const Cell& cell) {
        UnitAddress written = address(cell);
        if (!written.value().empty() && !written.value().starts_with(kLocalPrefix)) {
            cell.fault(Errc::bad_value, "expected local: and a system");
        }
        return written;
    });
    in.required("name_zh", out.name_zh, text);
    in.required("name_en", out.name_en, text);
}

void read(Members& in, Post& out) {
    in.required("id", out.id, identifier_as<PostId>);
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("unit", out.unit_or_group, identifier);
    in.required("holder_post_zh", out.holder_post_zh, text);
    in.required("origin", out.origin,
                one_of<Origin>({{"regime", Origin::regime}, {"product", Origin::product}}));
    in.required("sources", out.sources, quotations);
}

void read(Members& in, Deadline& out) {
    in.required("title_zh", out.title_zh, text);
    read_duration(in, out.length, DurationUnits::all);
    in.required("from", out.from,
                parsed_by(parse_deadline_start, "an event, or field: and a name"));
    in.required("if_ends_on_non_working_day", out.if_ends_on_non_working_day,
                one_of<FreeDayRule>({{"next_working_day", FreeDayRule::next_working_day},
                                     {"none", FreeDayRule::none}}));
    in.required("strength", out.strength, strength);
    in.required("basis", out.basis, text);
    in.optional("note", out.note, text);
    in.optional("extendable", out.extendable,
                [](const Cell& cell) { return duration(cell, DurationUnits::days_and_months); });
}

void read(Members& in, EscalationTarget& out) {
    in.required("post", out.post, identifier_as<PostId>);
    in.required("of", out.of,
                one_of<EscalationSide>({{"recipient", EscalationSide::recipient},
                                        {"sender", EscalationSide::sender},
                                        {"office", EscalationSide::office}}));
}

void read(Members& in, EscalationStep& out) {
    in.required("at", out.at, parsed_by(parse_escalation_time, "due, perhaps + or -, as due+3wd"));
    in.required("do", out.deed,
                one_of<EscalationDeed>(
                    {{word(EscalationDeed::remind), EscalationDeed::remind},
                     {word(EscalationDeed::mark_overdue), EscalationDeed::mark_overdue},
                     {word(EscalationDeed::urge), EscalationDeed::urge},
                     {word(EscalationDeed::supervise), EscalationDeed::supervise},
                     {word(EscalationDeed::list_for_meeting), EscalationDeed::list_for_meeting}}));
    in.required("to", out.to, list_of(record<EscalationTarget>, {.least = 1}));
    in.optional("draft", out.draft, identifier_as<KindId>);
}

void read(Members& in, Escalation& out) {
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("steps", out.steps, list_of(record<EscalationStep>, {.least = 1}));
}

}  // namespace tongbao::protocol::reading
