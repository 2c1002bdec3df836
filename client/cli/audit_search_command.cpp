#include "client/cli/audit_search_command.hpp"

#include "client/auditor/entry_search.hpp"
#include "client/cli/audit_run.hpp"
#include "client/cli/checked_argument.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/found_entries_view.hpp"
#include "client/cli/kind_words.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/tz_database.hpp"
#include "protocol/log_entry_json.hpp"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

/// What was asked for, as it was given; what was not given is empty.
struct SearchOptions {
    AuditOptions shared;
    std::vector<std::string> events;
    std::string by;
    std::string to;
    std::string kind;
    std::string case_number;
    std::optional<std::uint64_t> notice;
    std::string security_class;
    bool personal{false};
    bool late{false};
    std::string reason;
    std::string from;
    std::string until;
    std::vector<std::string> count_by;
    bool csv{false};
    std::uint64_t limit{1000};
};

Attempt<std::optional<SecurityClass>> class_argument(const std::string& text) {
    if (text.empty()) return std::optional<SecurityClass>();
    for (const SecurityClass each :
         {SecurityClass::l1, SecurityClass::l2, SecurityClass::l3, SecurityClass::l4}) {
        if (text == word(each)) return std::optional(each);
    }
    return usage_failure("--class " + printable(text) + ": is none of L1, L2, L3, L4");
}

/// A moment, or the first one of the day `behind` days after one of the charter's zone.
Attempt<std::optional<UtcTime>> time_argument(const std::string& option, const std::string& text,
                                              const Charter* charter, std::chrono::days behind) {
    if (text.empty()) return std::optional<UtcTime>();
    if (const Result<UtcTime> moment = parse_date_time(text)) return std::optional(*moment);
    const Result<LocalDay> day = parse_day(text);
    if (!day) {
        return usage_failure(option + ' ' + printable(text) +
                             ": is no day, such as 2026-07-01, and no time with its offset, such "
                             "as 2026-07-01T08:00:00+08:00");
    }
    if (charter == nullptr) {
        return usage_failure(option + ' ' + printable(text) +
                             ": a day begins when the charter's zone says, so name the charter "
                             "with --charter, or give a time with its offset");
    }
    const auto zone = program::load_time_zone(charter->parts().timezone);
    if (!zone) return usage_failure(reason_lines({zone.error()}));
    return std::optional((*zone)->start_of(*day + behind));
}

Attempt<void> check_words(const SearchOptions& options) {
    for (const std::string& event : options.events) {
        if (protocol::is_event_word(event)) continue;
        return usage_failure("--event " + printable(event) +
                             ": is no event of the log, such as logged, refused, delivered, "
                             "signed_for, opened, taken_up, declined, replied, escalated, overdue, "
                             "closed, key_enrolled");
    }
    for (const std::string& column : options.count_by) {
        if (is_count_column(column)) continue;
        return usage_failure("--count-by " + printable(column) +
                             ": is none of event, unit, kind, case, reason");
    }
    if (!options.reason.empty() && !errc_from_code(options.reason)) {
        return usage_failure("--reason " + printable(options.reason) +
                             ": is no code; `tongbao explain` lists them");
    }
    if (!options.case_number.empty()) return check_case_argument("--case", options.case_number);
    return {};
}

/// What only the charter knows.
Attempt<void> check_by_charter(const SearchOptions& options, const Charter* charter) {
    if (charter == nullptr) {
        if (options.security_class.empty() && !options.personal) return {};
        return usage_failure("which kinds those are, the charter says: name it with --charter");
    }
    for (const auto& [option, unit] :
         {std::pair("--by", &options.by), std::pair("--to", &options.to)}) {
        const Attempt<void> checked = check_unit_argument(option, *unit, *charter);
        if (!checked) return checked.error();
    }
    return check_kind_argument("--kind", options.kind, *charter);
}

Attempt<EntryQuestion> question_of(const SearchOptions& options, const Charter* charter) {
    const Attempt<void> words = check_words(options);
    if (!words) return words.error();
    const Attempt<void> known = check_by_charter(options, charter);
    if (!known) return known.error();
    const auto of_class = class_argument(options.security_class);
    if (!of_class) return of_class.error();
    const auto from = time_argument("--from", options.from, charter, std::chrono::days(0));
    if (!from) return from.error();
    const auto until = time_argument("--until", options.until, charter, std::chrono::days(1));
    if (!until) return until.error();
    EntryQuestion question;
    question.events.insert(options.events.begin(), options.events.end());
    if (!options.by.empty()) question.by = UnitId(options.by);
    if (!options.to.empty()) question.to = UnitId(options.to);
    if (!options.kind.empty()) question.kind = KindId(options.kind);
    if (!options.case_number.empty()) question.case_number = CaseNumber(options.case_number);
    if (options.notice) question.notice = LogIndex(*options.notice);
    question.security_class = *of_class;
    question.personal = options.personal;
    question.late = options.late;
    question.reason = errc_from_code(options.reason);
    question.from = *from;
    question.until = *until;
    return question;
}

