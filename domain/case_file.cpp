#include "domain/case_file.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tongbao {
namespace {

using Reversed = std::map<LogIndex, NoticeRef>;

std::optional<NoticeRef> reverser_of(const LedgerSource& source, const Reversed& reversed) {
    for (const LogIndex index : {source.notice.index, source.cause.index}) {
        const auto found = reversed.find(index);
        if (found != reversed.end()) return found->second;
    }
    return std::nullopt;
}

/// Which notices were taken back, and by which. Backwards, since what takes a correction back comes
/// after it, and decides whether it counts.
Reversed reversals_in_force(const std::vector<LedgerFact>& facts) {
    Reversed reversed;
    for (auto fact = facts.rbegin(); fact != facts.rend(); ++fact) {
        const auto* const reversal = std::get_if<NoticeReversed>(&fact->change);
        if (reversal == nullptr || reverser_of(fact->source, reversed)) continue;
        // Of two that take the same notice back the first is named.
        reversed.insert_or_assign(reversal->notice.index, fact->source.notice);
    }
    return reversed;
}

/// Two entries of one identity are one amount of money. The number of a decision is enough; else
/// the track and the period tell them apart.
using MoneyIdentity = std::tuple<std::string, std::optional<std::string>,
                                 std::optional<std::string>, std::optional<std::string>>;

MoneyIdentity identity_of(const MoneyStated& money) {
    if (money.doc_no) return {money.kind, money.doc_no, std::nullopt, std::nullopt};
    return {money.kind, std::nullopt, money.track, money.period};
}

/// Folds the facts of one case.
class CaseFold {
public:
    explicit CaseFold(const CaseHistory& history)
        : facts_(history.facts), reversed_(reversals_in_force(history.facts)) {
        file_.number = history.number;
        file_.charter = history.charter;
    }

    CaseFile fold() {
        for (std::size_t at = 0; at < facts_.size(); ++at) {
            const LedgerFact& fact = facts_[at];
            reversed_by_ = reverser_of(fact.source, reversed_);
            std::visit([&](const auto& change) { take(change, fact.source); }, fact.change);
            const bool last =
                at + 1 == facts_.size() || facts_[at + 1].source.entry != fact.source.entry;
            if (last) end_of_entry();
        }
        set_state();
        set_facts();
        set_counting();
        return std::move(file_);
    }

private:
    void take(const CaseOpened&, const LedgerSource& source) {
        if (!file_.opened_at) {
            file_.opened_at = source.at;
            file_.opened_by = source.sender;
        }
        file_.links.push_back({LinkRole::opened, source, std::nullopt, reversed_by_});
    }

    void take(const NoticeLinked&, const LedgerSource& source) {
        file_.links.push_back({LinkRole::linked, source, std::nullopt, reversed_by_});
    }

    void take(const CaseClosed& closed, const LedgerSource& source) {
        file_.links.push_back({LinkRole::closed, source, closed.reason, reversed_by_});
        if (reversed_by_) return;
        closed_ = true;
        reopened_ = false;
    }

    void take(const FactStated& fact, const LedgerSource& source) {
        file_.facts.push_back({fact.attribute, fact.value, source, reversed_by_});
    }

    void take(const FlagRaised& raised, const LedgerSource& source) {
        file_.flag_entries.push_back({raised.flag, source, reversed_by_});
        if (reversed_by_) return;
        if (raised.flag == CaseFlag::major) file_.flags.major = true;
        if (raised.flag == CaseFlag::supervised) file_.flags.supervised.emplace();
    }

    void take(const TrackMoved& moved, const LedgerSource& source) {
        CaseTrack& track = track_of(moved.track);
        track.history.push_back({moved.state, moved.finished, source, reversed_by_});
        if (reversed_by_) return;
        // A later version of the charter may have given it to another unit.
        track.unit = moved.track.unit;
        track.holds_case_open = moved.track.holds_case_open;
        if (track.state != moved.state) track.since = source.at;
        track.state = moved.state;
        track.finished = moved.finished;
        moved_.push_back(track.id);
    }

    void take(const DecisionStated& said, const LedgerSource& source) {
        std::vector<CaseDecision>& decisions =
            said.track ? track_of(*said.track).decisions : file_.decisions;
        decisions.push_back({said, source, reversed_by_});
    }

    void take(const MoneyStated& said, const LedgerSource& source) {
        file_.money.push_back({said, source, reversed_by_, false});
        if (reversed_by_) return;
        const std::size_t place = file_.money.size() - 1;
        const auto [known, is_new] = stated_.try_emplace(identity_of(said), place);
        if (is_new) return;
        file_.money[known->second].reversed_by = source.notice;
        known->second = place;
    }

    void take(const NoticeReversed& reversal, const LedgerSource& source) {
        file_.reversals.push_back({reversal.notice, source, reversed_by_});
    }

