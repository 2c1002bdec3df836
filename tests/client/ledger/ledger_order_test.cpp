#include "client/ledger/ledger_fold.hpp"
#include "domain/answer_rules.hpp"
#include "domain/lifecycle.hpp"
#include "tests/client/ledger/feeding_charter.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// What a ledger holds follows from what was read, in whatever order its two sources were read and
// wherever the program died.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

const Charter& charter() {
    static const Charter kept = feeding_charter();
    return kept;
}

/// A log such as a hub would let come about, drawn step by step.
class DrawnLog {
public:
    enum class Step { ask, answer, remark, correct, act, letter };

    void draw() {
        index_ += *rc::gen::inRange<std::uint64_t>(1, 4);
        const Step step = *rc::gen::weightedElement<Step>({{3, Step::ask},
                                                           {5, Step::answer},
                                                           {2, Step::remark},
                                                           {2, Step::correct},
                                                           {8, Step::act},
                                                           {1, Step::letter}});
        if (step == Step::act) return draw_act();
        const UnitId from = any_unit();
        Notice notice = fed_notice("question", from.value().c_str(), others(from), ++numbers_);
        std::optional<CaseNumber> number;
        if (step == Step::ask || asked_.empty()) {
            notice.fields = {text_field("matter", "m"),
                             fen_field("involved_fen", static_cast<std::int64_t>(index_))};
            number = *format_case_number({{"440000", 2020}, ++cases_});
            asked_.push_back(leaves_.size());
        } else if (step == Step::letter) {
            notice.kind = KindId("letter");
        } else {
            const LoggedLeaf& target =
                leaves_[*rc::gen::elementOf(step == Step::correct ? notices_ : asked_)];
            const Notice& asked = std::get<Notice>(target.leaf);
            number = target.case_number;
            if (step == Step::remark) {
                notice.kind = KindId("remark");
                notice.case_number = number;
            } else {
                point_at(notice, asked, step);
                if (!check_answer(charter(), notice, asked).empty()) return;
                answered_.emplace(leaves_.size(), target.ref.index);
            }
        }
        if (number) notices_.push_back(leaves_.size());
        leaves_.push_back(logged_notice(std::move(notice), index_, number));
    }

    [[nodiscard]] const std::vector<LoggedLeaf>& leaves() const { return leaves_; }

    /// Its deliveries and what it sent itself, each in their order.
    [[nodiscard]] std::pair<std::vector<const LoggedLeaf*>, std::vector<const LoggedLeaf*>>
    sources_of(const UnitId& unit) const {
        std::pair<std::vector<const LoggedLeaf*>, std::vector<const LoggedLeaf*>> sources;
        for (const LoggedLeaf& leaf : leaves_) {
            if (leaf.from() == unit) {
                sources.second.push_back(&leaf);
            } else if (concerns(leaf, unit)) {
                sources.first.push_back(&leaf);
            }
        }
        return sources;
    }

    /// The ledger of whoever sees these leaves, event by event in the log's order.
    template <typename Sees>
    [[nodiscard]] CaseLedger expected(LedgerRole role, Sees sees) const {
        CaseLedger ledger(role);
        std::map<LogIndex, const LoggedLeaf*> seen;
        std::map<std::pair<LogIndex, UnitId>, RecipientState> states;
        for (std::size_t at = 0; at < leaves_.size(); ++at) {
            const LoggedLeaf& leaf = leaves_[at];
            if (!sees(leaf)) continue;
            const EntryMoment moment{leaf.ref.index, leaf.at};
            std::vector<CaseEvent> events;
            if (const auto* const act = std::get_if<Act>(&leaf.leaf)) {
                const auto found = seen.find(act->notices.front().index);
                if (found == seen.end()) continue;
                const Notice& notice = std::get<Notice>(found->second->leaf);
                RecipientState& state = states[{found->first, act->from}];
                const RecipientState before = state;
                state = *apply(before, act->kind, *charter().find_kind(notice.kind), Addressed::to,
                               act->reason.has_value());
                const ActedInLog acted{in_log(*found->second, std::nullopt), before, state};
                events = events_of_act(charter(), *act, leaf.ref, {&acted, 1}, moment);
            } else {
                seen.emplace(leaf.ref.index, &leaf);
                const Notice& notice = std::get<Notice>(leaf.leaf);
                const auto points = answered_.find(at);
                const auto asked =
                    points == answered_.end() ? seen.end() : seen.find(points->second);
                if (asked == seen.end()) {
                    events =
                        events_of_notice(charter(), in_log(leaf, std::nullopt), nullptr, moment);
                } else {
                    const Notice& question = std::get<Notice>(asked->second->leaf);
                    RecipientState& state = states[{asked->first, notice.from}];
                    const AskedInLog at_asked{in_log(*asked->second, std::nullopt), state};
                    const AnsweredInCase answered{asked->second->ref, asked->second->case_number};
                    events = events_of_notice(charter(), in_log(leaf, answered), &at_asked, moment);
                    if (satisfied_reply(charter(), question, notice) != nullptr) {
                        state = after_answer(state, *charter().find_kind(question.kind));
                    }
                }
            }
            for (const CaseEvent& each : events) {
                LedgerPlan plan =
                    plan_effects(charter(), *each.notice, each.event, Viewpoint::unit);
                if (!ledger.record(plan)) throw std::logic_error("not recorded");
            }
        }
        return ledger;
    }

