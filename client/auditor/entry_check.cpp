#include "client/auditor/entry_check.hpp"

#include "client/auditor/compromised_keys.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "domain/leaf_event.hpp"
#include "domain/overloaded.hpp"
#include "domain/reach.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>

namespace tongbao::client {

Result<std::optional<LogEntry>> EntryCheck::add(LogIndex index, BytesView bytes,
                                                const Digest& leaf) {
    Checked<LogEntry> entry = protocol::read_log_entry(bytes);
    if (!entry) {
        const Reason& reason = entry.error();
        report_.findings.add(Errc::bad_log_entry, index,
                             std::string(sentence(reason.code)) +
                                 (reason.place.empty() ? "" : " At: " + reason.place));
        return std::optional<LogEntry>();
    }
    const std::string_view event = protocol::event_word(entry->event);
    const auto count = report_.entries.find(event);
    if (count == report_.entries.end()) {
        report_.entries.emplace(event, 1);
    } else {
        ++count->second;
    }
    const Result<void> checked = check(index, *entry, leaf);
    if (!checked) return checked.error();
    return std::optional<LogEntry>(*std::move(entry));
}

Result<void> EntryCheck::check(LogIndex index, const LogEntry& entry, const Digest& leaf) {
    check_time(index, entry.time);
    return std::visit(
        Overloaded{
            [&](const LoggedEvent& event) { return check_logged(index, entry.time, event); },
            [&](const RefusedEvent& event) {
                return statements_.check_signed(index, entry.time, event.from, event.leaf);
            },
            [&](const ActEvent& event) { return check_act(index, entry.time, event); },
            [&](const RepliedEvent& event) { return check_replied(index, event); },
            [&](const RegisterEvent& event) -> Result<void> {
                check_register(index, entry.time, event, leaf);
                return {};
            },
            [&](const EscalatedEvent& event) -> Result<void> {
                clocks_.check(index, entry.time, event, addressed(event.notice));
                return {};
            },
            [&](const ClosedEvent& event) -> Result<void> {
                clocks_.check(index, event, addressed(event.notice));
                return {};
            },
            [&](const AnsweredActEvent& event) { return check_answered_act(index, event); },
            // What it hides its parties have checked, who alarm if it should not be hidden.
            [](const OpaqueEvent&) -> Result<void> { return {}; },
        },
        entry.event);
}

void EntryCheck::check_time(LogIndex index, UtcTime time) {
    if (!report_.first_time) report_.first_time = time;
    if (report_.last_time && time < *report_.last_time) {
        report_.findings.add(Errc::time_decreased, index,
                             format_utc(time) + " after " + format_utc(*report_.last_time));
        return;
    }
    report_.last_time = time;
}

void EntryCheck::check_head(LogIndex index, const Digest& register_head) {
    if (!register_.empty() && register_.back().second == register_head) return;
    report_.findings.add(Errc::register_mismatch, index,
                         "the entry names another register than was in force");
}

void EntryCheck::check_new(LogIndex index, const SignedLeaf& leaf) {
    if (accepted_.insert(leaf.sha256).second) return;
    report_.findings.add(Errc::repeated_leaf, index,
                         "the same signed bytes were accepted before: a replay");
}

void EntryCheck::remember(LogIndex index, const LoggedEvent& event) {
    Parties parties{event.from, event.to};
    parties.second.insert(parties.second.end(), event.cc.begin(), event.cc.end());
    const auto [place, added] = parties_places_.emplace(parties, parties_.size());
    if (added) parties_.push_back(std::move(parties));
    notices_.push_back({index, event.leaf.sha256, place->second, event.to.size()});
}

const EntryCheck::LoggedNotice* EntryCheck::find(const NoticeRef& ref) const {
    const auto found = std::lower_bound(
        notices_.begin(), notices_.end(), ref.index,
        [](const LoggedNotice& notice, LogIndex index) { return notice.index < index; });
    if (found == notices_.end() || found->index != ref.index) return nullptr;
    return found->sha256 == ref.sha256 ? &*found : nullptr;
}

std::optional<std::span<const UnitId>> EntryCheck::addressed(const NoticeRef& ref) const {
    const LoggedNotice* const notice = find(ref);
    if (notice == nullptr) return std::nullopt;
    return std::span(parties_[notice->parties].second).first(notice->addressed);
}

Result<void> EntryCheck::check_logged(LogIndex index, UtcTime time, const LoggedEvent& event) {
    const Result<void> checked = statements_.check_signed(index, time, event.from, event.leaf);
    if (!checked) return checked.error();
    check_head(index, event.register_head);
    check_new(index, event.leaf);
    signed_[event.leaf.signer].emplace_back(index, time);
    statements_.check_endorsed(index, time, event);
    for (const EndorsementRef& each : event.endorsements) {
        signed_[each.signer].emplace_back(index, time);
    }
    const std::optional<CharterAdopted>& charter = keys_.charter();
    if (!charter || charter->charter != event.charter ||
        charter->version != event.charter_version) {
        report_.findings.add(Errc::charter_mismatch, index,
                             "the notice is under a charter that was not in force");
    }
    cases_.check(index, event);
    remember(index, event);
    return check_contents(index, event);
}

bool EntryCheck::may_not_be_withheld(const LoggedEvent& event) const {
    if (!caller_) return false;
    const auto names_caller = [this](const std::vector<UnitId>& units) {
        return std::find(units.begin(), units.end(), *caller_) != units.end();
    };
    return event.from == *caller_ || names_caller(event.to) || names_caller(event.cc);
}

const Kind* EntryCheck::kind_under(const LoggedEvent& event) const {
    const Charter* const rules = trust_.rules.get();
    if (rules == nullptr || rules->id() != event.charter ||
        rules->version() != event.charter_version) {
        return nullptr;
    }
    return rules->find_kind(event.kind);
}

Result<void> EntryCheck::check_contents(LogIndex index, const LoggedEvent& event) {
    const Result<Bytes> bytes = source_.notice(index);
    if (!bytes) {
        const Errc errc = to_errc(bytes.error());
        const bool withheld = errc == Errc::not_found || errc == Errc::not_permitted;
        if (withheld && !may_not_be_withheld(event)) {
            ++report_.notices_withheld;
            return {};
        }
        if (!withheld && !answer_lacking(errc)) return bytes.error();
        report_.findings.add(errc, index,
                             withheld ? "the hub does not give the notice to " + caller_->value() +
                                            ", who sent or received it"
                                      : "the hub can't give the notice");
        return {};
    }
    if (crypto::sha256(*bytes) != event.leaf.sha256 ||
        crypto::leaf_hash(*bytes) != event.leaf.leaf_hash) {
        report_.findings.add(Errc::entry_mismatch, index,
                             "the notice that the hub gives is not the one that was logged");
        return {};
    }
    const Checked<protocol::Leaf> leaf = protocol::read_leaf(*bytes);
    const auto* const notice = leaf ? std::get_if<Notice>(&*leaf) : nullptr;
    if (notice == nullptr || !says(event, *notice, kind_under(event))) {
        report_.findings.add(Errc::entry_mismatch, index,
                             "the entry says something else of the notice than the notice does");
        return {};
    }
    ++report_.notices_read;
    return {};
}

Result<void> EntryCheck::check_act(LogIndex index, UtcTime time, const ActEvent& event) {
    const Result<void> checked = statements_.check_signed(index, time, event.from, event.leaf);
    if (!checked) return checked.error();
    check_head(index, event.register_head);
    check_new(index, event.leaf);
    signed_[event.leaf.signer].emplace_back(index, time);
    for (const NoticeRef& ref : event.notices) {
        const LoggedNotice* const notice = find(ref);
        const std::string place = std::to_string(ref.index.value());
        if (notice == nullptr) {
            report_.findings.add(Errc::no_such_notice, index,
                                 "the act names a notice that was not logged at " + place);
            continue;
        }
        const auto& [from, to] = parties_[notice->parties];
        // The sender says how it went to one of its recipients, or closes it there; who is online,
        // the register alone said then.
        const bool own = event.unit && event.from == from && contains(to, *event.unit);
        if (own) clocks_.check(index, event, addressed(ref));
        if (event.unit ? own : contains(to, event.from)) continue;
        std::string words = event.from.value();
        words += event.unit ? " did not send to " + event.unit->value() : " did not receive";
        report_.findings.add(Errc::act_not_allowed, index,
                             words.append(" the notice logged at ").append(place));
    }
    return {};
}

Result<void> EntryCheck::check_replied(LogIndex index, const RepliedEvent& event) {
    const Result<void> checked = statements_.check_reply(index, event.answer.index);
    if (!checked) return checked.error();
    const LoggedNotice* const asked = find(event.asked);
    const LoggedNotice* const answer = find(event.answer);
    if (asked == nullptr || answer == nullptr) {
        report_.findings.add(Errc::no_such_notice, index,
                             asked == nullptr ? "the notice that was answered was not logged"
                                              : "the answer was not logged");
        return {};
    }
    const std::vector<UnitId>& to = parties_[asked->parties].second;
    const bool addressed = contains(to, event.from);
    if (addressed && parties_[answer->parties].first == event.from &&
        asked->index < answer->index) {
        return {};
    }
    report_.findings.add(Errc::reply_to_nothing, index,
                         event.from.value() + " did not send this answer to what it received");
    return {};
}

Result<void> EntryCheck::check_answered_act(LogIndex index, const AnsweredActEvent& event) {
    const Result<void> checked = statements_.check_reply(index, event.by.index);
    if (!checked) return checked.error();
    const LoggedNotice* const notice = find(event.notice);
    const LoggedNotice* const by = find(event.by);
    if (notice == nullptr || by == nullptr) {
        report_.findings.add(Errc::no_such_notice, index,
                             by == nullptr ? "the notice that did it was not logged"
                                           : "the notice that it was done to was not logged");
        return {};
    }
    const Parties& old = parties_[notice->parties];
    const Parties& acting = parties_[by->parties];
    const bool own = old.first == event.from;
    const bool needs_own = reverses(event.act) || event.act == AnsweredAct::extend;
    if (acting.first != event.from || by->index <= notice->index || (needs_own && !own)) {
        report_.findings.add(Errc::act_not_allowed, index,
                             event.from.value() + " did not send what this act takes");
        return {};
    }
    if (!reverses(event.act)) {
        clocks_.check(index, event, addressed(event.notice));
        return {};
    }
    // Whom the hub delivers to the charter of then says, and of local units the register. Without
    // that charter it is sure only of recipients, copies excepted, who have a key.
    const Charter* const rules = trust_.rules.get();
    const bool judged =
        rules != nullptr && keys_.adopted_before(index, rules->id(), rules->version());
    const auto has_key = [this](const UnitId& unit) {
        return std::any_of(keys_.keys().begin(), keys_.keys().end(),
                           [&unit](const crypto::EnrolledKey& key) { return key.id.unit == unit; });
    };
    for (std::size_t i = 0; i < old.second.size(); ++i) {
        const UnitId& unit = old.second[i];
        const bool reached = judged ? Reach(*rules, keys_.local_units()).online(unit)
                                    : i < notice->addressed && has_key(unit);
        if (!reached || contains(acting.second, unit)) continue;
        report_.findings.add(Errc::recipient_missing, index,
                             unit.value() + " got the notice and not what takes it back");
    }
    if (!taken_back_.insert(event.notice.index).second) {
        report_.findings.add(Errc::act_out_of_order, index, "the notice was taken back before");
    }
    for (const NoticeAt& each : event.restored) {
        // Its own answer was taken back, or its own decision on what it had sent.
        const LoggedNotice* const at = find(each.notice);
        const bool moved = at != nullptr && parties_[at->parties].first == event.from;
        if (at == nullptr || at->index >= notice->index || (each.unit != event.from && !moved)) {
            report_.findings.add(Errc::act_not_allowed, index,
                                 "clocks run again that this notice can't have stopped");
            continue;
        }
        clocks_.check_restored(index, each, addressed(each.notice));
    }
    return {};
}

void EntryCheck::check_register(LogIndex index, UtcTime time, const RegisterEvent& event,
                                const Digest& leaf) {
    const std::optional<Digest> before =
        register_.empty() ? std::nullopt : std::optional(register_.back().second);
    register_.emplace_back(index, leaf);
    if (event.predecessor != before) {
        report_.findings.add(Errc::register_mismatch, index,
                             "the entry does not name the register entry before it");
    }
    // A broken chain was said; what the entry says counts all the same, so that one fault is not
    // found again at every entry after it.
    RegisterEvent linked = event;
    linked.predecessor = keys_.head();
    const Result<void> applied = keys_.apply(index, leaf, linked);
    if (!applied) {
        report_.findings.add(to_errc(applied.error()), index,
                             "the register can't take this entry: " + applied.error().message());
        return;
    }
    if (const auto* const charter = std::get_if<CharterAdopted>(&event.data)) {
        report_.charter = *charter;
        charter_index_ = index;
    } else if (const auto* const key = std::get_if<LogKeyAnnounced>(&event.data)) {
        if (key->verifier_key == trust_.log_key.text()) return;
        report_.findings.add(Errc::unknown_log_key, index,
                             "the log announces another key than the one it is checked with");
    } else if (const auto* const enrolled = std::get_if<KeyEnrolled>(&event.data)) {
        check_enrolled(index, time, *enrolled);
    }
}

void EntryCheck::check_enrolled(LogIndex index, UtcTime time, const KeyEnrolled& event) {
    const crypto::EnrolledKey* const key = keys_.find(crypto::sha256(event.certificate));
    if (key == nullptr) return;  // does not happen: the register took it
    const Result<void> trusted = trust_.certificates->check(key->certificate, key->id.use, time,
                                                            crypto::RevocationCheck::by_register);
    if (trusted) {
        ++report_.certificates;
        return;
    }
    report_.findings.add(to_errc(trusted.error()), index,
                         "the certificate enrolled here: " + trusted.error().message());
}

void EntryCheck::compare_register(const std::vector<RegisterRow>& rows, TreeSize size) {
    constexpr auto kWords = "the register that the hub shows to units is not the log's";
    std::size_t i = 0;
    for (const RegisterRow& row : rows) {
        if (!contains(size, row.index)) break;  // after the checkpoint
        const bool same = i < register_.size() && register_[i].first == row.index &&
                          register_[i].second == crypto::leaf_hash(row.entry);
        if (!same) {
            report_.findings.add(Errc::register_mismatch, row.index, kWords);
            return;
        }
        ++i;
    }
    if (i == register_.size()) return;
    report_.findings.add(Errc::register_mismatch, register_[i].first, kWords);
}

void EntryCheck::flag_compromised() {
    for (const auto& [certificate, since] : compromised_keys(keys_)) {
        const auto found = signed_.find(certificate);
        if (found == signed_.end()) continue;
        for (const auto& [index, time] : found->second) {
            if (time < since) continue;
            report_.flagged.push_back(
                {index, time, format_spiffe_id(keys_.find(certificate)->id), since});
        }
    }
    std::sort(
        report_.flagged.begin(), report_.flagged.end(),
        [](const FlaggedEntry& one, const FlaggedEntry& two) { return one.index < two.index; });
    report_.flagged_count = report_.flagged.size();
    if (report_.flagged.size() > Findings::kMaxFindings) {
        report_.flagged.erase(report_.flagged.begin() + Findings::kMaxFindings,
                              report_.flagged.end());
    }
}

Result<void> EntryCheck::finish(TreeSize size) {
    statements_.finish();
    flag_compromised();
    const Result<std::vector<RegisterRow>> rows = source_.register_entries();
    if (rows) {
        compare_register(*rows, size);
    } else if (answer_lacking(to_errc(rows.error()))) {
        report_.findings.add(to_errc(rows.error()), "the hub can't give its register");
    } else {
        return rows.error();
    }
    if (report_.charter && !is_ours(*report_.charter)) {
        report_.findings.add(Errc::charter_mismatch, charter_index_,
                             "the log has adopted another charter than the one it is checked with");
    }
    return {};
}

bool EntryCheck::is_ours(const CharterAdopted& charter) const {
    if (trust_.charter && charter.sha256 != *trust_.charter) return false;
    // Under another name its rules would seem never to have been in force.
    return trust_.rules == nullptr ||
           (charter.charter == trust_.rules->id() && charter.version == trust_.rules->version());
}

}  // namespace tongbao::client
