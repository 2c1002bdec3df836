#pragma once

#include "domain/clock_words.hpp"
#include "hub/clock_keeper.hpp"
#include "hub/clock_start.hpp"
#include "tests/domain/clock_fixture.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/protocol/calendar_fixture.hpp"
#include "tests/support/fixed_zone.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// The shipped calendar and the charters' zone. `years` are those that were published.
inline std::shared_ptr<const hub::ClockRules> shipped_rules(
    Calendar calendar = load_shipped_calendar(), std::uint8_t digest = 1) {
    Digest::Array bytes{};
    bytes[0] = digest;
    return std::make_shared<const hub::ClockRules>(
        hub::ClockRules{std::move(calendar), std::make_shared<FixedZone>(), Digest(bytes)});
}

/// The invented charter after a change, which must leave it a charter.
inline std::shared_ptr<const Charter> changed_charter(
    const std::function<void(nlohmann::json&)>& change) {
    nlohmann::json text = charter_text();
    change(text);
    protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
        for (const Reason& reason : *reasons) MESSAGE(reason.place << ": " << reason.explanation);
    }
    REQUIRE(std::holds_alternative<Charter>(loaded));
    return std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)));
}

/// The reply's limit is so long, from signing for it, and rolls to the next working day.
inline auto reply_within(int n, const char* unit) {
    return [n, unit](nlohmann::json& text) {
        text["deadlines"]["reply_5wd"]["n"] = n;
        text["deadlines"]["reply_5wd"]["unit"] = unit;
    };
}

using Troubles = std::vector<std::string>;

/// Has the started hub keep clocks. `<code> <notice> <unit>` of what can't be counted goes to
/// `troubles`.
inline void keep_clocks_of(HubParts& parts,
                           std::shared_ptr<const hub::ClockRules> rules = shipped_rules(),
                           Troubles* troubles = nullptr) {
    parts.deployment.clocks = std::make_shared<hub::ClockKeeper>(
        parts.deployment.charter, std::move(rules), must(hub::newest_charter(parts.store)),
        [troubles](const hub::ClockTrouble& trouble) {
            if (troubles == nullptr) return;
            troubles->push_back(std::string(code(trouble.reason.code)) + ' ' +
                                std::to_string(trouble.notice.value()) + ' ' +
                                trouble.unit.value());
        });
}

/// A hub that keeps clocks. `Parts` is HubParts or what is made of it.
template <typename Parts>
struct Clocking : Parts {
    using Parts::Parts;

    void keep_clocks(std::shared_ptr<const hub::ClockRules> rules = shipped_rules()) {
        keep_clocks_of(*this, std::move(rules), &troubles);
    }

    /// Logs lake's alarm to dike.
    [[nodiscard]] NoticeRef alarm(std::uint16_t number) {
        const Bytes leaf = leaf_of(numbered_alarm(number));
        const auto index = accepted_at(this->send("lake", leaf));
        REQUIRE(index);
        return {crypto::sha256(leaf), *index};
    }
    /// Dike does this; nothing if it was taken.
    std::string act(std::uint16_t number, ActKind kind, const NoticeRef& notice,
                    const char* from = "dike") {
        Act made = act_of(number, kind, {notice}, from);
        if (kind == ActKind::declined) made.reason = "不属本单位管辖";
        return verdict(this->send(from, leaf_of(made)));
    }
    std::string answer(std::uint16_t asked, std::uint16_t number, const char* result = "refused") {
        return verdict(this->send("dike", leaf_of(answer_to(asked, number, result))));
    }

    /// The entries that the hub made by itself, in the log's order: `<deed> <notice> <unit>
    /// <clock>.<limit>.<step> <due>`, `closed <notice> <unit>`.
    [[nodiscard]] std::vector<std::string> own_entries() const {
        std::vector<std::string> lines;
        for (std::uint64_t at = kFirstBatch.value(); at < this->store.size().value(); ++at) {
            const LogEntry entry = this->entry(LogIndex(at));
            if (const auto* const step = std::get_if<EscalatedEvent>(&entry.event)) {
                lines.push_back(std::string(word(step->deed)) + ' ' +
                                std::to_string(step->notice.index.value()) + ' ' +
                                step->unit.value() + ' ' + std::to_string(step->clock) + '.' +
                                std::to_string(step->limit) + '.' + std::to_string(step->step) +
                                ' ' + format_utc(step->due));
                CHECK(step->due < entry.time);
            } else if (const auto* const closed = std::get_if<ClosedEvent>(&entry.event)) {
                lines.push_back("closed " + std::to_string(closed->notice.index.value()) + ' ' +
                                closed->unit.value());
            }
        }
        return lines;
    }

    [[nodiscard]] storage::ClockRecord clocks_of(LogIndex notice, const char* unit) const {
        const auto record = must(this->store.read_clocks(notice, UnitId(unit)));
        REQUIRE(record.has_value());
        return *record;
    }
    [[nodiscard]] Standing standing_of(LogIndex notice, const char* unit) const {
        const auto standing = standing_of_bits(must(this->store.read_state(notice, UnitId(unit))));
        REQUIRE(standing.has_value());
        return *standing;
    }
    /// `<clock> <due>` of each that is open.
    [[nodiscard]] std::vector<std::string> open_at(LogIndex notice, const char* unit) const {
        std::vector<std::string> lines;
        for (const storage::OpenClockDue& open : clocks_of(notice, unit).indexes.open) {
            lines.push_back(std::to_string(open.clock) + ' ' +
                            (open.due ? format_utc(*open.due) : "never"));
        }
        return lines;
    }

    /// What a hub does whose sequencer looks now; not committed, it dies before that.
    void look(bool committed = true) {
        hub::Round round(this->deployment, this->store, this->notices, this->refusals,
                         this->clock.now());
        REQUIRE(round.do_due_steps(aside).has_value());
        storage::Commit commit = round.take_commit();
        if (!committed || (commit.entries.empty() && commit.clocks.empty())) return;
        hub::LogParts parts = this->log();
        REQUIRE(hub::write_commit(parts, this->deployment.origin, std::move(commit),
                                  round.leaf_hashes())
                    .has_value());
    }
    void look_at(std::string_view when) {
        this->clock.set(at(when));
        look();
    }

    std::set<hub::ClockPlace> aside;
    Troubles troubles;
};

/// On 30 September 2020 at 10:00, before the National Day, with `change` made to the charter.
struct NationalDay : Clocking<HubParts> {
    explicit NationalDay(const std::function<void(nlohmann::json&)>& change = reply_within(3,
                                                                                           "day"),
                         std::string_view now = "2020-09-30 10:00")
        : Clocking(at(now)) {
        deployment.charter = changed_charter(change);
        start();
        keep_clocks();
    }
};

}  // namespace tongbao::testing