    [[nodiscard]] bool concerns(const LoggedLeaf& leaf, const UnitId& unit) const {
        if (leaf.from() == unit) return true;
        if (const auto* const notice = std::get_if<Notice>(&leaf.leaf)) {
            return contains(notice->to, unit);
        }
        const LogIndex named = std::get<Act>(leaf.leaf).notices.front().index;
        return std::any_of(leaves_.begin(), leaves_.end(), [&](const LoggedLeaf& each) {
            return each.ref.index == named && each.from() == unit;
        });
    }

private:
    static UnitId any_unit() {
        return UnitId(*rc::gen::element<std::string>("lake", "dike", "reeds"));
    }

    static std::vector<UnitId> others(const UnitId& from) {
        std::vector<UnitId> out;
        for (const char* const unit : {"lake", "dike", "reeds"}) {
            if (UnitId(unit) != from && (out.empty() || *rc::gen::arbitrary<bool>())) {
                out.emplace_back(unit);
            }
        }
        return out;
    }

    static void point_at(Notice& notice, const Notice& asked, Step step) {
        notice.in_reply_to = asked.id;
        if (step == Step::correct) {
            notice.kind = KindId("correction");
            notice.from = asked.from;
            notice.to = asked.to;
            return;
        }
        notice.kind = KindId("answer");
        notice.from = asked.to[*rc::gen::inRange<std::size_t>(0, asked.to.size())];
        notice.to = {asked.from};
        notice.fields = {{"final", *rc::gen::arbitrary<bool>()},
                         text_field("state", "investigating"),
                         fen_field("recovered_fen", *rc::gen::inRange<std::int64_t>(1, 9))};
    }

    void draw_act() {
        if (asked_.empty()) return;
        const LoggedLeaf& target = leaves_[*rc::gen::elementOf(asked_)];
        const Notice& notice = std::get<Notice>(target.leaf);
        const UnitId from = notice.to[*rc::gen::inRange<std::size_t>(0, notice.to.size())];
        const ActKind kind = *rc::gen::element(ActKind::delivered, ActKind::signed_for,
                                               ActKind::taken_up, ActKind::declined);
        const char* const reason = kind == ActKind::declined ? "why" : nullptr;
        RecipientState& state = states_[{target.ref.index, from}];
        const Result<RecipientState> after =
            apply(state, kind, *charter().find_kind(notice.kind), Addressed::to, reason != nullptr);
        // Answers are left out here, so the hub would refuse some of these: then the ledger does
        // not see them either.
        if (!after || answered_by(target.ref.index, from)) return;
        state = *after;
        leaves_.push_back(logged_act(kind, from.value().c_str(), {target.ref}, index_, reason));
    }

    [[nodiscard]] bool answered_by(LogIndex notice, const UnitId& unit) const {
        return std::any_of(answered_.begin(), answered_.end(), [&](const auto& each) {
            return each.second == notice && leaves_[each.first].from() == unit;
        });
    }

