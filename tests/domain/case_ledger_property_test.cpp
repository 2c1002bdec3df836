#include "domain/case_ledger.hpp"
#include "tests/domain/drawn_ledger.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What holds of the ledger after any notices and acts, those that it refuses among them.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

/// What a reader sees first: all that reversals may change and must give back.
struct Shown {
    std::optional<std::string> title;
    CaseState state{};
    CaseFlags flags;
    std::map<std::string, std::pair<std::string, UtcTime>> tracks;
    MoneyTotals totals;

    friend bool operator==(const Shown&, const Shown&) = default;
};

Shown shown(const CaseFile& file) {
    Shown out;
    out.title = file.title;
    out.state = file.state;
    out.flags = file.flags;
    for (const CaseTrack& track : file.tracks) {
        if (track.state) out.tracks[track.id] = {*track.state, *track.since};
    }
    out.totals = *totals_of(file);
    return out;
}

/// Whether no correction that counts names it, looked up the slow way.
bool is_in_force(const std::vector<LedgerFact>& facts, LogIndex notice) {
    return std::none_of(facts.begin(), facts.end(), [&](const LedgerFact& fact) {
        const auto* const reversal = std::get_if<NoticeReversed>(&fact.change);
        return reversal != nullptr && reversal->notice.index == notice &&
               is_in_force(facts, fact.source.notice.index);
    });
}

/// The history as if what was taken back, and the corrections, had never been.
CaseHistory without_reversed(const CaseHistory& history) {
    CaseHistory out{history.number, history.charter, {}};
    for (const LedgerFact& fact : history.facts) {
        const bool counts = is_in_force(history.facts, fact.source.notice.index) &&
                            is_in_force(history.facts, fact.source.cause.index);
        if (counts && !std::holds_alternative<NoticeReversed>(fact.change)) {
            out.facts.push_back(fact);
        }
    }
    return out;
}

bool same_money(const MoneyStated& a, const MoneyStated& b) {
    if (a.kind != b.kind) return false;
    if (a.doc_no || b.doc_no) return a.doc_no == b.doc_no;
    return a.track == b.track && a.period == b.period;
}

/// The specification's sums, entry against entry.
MoneyTotals totals_counted_slowly(const CaseHistory& history) {
    std::vector<MoneyStated> said;
    for (const LedgerFact& fact : without_reversed(history).facts) {
        if (const auto* const money = std::get_if<MoneyStated>(&fact.change)) {
            said.push_back(*money);
        }
    }
    MoneyTotals totals;
    for (std::size_t at = 0; at < said.size(); ++at) {
        const bool beaten = std::any_of(
            said.begin() + static_cast<std::ptrdiff_t>(at) + 1, said.end(),
            [&](const MoneyStated& later) {
                const bool latest = said[at].total == MoneyTotal::latest;
                return same_money(said[at], later) || (latest && later.kind == said[at].kind);
            });
        if (beaten) continue;
        Fen& total = totals[said[at].kind];
        total = *add(total, said[at].fen);
    }
    return totals;
}

