#pragma once

#include "hub/caller.hpp"
#include "tests/hub/alarmed_hub.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// A notice that was handed in: its place, and the case that its entry names.
struct InLog {
    NoticeRef ref;
    std::optional<CaseNumber> number;
    bool opened{false};
    /// As verdict has them; then nothing else counts.
    std::string reasons;
};

/// A started hub whose charter has besides: `closing`, by which lake, reeds or dike close a case
/// (only lake may), `report`, by which dike or lake say the state of their tracks, with an effect
/// at delivery, and `note`, which the office does not see whole.
struct CasedHub : HubParts {
    explicit CasedHub(UtcTime now = TestPki::kNow) : HubParts(now) {
        CharterParts parts = load().parts();
        Kind base = kind_named(parts, "poaching_answer");
        base.from = {UnitAddress("lake"), UnitAddress("reeds"), UnitAddress("dike"),
                     UnitAddress("office")};
        base.to = base.from;
        base.cc = base.from;
        base.reply = ReplyUse::none;
        base.fields.clear();
        base.effects = {stepping(CaseStep::link)};
        Kind closing = base;
        closing.id = KindId("closing");
        closing.effects.push_back(stepping(CaseStep::close));
        Kind report = base;
        report.id = KindId("report");
        report.accept.required = true;
        report.accept.decline = DeclineRule::with_reason;
        report.effects.push_back(moving(EffectEvent::logged, "closed"));
        report.effects.push_back(moving(EffectEvent::delivered, "investigating"));
        report.effects.push_back(moving(EffectEvent::taken_up, "accepted"));
        Kind note = base;
        note.id = KindId("note");
        note.office_sees = OfficeSees::clear;
        parts.kinds.insert(parts.kinds.end(), {closing, report, note});
        deployment.charter = std::make_shared<const Charter>(std::move(parts));
        start();
    }

    static Effect stepping(CaseStep step) {
        Effect effect;
        effect.case_step = step;
        return effect;
    }

    /// The sender's main track.
    static Effect moving(EffectEvent on, const char* state) {
        Effect effect;
        effect.on = on;
        effect.track = TrackTarget{TrackTarget::Source::of_sender, ""};
        effect.state = StateTarget{false, state};
        return effect;
    }

    static Kind kind_named(const CharterParts& parts, std::string_view id) {
        for (const Kind& kind : parts.kinds) {
            if (kind.id.value() == id) return kind;
        }
        throw std::logic_error("the invented charter lacks a kind");
    }

    /// One of the kinds above, in a case.
    Notice in_case(const char* kind, const char* from, const char* to,
                   const std::optional<CaseNumber>& number) {
        Notice notice = notice_of(kind, from, {to});
        notice.id = NoticeId(numbered_uuid(++last_id_));
        notice.title = "盗猎线索答复";
        notice.secrecy = "工作秘密";
        notice.case_number = number;
        return notice;
    }

    Notice fresh_alarm() { return numbered_alarm(++last_id_); }

    InLog hand_in(const Notice& notice) {
        const Bytes leaf = leaf_of(notice);
        const protocol::LeafOutcome outcome = send(notice.from.value(), leaf);
        InLog out;
        out.reasons = verdict(outcome);
        const auto index = accepted_at(outcome);
        if (!index) return out;
        out.ref = {crypto::sha256(leaf), *index};
        const LogEntry said = entry(*index);
        out.number = std::get<LoggedEvent>(said.event).case_number;
        out.opened = std::get<LoggedEvent>(said.event).opens_case;
        return out;
    }

    std::string act(ActKind kind, const InLog& notice, const char* from, bool reason = false) {
        Act act = act_of(++last_id_, kind, {notice.ref}, from);
        if (reason) act.reason = "不属本单位职责";
        return verdict(send(from, leaf_of(act)));
    }

    /// The states that the hub has written of the case, `track state`, in their order.
    [[nodiscard]] std::vector<std::string> moves(const CaseNumber& number) const {
        std::vector<std::string> lines;
        for (const LedgerFact& fact : must(store.read_case_facts(number))) {
            const auto* const moved = std::get_if<TrackMoved>(&fact.change);
            if (moved != nullptr) lines.push_back(moved->track.id + ' ' + moved->state);
        }
        return lines;
    }

    /// Batches of the mailbox that the unit has.
    [[nodiscard]] std::size_t mail_of(const char* unit) const {
        return must(store.read_mailbox(UnitId(unit), std::nullopt, 100)).size();
    }

private:
    std::uint16_t last_id_{100};
};

}  // namespace tongbao::testing