    static NoticeInLog in_log(const LoggedLeaf& leaf, std::optional<AnsweredInCase> answered) {
        return {&std::get<Notice>(leaf.leaf), leaf.ref, leaf.case_number, std::move(answered)};
    }

    std::uint64_t index_{0};
    std::uint32_t numbers_{0};
    std::uint32_t cases_{0};
    std::vector<LoggedLeaf> leaves_;
    std::vector<std::size_t> asked_;
    std::vector<std::size_t> notices_;
    std::map<std::size_t, LogIndex> answered_;
    std::map<std::pair<LogIndex, UnitId>, RecipientState> states_;
};

DrawnLog any_log() {
    DrawnLog log;
    const int steps = *rc::gen::inRange(1, 40);
    for (int step = 0; step < steps; ++step) log.draw();
    return log;
}

/// Feeds both sources, interleaved as drawn, in pieces as drawn, some of which die and come again.
void feed_interleaved(FedLedger& ledger, const std::vector<const LoggedLeaf*>& deliveries,
                      const std::vector<const LoggedLeaf*>& own) {
    std::size_t delivered = 0;
    std::size_t settled = 0;
    const auto drawn = [](std::size_t most) {
        return *rc::gen::resize(
            100, rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(most, 6) + 1));
    };
    bool died = false;
    while (delivered < deliveries.size() || settled < own.size()) {
        std::vector<const LoggedLeaf*> piece;
        std::size_t more = drawn(deliveries.size() - delivered);
        std::size_t mine = drawn(own.size() - settled);
        if (more + mine == 0) (delivered < deliveries.size() ? more : mine) = 1;
        for (std::size_t at = 0; at < more; ++at) piece.push_back(deliveries[delivered + at]);
        for (std::size_t at = 0; at < mine; ++at) piece.push_back(own[settled + at]);
        died = !died && *rc::gen::arbitrary<bool>();
        ledger.feed(piece, died);
        if (died) continue;
        delivered += more;
        settled += mine;
    }
}

void check_equal(const storage::LedgerDatabase& ledger, const CaseLedger& expected) {
    RC_ASSERT(must(ledger.counts()).refused == expected.refused().size());
    std::size_t cases = 0;
    for (const auto& [number, history] : expected.cases()) {
        if (history.facts.empty()) continue;
        ++cases;
        RC_ASSERT(must(ledger.read_case(number)) == history);
    }
    RC_ASSERT(must(ledger.counts()).cases == cases);
}

}  // namespace

TEST_SUITE("order of what a ledger reads") {
    TEST_CASE("a follower holds the same however its sources interleave and wherever it died") {
        CHECK(rc::check([] {
            const DrawnLog log = any_log();
            const UnitId unit("dike");
            const auto [deliveries, own] = log.sources_of(unit);
            FedLedger ledger(charter(), LedgerRole::follower);
            feed_interleaved(ledger, deliveries, own);
            check_equal(ledger.ledger(),
                        log.expected(LedgerRole::follower, [&](const LoggedLeaf& leaf) {
                            return log.concerns(leaf, unit);
                        }));
            FedLedger again(charter(), LedgerRole::follower);
            again.feed(own);
            again.feed(deliveries);
            RC_ASSERT(!must(ledger.ledger().first_difference(again.file())).has_value());
        }));
    }

    TEST_CASE("a keeper's ledger is the same in pieces and at once and after any prefix") {
        CHECK(rc::check([] {
            const DrawnLog log = any_log();
            std::vector<const LoggedLeaf*> all;
            for (const LoggedLeaf& leaf : log.leaves()) all.push_back(&leaf);
            all.resize(*rc::gen::inRange<std::size_t>(0, all.size() + 1));
            FedLedger ledger(charter(), LedgerRole::keeper);
            feed_interleaved(ledger, all, {});
            FedLedger again(charter(), LedgerRole::keeper);
            again.feed(all);
            RC_ASSERT(!must(ledger.ledger().first_difference(again.file())).has_value());
            const LogIndex last = all.empty() ? LogIndex() : all.back()->ref.index;
            check_equal(ledger.ledger(),
                        log.expected(LedgerRole::keeper, [&](const LoggedLeaf& leaf) {
                            return !all.empty() && leaf.ref.index <= last;
                        }));
        }));
    }
}
