#pragma once

#include "domain/answered_act.hpp"
#include "domain/charter_deadline.hpp"
#include "domain/charter_field.hpp"
#include "domain/charter_unit.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tongbao {

enum class Obligation : std::uint8_t { must, may };

/// Whether the header carries `in_reply_to`.
enum class ReplyUse : std::uint8_t { required, optional, none };

/// Which notices a reply may point at: those whose `replies` name it, any with an unanswered clock
/// at one of the parties, or one of the sender's own.
enum class AnswersTo : std::uint8_t { listed, any_open_clock, own_notice };

/// Whether the header carries a case number; may_open: without one the hub opens a case.
enum class CaseUse : std::uint8_t { required, optional, may_open, none };

/// L1 公开 to L4 register only.
enum class SecurityClass : std::uint8_t { l1, l2, l3, l4 };

enum class OfficeSees : std::uint8_t { all, clear, none };
enum class Visibility : std::uint8_t { parties, members };
enum class AuditorScope : std::uint8_t { all, named };
enum class StampUse : std::uint8_t { own, on_behalf, none };

/// How many other persons must agree before a notice is issued.
enum class Approver : std::uint8_t { none, one, two };

enum class DocumentFormat : std::uint8_t { ofd, pdf };

struct AttachmentRule {
    std::string kind;
    std::string title_zh;
    bool required{false};
    bool clear{false};
    std::optional<Condition> required_if;
    /// More than one of this kind may be brought.
    bool many{false};
    /// The signed word that there is none will do.
    bool none_declaration{false};
    /// Empty: any.
    std::vector<DocumentFormat> formats;
};

/// A condition that must hold, or the notice is refused with both titles.
struct MustCheck {
    Condition must;
    std::string title_zh;
    std::string title_en;
};

/// `to` must not lie before `from`; later than `deadline` after it is flagged, never refused.
struct OrderCheck {
    std::string from;
    std::string to;
    std::optional<std::string> deadline;
};

using Check = std::variant<MustCheck, OrderCheck>;

struct ReceiptRule {
    bool required{false};
    std::optional<std::string> within;
};

enum class DeclineRule : std::uint8_t { with_reason, not_allowed };

/// Must a person take the notice up.
struct AcceptRule {
    bool required{false};
    DeclineRule decline{DeclineRule::not_allowed};
    std::optional<std::string> meaning_zh;
    std::vector<std::string> not_a_reason_zh;
};

/// reply: comes back to the sender; follow_up: goes to a third party.
enum class ReplyRole : std::uint8_t { reply, follow_up };

/// One clock for each row is owed by the row's own unit.
struct OwedByRowUnit {};

/// Who owes the answer: every recipient, those of a group, or the unit of each row.
using OwedBy = std::variant<std::monostate, std::string, OwedByRowUnit>;

/// An answer that a notice asks for.
struct ReplyRule {
    KindId kind;
    ReplyRole role{};
    Within within;
    /// Nothing is owed, but what comes later than `within` counts as late.
    bool optional{false};
    /// The deadline where the field or column of `within` is absent.
    std::optional<std::string> fallback;
    /// Only then does its clock run. Over the asking notice.
    std::optional<Condition> when;
    /// Only such an answer of `kind` stops the clock. Over answer and asking notice.
    std::optional<Condition> satisfied_when;
    /// Other kinds that stop the clock too, whatever they say.
    std::vector<KindId> satisfied_by;
    OwedBy owed_by;
    /// The table field with one clock for each row, and the column and field that tie them.
    std::optional<std::string> rows;
    std::optional<std::string> row_key;
};

enum class EffectEvent : std::uint8_t {
    logged,
    delivered,
    signed_for,
    taken_up,
    declined,
    replied,
    closed,
};

enum class CaseStep : std::uint8_t { open, link, close };
enum class CaseFlag : std::uint8_t { supervised, major };

/// Which track an effect moves: one by its id, the main track of sender or recipient, the one that
/// a field names, or the one that a column names in each row.
struct TrackTarget {
    enum class Source : std::uint8_t { track, of_sender, of_recipient, field, row };
    Source source{};
    /// The track, field or column; empty for of_sender and of_recipient.
    std::string name;
};

/// The state a track is set to: by its id, or the one that a field names.
struct StateTarget {
    bool from_field{false};
    std::string name;
};

/// A part of the case ledger ← a field of the notice.
struct LedgerAttribute {
    std::string attribute;
    std::string field;
};

/// What a notice writes into the case ledger.
struct Effect {
    EffectEvent on{};
    std::optional<Condition> when;
    std::optional<CaseStep> case_step;
    std::vector<LedgerAttribute> facts;
    std::optional<CaseFlag> flag;
    std::optional<TrackTarget> track;
    std::optional<StateTarget> state;
    std::optional<std::string> rows;
    std::vector<LedgerAttribute> decision;
    /// The attribute is the kind of money.
    std::vector<LedgerAttribute> money;
    /// Reverses every entry of the notice in `in_reply_to`.
    bool reverses_answered{false};
};

/// What a notice of the kind does to an earlier one. Of several the first counts whose `when`
/// holds.
struct AnsweredRule {
    AnsweredAct act{};
    /// Over the acting notice.
    std::optional<Condition> when;
    /// For correct alone: the field that names the notice that counts instead.
    std::optional<std::string> replaced_by;
    /// For extend alone: the field with the new limit, and the one that quotes a legal basis.
    std::optional<std::string> new_due;
    std::optional<std::string> basis;
};

/// A kind of notice: who may send it to whom, what it holds, and what follows from it.
struct Kind {
    KindId id;
    std::string title_zh;
    std::string title_en;
    std::string flow;
    std::vector<UnitAddress> from;
    std::vector<UnitAddress> to;
    std::vector<UnitAddress> cc;
    Obligation mode{};
    std::string trigger_zh;
    ReplyUse reply{};
    AnswersTo answers{};
    CaseUse case_use{};
    SecurityClass security_class{};
    OfficeSees office_sees{};
    Visibility visibility{};
    AuditorScope auditors{};
    std::string urgency;
    StampUse stamp{};
    Approver approver{};
    /// Every recipient is external: nothing is delivered.
    bool register_only{false};
    std::vector<FieldRule> fields;
    std::vector<AttachmentRule> attachments;
    std::vector<Check> checks;
    std::optional<std::string> send_within;
    ReceiptRule receipt;
    AcceptRule accept;
    std::vector<ReplyRule> replies;
    std::string escalation;
    std::vector<Effect> effects;
    std::vector<AnsweredRule> on_answered;
    std::vector<Quotation> sources;
    std::vector<std::string> law;
    Origin origin{};
    std::optional<PostId> from_post;
    std::optional<PostId> to_post;
    std::optional<std::string> cycle;
    std::optional<std::string> note;

    /// Whether nobody but its parties may know that such a notice exists.
    [[nodiscard]] bool restricted() const noexcept { return office_sees == OfficeSees::none; }

    /// Whether it answers other notices, so that the hub evaluates its checks.
    [[nodiscard]] bool is_answer() const noexcept { return reply != ReplyUse::none; }
};

/// The rule of the attachments of `kind`, or nullptr. Linear.
[[nodiscard]] const AttachmentRule* find_attachment(const Kind& kind,
                                                    std::string_view attachment_kind) noexcept;

}  // namespace tongbao
