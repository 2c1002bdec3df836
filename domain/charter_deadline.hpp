#pragma once

#include "domain/expression_times.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tongbao {

enum class TimeUnit : std::uint8_t { hour, day, working_day, month };

/// A length of time as charters count it.
struct Duration {
    std::uint32_t n{0};
    TimeUnit unit{};
};

/// What happens to a limit that ends on a free day.
enum class FreeDayRule : std::uint8_t { next_working_day, none };

/// What a rule's force rests on.
enum class Strength : std::uint8_t { statutory, regime, office_default };

/// A named limit.
struct Deadline {
    std::string title_zh;
    Duration length;
    DeadlineStart from;
    FreeDayRule if_ends_on_non_working_day{};
    Strength strength{};
    std::string basis;
    /// By how much it may be moved at most; none: not at all.
    std::optional<Duration> extendable;
    std::optional<std::string> note;
};

enum class EscalationDeed : std::uint8_t {
    remind,
    mark_overdue,
    urge,
    supervise,
    list_for_meeting
};

/// Whose post is told: the recipient's, the sender's, or that of the office and its host.
enum class EscalationSide : std::uint8_t { recipient, sender, office };

struct EscalationTarget {
    PostId post;
    EscalationSide of{};
};

struct EscalationStep {
    EscalationTime at;
    EscalationDeed deed{};
    std::vector<EscalationTarget> to;
    /// The kind of notice that is laid, as a draft, before the office.
    std::optional<KindId> draft;
};

struct Escalation {
    std::string title_zh;
    std::string title_en;
    std::vector<EscalationStep> steps;
};

}  // namespace tongbao
