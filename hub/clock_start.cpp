#include "hub/clock_start.hpp"

#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::hub {
namespace {

constexpr std::size_t kClocksPerCommit = 1024;

/// A commit that changes no entry.
Result<storage::Commit> quiet_commit(const storage::HubStore& store) {
    storage::Commit commit;
    commit.expected = store.size();
    Result<std::string> checkpoint = store.checkpoint();
    if (!checkpoint) return checkpoint.error();
    commit.checkpoint = *std::move(checkpoint);
    return commit;
}

}  // namespace

Result<LogIndex> newest_charter(const storage::HubStore& store) {
    const Result<std::vector<LogIndex>> indexes = store.read_register();
    if (!indexes) return indexes.error();
    for (auto each = indexes->rbegin(); each != indexes->rend(); ++each) {
        const Result<std::vector<Bytes>> bytes = store.read_entries(*each, 1);
        if (!bytes) return bytes.error();
        const Checked<LogEntry> entry = protocol::read_log_entry(bytes->front());
        if (!entry) return Errc::storage_corrupt;
        const auto* const event = std::get_if<RegisterEvent>(&entry->event);
        if (event != nullptr && std::holds_alternative<CharterAdopted>(event->data)) return *each;
    }
    return Errc::not_found;
}

Result<std::uint64_t> bring_clocks_up_to_date(ClockKeeper& keeper, storage::HubStore& store,
                                              UtcTime now) {
    const Result<std::optional<Digest>> counted_by = store.calendar();
    if (!counted_by) return counted_by.error();
    if (*counted_by == keeper.rules_digest()) return std::uint64_t{0};
    std::uint64_t count = 0;
    storage::OpenClockQuery query;
    query.limit = kClocksPerCommit;
    for (bool more = true; more;) {
        // What is counted anew moves to another place of the list, but is met again at most.
        const Result<std::vector<storage::OpenClock>> open = store.read_open_clocks(query);
        if (!open) return open.error();
        Result<storage::Commit> commit = quiet_commit(store);
        if (!commit) return commit.error();
        std::set<std::pair<LogIndex, UnitId>> seen;
        for (const storage::OpenClock& each : *open) {
            const storage::ClockRecord& record = *each.record;
            if (!seen.emplace(record.notice, record.unit).second) continue;
            const ClockView view = keeper.view(record);
            storage::ClockUpdate update{record, record.indexes};
            update.record.indexes = indexes_of(view, standing_from(each.standing), now);
            keeper.tell_troubles(record, view);
            if (update.record.indexes == update.before) continue;
            commit->clocks.push_back(std::move(update));
            ++count;
        }
        more = open->size() == query.limit;
        if (more) query.after = open->back().place;
        // If we stop here, the next start begins again: it is not said by what they are counted.
        if (!more) commit->calendar = keeper.rules_digest();
        if (commit->clocks.empty() && !commit->calendar) continue;
        const Result<void> written = store.commit(*commit);
        if (!written) return written.error();
    }
    return count;
}

Result<void> open_clocks(Deployment& deployment, std::shared_ptr<const ClockRules> rules,
                         storage::HubStore& store, UtcTime now, program::Logging& logging) {
    const Result<LogIndex> adopted = newest_charter(store);
    if (!adopted) return adopted.error();
    const auto tell = [&logging](const ClockTrouble& trouble) {
        logging.warning("clock_not_counted",
                        {{"code", std::string(code(trouble.reason.code))},
                         {"what", trouble.reason.explanation},
                         {"notice", std::to_string(trouble.notice.value())},
                         {"unit", trouble.unit.value()},
                         {"consequence", "its limits and steps wait for it, all others go on"}});
    };
    auto keeper =
        std::make_shared<ClockKeeper>(deployment.charter, std::move(rules), *adopted, tell);
    const Result<std::uint64_t> counted = bring_clocks_up_to_date(*keeper, store, now);
    if (!counted) return counted.error();
    if (*counted > 0) {
        logging.info("clocks_counted_anew",
                     {{"records", std::to_string(*counted)},
                      {"reason", "another calendar or time zone than before"}});
    }
    deployment.clocks = std::move(keeper);
    return {};
}

}  // namespace tongbao::hub
