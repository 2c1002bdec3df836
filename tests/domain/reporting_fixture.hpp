#pragma once

#include "domain/charter.hpp"
#include "domain/charter_binding.hpp"
#include "domain/notice.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// An invented charter of lake, reeds and dike, an office and an external ministry. The members
/// hand `figures` to the office each quarter, within 10 days of the quarter's end, and a `list`
/// each year by a month after its start; the office hands a `report` to members and ministry each
/// half-year. A `correction` corrects with `instead`, and withdraws without it.
inline Charter reporting_charter() {
    CharterParts parts;
    parts.id = CharterId("reporting");
    parts.timezone = "Asia/Shanghai";
    parts.office.unit = UnitId("office");
    parts.ledger.kept_by = UnitId("office");
    for (const char* const id : {"lake", "reeds", "dike"}) {
        Unit member;
        member.id = UnitId(id);
        parts.units.push_back(std::move(member));
        parts.groups["members"].emplace_back(id);
    }
    Unit office;
    office.id = UnitId("office");
    office.kind = UnitKind::office;
    Unit ministry;
    ministry.id = UnitId("ministry");
    ministry.kind = UnitKind::external;
    parts.units.push_back(std::move(office));
    parts.units.push_back(std::move(ministry));

    Deadline after_period;
    after_period.length = {10, TimeUnit::day};
    after_period.from.event = DeadlineStart::Event::period_end;
    after_period.if_ends_on_non_working_day = FreeDayRule::next_working_day;
    Deadline in_year;
    in_year.length = {1, TimeUnit::month};
    in_year.from.event = DeadlineStart::Event::year_start;
    in_year.if_ends_on_non_working_day = FreeDayRule::next_working_day;
    parts.deadlines = {{"after_period", after_period}, {"in_year", in_year}};
    parts.reporting_cycles = {
        {"levels",
         KindId("figures"),
         {"members"},
         {"office"},
         Period::quarter,
         "after_period",
         {},
         {}},
        {"lists", KindId("list"), {"members"}, {"office"}, Period::year, "in_year", {}, {}},
        {"reports",
         KindId("report"),
         {"office"},
         {"ministry", "members"},
         Period::half_year,
         "after_period",
         {},
         {}}};

    const std::array<std::pair<const char*, const char*>, 3> handing{
        {{"figures", "levels"}, {"list", "lists"}, {"report", "reports"}}};
    for (const auto& [id, cycle] : handing) {
        Kind kind;
        kind.id = KindId(id);
        kind.cycle = cycle;
        FieldRule period;
        period.name = "period";
        period.type = FieldType::period;
        kind.fields = {std::move(period)};
        parts.kinds.push_back(std::move(kind));
    }
    Kind correction;
    correction.id = KindId("correction");
    FieldRule instead;
    instead.name = "instead";
    instead.type = FieldType::text;
    correction.fields = {std::move(instead)};
    AnsweredRule correct;
    correct.act = AnsweredAct::correct;
    correct.when = Condition{"present(instead)", {}};
    correct.replaced_by = "instead";
    AnsweredRule withdraw;
    withdraw.act = AnsweredAct::withdraw;
    correction.on_answered = {std::move(correct), std::move(withdraw)};
    Kind letter;
    letter.id = KindId("letter");
    parts.kinds.push_back(std::move(correction));
    parts.kinds.push_back(std::move(letter));
    if (!bind_conditions(parts).empty()) throw std::logic_error("the invented charter is broken");
    return Charter(std::move(parts));
}

/// A notice of it; the number makes its identifier.
inline Notice reporting_notice(const char* kind, const char* from, std::vector<UnitId> to,
                               std::uint8_t number) {
    Notice notice;
    notice.charter = CharterId("reporting");
    notice.charter_version = CharterVersion(1);
    notice.kind = KindId(kind);
    notice.from = UnitId(from);
    notice.to = std::move(to);
    notice.title = "t";
    notice.secrecy = "s";
    notice.urgency = "u";
    std::array<std::uint8_t, 10> random{};
    random[9] = number;
    notice.id = NoticeId(Uuid::make(UtcTime(std::chrono::hours(500'000)), random));
    return notice;
}

/// One that hands the period in, to the office.
inline Notice handing_in(const char* kind, const char* from, const char* period,
                         std::uint8_t number) {
    Notice notice = reporting_notice(kind, from, {UnitId("office")}, number);
    notice.fields = {{"period", std::string(period)}};
    return notice;
}

/// One that withdraws an earlier one of its sender.
inline Notice withdrawing(const Notice& earlier, std::uint8_t number) {
    Notice notice =
        reporting_notice("correction", earlier.from.value().c_str(), earlier.to, number);
    notice.in_reply_to = earlier.id;
    return notice;
}

}  // namespace tongbao::testing