    CaseTrack& track_of(const TrackName& name) {
        const auto found =
            std::find_if(file_.tracks.begin(), file_.tracks.end(),
                         [&](const CaseTrack& track) { return track.id == name.id; });
        if (found != file_.tracks.end()) return *found;
        CaseTrack& track = file_.tracks.emplace_back();
        track.id = name.id;
        track.unit = name.unit;
        track.holds_case_open = name.holds_case_open;
        return track;
    }

    [[nodiscard]] bool any_open() const {
        return std::any_of(file_.tracks.begin(), file_.tracks.end(),
                           [](const CaseTrack& track) { return track.open(); });
    }

    /// What one entry of the log writes counts as one step: a track that it decides and closes
    /// again has not opened the case. One that is open for another reason, since the notice that
    /// ended it was taken back, is none that moved.
    void end_of_entry() {
        const bool opens = std::any_of(moved_.begin(), moved_.end(), [&](const std::string& id) {
            return file_.find_track(id)->open();
        });
        moved_.clear();
        if (!closed_ || !opens) return;
        closed_ = false;
        reopened_ = true;
    }

    void set_state() {
        const bool moved = std::any_of(file_.tracks.begin(), file_.tracks.end(),
                                       [](const CaseTrack& track) { return track.state; });
        if (closed_) {
            // Also where a track is open again because the notice that ended it was taken back.
            file_.state = any_open() ? CaseState::reopened : CaseState::concluded;
        } else if (reopened_) {
            file_.state = CaseState::reopened;
        } else {
            file_.state = moved ? CaseState::handling : CaseState::registered;
        }
    }

    /// Written once: the first that counts is shown.
    [[nodiscard]] const FieldValue* shown(std::string_view attribute) const {
        const auto found =
            std::find_if(file_.facts.begin(), file_.facts.end(), [attribute](const CaseFact& fact) {
                return fact.attribute == attribute && !fact.reversed_by;
            });
        return found == file_.facts.end() ? nullptr : &found->value;
    }

    [[nodiscard]] std::optional<std::string> shown_text(std::string_view attribute) const {
        const FieldValue* const value = shown(attribute);
        const auto* const text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
        return text != nullptr ? std::optional(*text) : std::nullopt;
    }

    void set_facts() {
        file_.title = shown_text("title");
        file_.source = shown_text("source");
        file_.found_at = shown_text("found_at");
        if (const FieldValue* const subjects = shown("subjects")) file_.subjects = *subjects;
        if (!file_.flags.supervised) return;
        file_.flags.supervised->due = shown_text("supervised_due");
        file_.flags.supervised->resolution_no = shown_text("supervised_resolution_no");
    }

    void set_counting() {
        std::map<std::string, MoneyEntry*> latest;
        for (MoneyEntry& entry : file_.money) {
            if (entry.reversed_by) continue;
            entry.counts = true;
            if (entry.said.total == MoneyTotal::sum) continue;
            MoneyEntry*& before = latest[entry.said.kind];
            if (before != nullptr) before->counts = false;
            before = &entry;
        }
    }

    const std::vector<LedgerFact>& facts_;
    const Reversed reversed_;
    CaseFile file_;
    /// Of the fact at hand.
    std::optional<NoticeRef> reversed_by_;
    bool closed_{false};
    bool reopened_{false};
    /// The tracks that the entry at hand moved.
    std::vector<std::string> moved_;
    /// The entry that counts of each identity.
    std::map<MoneyIdentity, std::size_t> stated_;
};

}  // namespace

std::string_view word(CaseState state) noexcept {
    switch (state) {
        case CaseState::registered:
            return "registered";
        case CaseState::handling:
            return "handling";
        case CaseState::concluded:
            return "concluded";
        case CaseState::reopened:
            return "reopened";
    }
    return "registered";
}

std::string_view word(LinkRole role) noexcept {
    switch (role) {
        case LinkRole::opened:
            return "opened";
        case LinkRole::linked:
            return "linked";
        case LinkRole::closed:
            return "closed";
    }
    return "linked";
}

const CaseTrack* CaseFile::find_track(std::string_view id) const noexcept {
    const auto found = std::find_if(tracks.begin(), tracks.end(),
                                    [id](const CaseTrack& track) { return track.id == id; });
    return found == tracks.end() ? nullptr : &*found;
}

CaseFile case_file_of(const CaseHistory& history) {
    return CaseFold(history).fold();
}

std::optional<Settling> settling_of(const CaseHistory& history, const LedgerSource& source) {
    const std::optional<NoticeRef> by = reverser_of(source, reversals_in_force(history.facts));
    if (!by) return std::nullopt;
    const auto fact =
        std::find_if(history.facts.begin(), history.facts.end(), [&by](const LedgerFact& each) {
            return each.source.notice == *by && std::holds_alternative<NoticeReversed>(each.change);
        });
    if (fact == history.facts.end()) return std::nullopt;
    return Settling{*by, fact->source.at};
}

}  // namespace tongbao
