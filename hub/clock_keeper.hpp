#pragma once

#include "domain/charter.hpp"
#include "domain/notice.hpp"
#include "hub/clock_rules.hpp"
#include "hub/clock_view.hpp"
#include "storage/clock_rows.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tongbao::hub {

/// Something that keeps a clock, or a step, from being counted: for the running log.
struct ClockTrouble {
    Reason reason;
    LogIndex notice;
    UnitId unit;
};

/// Starts the clocks of notices, and computes where they are, by the charter in force and its
/// calendar. Thread-safe; outlives whatever uses it.
class ClockKeeper {
public:
    /// Told of each trouble once, as its explanation has it (a year that is not published), while
    /// the program runs.
    using Tell = std::function<void(const ClockTrouble&)>;

    /// Notices logged behind `adopted`, the newest `charter_adopted` entry, are under `charter`.
    ClockKeeper(std::shared_ptr<const Charter> charter, std::shared_ptr<const ClockRules> rules,
                LogIndex adopted, Tell tell);

    /// Whether a notice of the kind may start clocks at all. Costs a look into a table.
    [[nodiscard]] bool starts_clocks(const KindId& kind) const;
    /// The same of one that was logged at `notice`, perhaps under an earlier charter.
    [[nodiscard]] bool may_have_clocks(const KindId& kind, LogIndex notice) const;
    /// Whether a clock of such a notice may start when it is delivered.
    [[nodiscard]] bool may_start_delivered(const KindId& kind, LogIndex notice) const;

    /// The clocks of a notice that is logged at `index` and `at`, at the recipient `unit`; none if
    /// it starts none there. Equal terms within a minute are counted once.
    [[nodiscard]] std::optional<storage::ClockRecord> start(const Notice& notice, LogIndex index,
                                                            const Digest& sha256,
                                                            const UnitId& unit, UtcTime at);

    [[nodiscard]] ClockView view(const storage::ClockRecord& record) const {
        return view_of(record, rules_->by());
    }
    /// Tells of what is wrong in the view.
    void tell_troubles(const storage::ClockRecord& record, const ClockView& view);
    void tell(const ClockTrouble& trouble);

    [[nodiscard]] LimitCalendar by() const { return rules_->by(); }
    [[nodiscard]] const Charter& charter() const noexcept { return *charter_; }
    [[nodiscard]] const Digest& rules_digest() const noexcept { return rules_->digest; }

private:
    /// What the charter says of a kind's clocks.
    struct KindClocks {
        bool any{false};
        bool from_delivered{false};
    };

    [[nodiscard]] KindClocks clocks_of(const Kind& kind) const;
    [[nodiscard]] const KindClocks* find(const KindId& kind) const;
    /// A record of these terms without what is the notice's own, and its indexes.
    [[nodiscard]] storage::ClockRecord count(const Kind& kind, const std::vector<ClockTerms>& terms,
                                             UtcTime at) const;
    [[nodiscard]] storage::ClockRecord counted(const Kind& kind,
                                               const std::vector<ClockTerms>& terms, UtcTime at);

    const std::shared_ptr<const Charter> charter_;
    const std::shared_ptr<const ClockRules> rules_;
    const LogIndex adopted_;
    const Tell tell_;
    std::unordered_map<std::string, KindClocks> kinds_;

    std::mutex mutex_;
    /// By kind, terms and minute.
    std::unordered_map<std::string, storage::ClockRecord> counted_;
    std::set<std::string> told_;
};

}  // namespace tongbao::hub