void show_counts(const Invocation& invocation, const SearchOptions& options,
                 const EntryCounts& counts, const Checkpoint& head) {
    if (invocation.json) {
        std::cout << counts.json(head) << '\n';
    } else if (options.csv) {
        counts.print_as_csv(std::cout);
    } else {
        counts.print(std::cout);
    }
}

void show_found(const Invocation& invocation, const SearchOptions& options,
                const std::vector<FoundEntry>& found, std::uint64_t count, const Checkpoint& head) {
    if (invocation.json) {
        std::cout << found_json(found, count, head) << '\n';
    } else if (options.csv) {
        print_found_csv(std::cout, found);
    } else {
        print_found(std::cout, found);
    }
    if (count > found.size()) {
        std::cerr << "the first " << found.size() << " of " << count
                  << " entries: --limit shows more, the filters narrow them\n";
    }
}

Attempt<void> search(const Invocation& invocation, const SearchOptions& options) {
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    Attempt<Audit> audit = prepare_audit(invocation, options.shared, **clock);
    if (!audit) return audit.error();
    const std::shared_ptr<const Charter>& charter = audit->trust.rules;
    const Attempt<EntryQuestion> question = question_of(options, charter.get());
    if (!question) return question.error();
    EntrySearch entries(*question, charter);
    EntryCounts counts(options.count_by);
    std::vector<FoundEntry> found;
    std::uint64_t count = 0;
    audit->request.observe = [&](LogIndex index, const LogEntry& entry) {
        std::optional<FoundEntry> fits = entries.take(index, entry);
        if (!fits) return;
        ++count;
        if (!options.count_by.empty()) {
            counts.add(*fits);
        } else if (found.size() < options.limit) {
            found.push_back(*std::move(fits));
        }
    };
    const Attempt<AuditReport> report = run_whole_audit(*audit);
    if (!report) return report.error();
    if (count == 0) std::cerr << "no entry fits\n";
    if (options.count_by.empty()) {
        show_found(invocation, options, found, count, *report->checkpoint);
    } else {
        show_counts(invocation, options, counts, *report->checkpoint);
    }
    return {};
}

void add_filters(CLI::App& command, SearchOptions& options) {
    command
        .add_option("--event", options.events,
                    "only these events, such as refused or opened,signed_for")
        ->delimiter(',');
    command.add_option("--by", options.by, "only what this unit sent, did, or owes");
    command.add_option("--to", options.to, "only notices to this unit, copies too");
    command.add_option("--kind", options.kind, "only what speaks of notices of this kind");
    command.add_option("--case", options.case_number, "only what speaks of notices of this case");
    command.add_option("--notice", options.notice,
                       "only what speaks of the notice with this index");
    command.add_option("--class", options.security_class,
                       "only of kinds of this class: L1, L2, L3, L4");
    command.add_flag("--personal", options.personal, "only of kinds that carry personal data");
    command.add_flag("--late", options.late, "only notices sent after a limit of their sending");
    command.add_option("--reason", options.reason, "only what was refused for this code");
    command.add_option("--from", options.from,
                       "from 00:00 of this day on (2026-07-01), or from a time with its offset");
    command.add_option("--until", options.until,
                       "to 24:00 of this day, or to before a time with its offset");
}

}  // namespace

void add_audit_search_command(CLI::App& audit, Invocation& invocation) {
    CLI::App* const command =
        audit.add_subcommand("search", "find entries of the log, after all of it was verified");
    const auto options = std::make_shared<SearchOptions>();
    add_audit_options(*command, options->shared);
    add_mirror_option(*command, options->shared);
    add_filters(*command, *options);
    command
        ->add_option("--count-by", options->count_by,
                     "count them by event, unit, kind, case, reason, or several: unit,reason")
        ->delimiter(',');
    command->add_flag("--csv", options->csv, "print CSV, for spreadsheets");
    command->add_option("--limit", options->limit, "how many are shown at most")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
    command->footer(
        "Example: tongbao audit search --event refused --count-by unit,reason --sandbox ./sandbox\n"
        "         tongbao audit search --event opened --class L3 --csv --sandbox ./sandbox\n"
        "         tongbao audit search --notice 12 --event delivered,signed_for --by UNIT \\\n"
        "             --sandbox ./sandbox\n"
        "Filters together narrow what is found. Days are those of the charter's zone, times that\n"
        "are shown are UTC (Z). Exit codes as for `audit verify`.");
    command->callback(
        [options, &invocation] { conclude_audit(invocation, search(invocation, *options)); });
}

}  // namespace tongbao::client