template <typename T>
bool begins_with(const std::vector<T>& longer, const std::vector<T>& shorter) {
    return shorter.size() <= longer.size() &&
           std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace

TEST_SUITE("case ledger properties") {
    TEST_CASE("after every step the ledger rebuilt is the ledger kept") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) {
                drawn.perform(deed);
                const std::size_t written = drawn.story.events().size();
                RC_ASSERT(drawn.story.rebuilt(written) == drawn.story.ledger());
            }
        }));
    }

    TEST_CASE("a ledger rebuilt half way and then kept is the same too") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            const auto& events = drawn.story.events();
            const std::size_t half = *rc::gen::inRange<std::size_t>(0, events.size() + 1);
            CaseLedger kept = drawn.story.rebuilt(half);
            for (std::size_t at = half; at < events.size(); ++at) {
                RC_ASSERT(kept.record(plan_effects(drawn.story.charter(), events[at].first,
                                                   events[at].second, Viewpoint::unit))
                              .has_value());
            }
            RC_ASSERT(kept == drawn.story.ledger());
        }));
    }

    TEST_CASE("a hub judges alike by those facts alone that its rules look at") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) {
                const CaseLedger before = drawn.story.hub();
                const std::size_t tried = drawn.story.tried().size();
                drawn.perform(deed);
                if (drawn.story.tried().size() == tried) continue;
                const auto& [notice, event] = drawn.story.tried()[tried];
                const LedgerPlan plan =
                    plan_effects(drawn.story.charter(), notice, event, Viewpoint::hub);
                const CaseHistory* const whole = before.find(plan.case_number);
                if (whole == nullptr) continue;
                const Reasons expected = check_plan(whole, plan);
                CaseHistory part = *whole;
                std::erase_if(part.facts,
                              [](const LedgerFact& fact) { return !is_judged_by(fact.change); });
                RC_ASSERT(check_plan(&part, plan) == expected);
                // Where nothing ever closed the case and nothing is to, no fact is needed.
                const bool closed =
                    std::any_of(part.facts.begin(), part.facts.end(), [](const auto& fact) {
                        return std::holds_alternative<CaseClosed>(fact.change);
                    });
                const bool closes = std::any_of(
                    plan.changes.begin(), plan.changes.end(),
                    [](const auto& change) { return std::holds_alternative<CaseClosed>(change); });
                if (closed || closes) continue;
                part.facts.clear();
                RC_ASSERT(check_plan(&part, plan) == expected);
            }
        }));
    }

    TEST_CASE("nothing is ever erased or edited") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) {
                const CaseLedger before = drawn.story.ledger();
                drawn.perform(deed);
                for (const auto& [number, history] : before.cases()) {
                    const CaseHistory* const after = drawn.story.ledger().find(number);
                    RC_ASSERT(after != nullptr);
                    RC_ASSERT(begins_with(after->facts, history.facts));
                    const CaseFile old_file = case_file_of(history);
                    const CaseFile new_file = case_file_of(*after);
                    RC_ASSERT(new_file.money.size() >= old_file.money.size());
                    for (std::size_t at = 0; at < old_file.money.size(); ++at) {
                        RC_ASSERT(new_file.money[at].said == old_file.money[at].said);
                        RC_ASSERT(new_file.money[at].source == old_file.money[at].source);
                    }
                    for (const CaseTrack& track : old_file.tracks) {
                        RC_ASSERT(new_file.find_track(track.id) != nullptr);
                        RC_ASSERT(new_file.find_track(track.id)->history.size() >=
                                  track.history.size());
                    }
                }
            }
        }));
    }

    TEST_CASE("totals are the sums of what counts, entry against entry") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            std::vector<CaseFile> files;
            MoneyTotals all;
            for (const auto& [number, history] : drawn.story.ledger().cases()) {
                files.push_back(case_file_of(history));
                const MoneyTotals totals = *totals_of(files.back());
                RC_ASSERT(totals == totals_counted_slowly(history));
                for (const auto& [kind, fen] : totals) {
                    RC_ASSERT(fen.value() >= 0);
                    all[kind] = *add(all[kind], fen);
                }
            }
            RC_ASSERT(all == *totals_of(files, {}));
        }));
    }

    TEST_CASE("the parts of any time and of the units add up to the whole") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            std::vector<CaseFile> files;
            for (const auto& [number, history] : drawn.story.ledger().cases()) {
                files.push_back(case_file_of(history));
            }
            const UtcTime cut = UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 11 / 2)) +
                                std::chrono::minutes(*rc::gen::inRange(0, 200));
            MoneyTotals parts;
            for (const char* unit : {"lake", "dike", "reeds", "local.440300.dike"}) {
                for (const bool early : {true, false}) {
                    MoneyQuestion question;
                    question.sender = UnitId(unit);
                    (early ? question.until : question.from) = cut;
                    for (const auto& [kind, fen] : *totals_of(files, question)) {
                        parts[kind] = *add(parts[kind], fen);
                    }
                }
            }
            RC_ASSERT(parts == *totals_of(files, {}));
        }));
    }

    TEST_CASE("a reversal gives back exactly what the remaining notices give") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            for (const auto& [number, history] : drawn.story.ledger().cases()) {
                RC_ASSERT(shown(case_file_of(history)) ==
                          shown(case_file_of(without_reversed(history))));
            }
        }));
    }

    TEST_CASE("no case knows of another") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            // Each case's events alone, and all of them one case after the other.
            for (const auto& [number, history] : drawn.story.ledger().cases()) {
                CaseLedger alone(LedgerRole::keeper);
                for (const auto& [notice, event] : drawn.story.events()) {
                    if (event.case_number != number) continue;
                    RC_ASSERT(alone
                                  .record(plan_effects(drawn.story.charter(), notice, event,
                                                       Viewpoint::unit))
                                  .has_value());
                }
                RC_ASSERT(alone.cases().size() == 1U);
                RC_ASSERT(*alone.find(number) == history);
                RC_ASSERT(alone.refused().empty());
            }
        }));
    }

    TEST_CASE("a concluded case has no track that holds it open") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) {
                drawn.perform(deed);
                for (std::size_t at = 0; at < drawn.cases(); ++at) {
                    const CaseFile file = drawn.file(at);
                    if (file.state != CaseState::concluded) continue;
                    RC_ASSERT(std::none_of(file.tracks.begin(), file.tracks.end(),
                                           [](const CaseTrack& track) { return track.open(); }));
                }
            }
        }));
    }

    TEST_CASE("a closed case is opened again by nobody but who may close it") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) {
                std::vector<CaseState> before;
                for (std::size_t at = 0; at < drawn.cases(); ++at) {
                    before.push_back(drawn.file(at).state);
                }
                const std::size_t written = drawn.story.events().size();
                drawn.perform(deed);
                for (std::size_t at = 0; at < before.size(); ++at) {
                    if (before[at] != CaseState::concluded) continue;
                    if (drawn.file(at).state == CaseState::concluded) continue;
                    RC_ASSERT(drawn.story.events().size() > written);
                    const auto& [notice, event] = drawn.story.events()[written];
                    RC_ASSERT(notice.from == UnitId("lake"));
                    RC_ASSERT(!event.recipient.has_value());
                }
            }
        }));
    }

    TEST_CASE("a keeper that reads everything writes the same and tells of all the rest") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            CaseLedger keeper(LedgerRole::keeper);
            for (const auto& [notice, event] : drawn.story.tried()) {
                RC_ASSERT(
                    keeper
                        .record(plan_effects(drawn.story.charter(), notice, event, Viewpoint::unit))
                        .has_value());
            }
            std::size_t alike = 0;
            for (const auto& [number, history] : keeper.cases()) {
                const CaseHistory* const written = drawn.story.ledger().find(number);
                if (written != nullptr) {
                    RC_ASSERT(history == *written);
                    ++alike;
                    continue;
                }
                // Its number was given, and what opened it was refused: that it was opened stays.
                RC_ASSERT(history.facts.size() == 1U);
                RC_ASSERT(std::holds_alternative<CaseOpened>(history.facts.front().change));
                RC_ASSERT(is_written(keeper.refused(), history.facts.front().source));
            }
            RC_ASSERT(alike == drawn.story.ledger().cases().size());
            RC_ASSERT(keeper.refused().size() + drawn.story.events().size() ==
                      drawn.story.tried().size());
        }));
    }

    TEST_CASE("what a hub lets pass the office refuses for money or words alone") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) {
                const std::size_t tried = drawn.story.tried().size();
                const std::size_t written = drawn.story.events().size();
                drawn.perform(deed);
                const std::size_t refused =
                    drawn.story.tried().size() - tried - (drawn.story.events().size() - written);
                // The hub refuses nothing that the office would take.
                if (!drawn.story.hub_reasons().empty()) RC_ASSERT(refused > 0U);
                if (refused == 0 || !drawn.story.hub_reasons().empty()) continue;
                for (const Reason& reason : drawn.refusal) {
                    RC_ASSERT(reason.code == Errc::bad_amount ||
                              reason.code == Errc::missing_field ||
                              reason.place == "fields.closing_reason");
                }
            }
        }));
    }

    TEST_CASE("the states that a hub keeps are those that the office keeps") {
        CHECK(rc::check([] {
            DrawnStory drawn;
            for (const DrawnDeed& deed : *any_deeds()) drawn.perform(deed);
            const CaseLedger& hub = drawn.story.hub();
            for (const auto& [number, history] : drawn.story.ledger().cases()) {
                const Shown office = shown(case_file_of(history));
                const Shown seen = shown(case_file_of(*hub.find(number)));
                RC_ASSERT(seen.state == office.state);
                RC_ASSERT(seen.tracks == office.tracks);
                RC_ASSERT(seen.totals.empty());
            }
        }));
    }
}
