#pragma once

#include "domain/act.hpp"
#include "domain/answered_act.hpp"
#include "domain/bytes.hpp"
#include "domain/charter_deadline.hpp"
#include "domain/digest.hpp"
#include "domain/errc.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tongbao {

/// What the log says of a signed leaf (a notice or an act): enough to check its signature without
/// its contents, and to recognise the contents without giving them away.
struct SignedLeaf {
    /// SHA-256 of the leaf's exact bytes.
    Digest sha256;
    /// Its hash as a leaf of the batch's tree: SHA-256(0x00 ‖ bytes).
    Digest leaf_hash;
    /// SHA-256 of the batch statement's container.
    Digest statement;
    /// SHA-256 of the signer's certificate.
    Digest signer;

    friend bool operator==(const SignedLeaf&, const SignedLeaf&) = default;
};

/// What the log says of an endorsement of a notice.
struct EndorsementRef {
    std::string role;
    /// SHA-256 of the endorsement's container.
    Digest statement;
    /// SHA-256 of the endorser's certificate.
    Digest signer;

    friend bool operator==(const EndorsementRef&, const EndorsementRef&) = default;
};

/// 入册: a notice got its place.
struct LoggedEvent {
    SignedLeaf leaf;
    UnitId from;
    std::vector<UnitId> to;
    std::vector<UnitId> cc;
    KindId kind;
    CharterId charter;
    CharterVersion charter_version;
    /// Leaf hash of the newest register entry before this one: the register that was in force.
    Digest register_head;
    /// At most kMaxEndorsements (domain/endorsement.hpp); none where the charter asks for none.
    std::vector<EndorsementRef> endorsements{};
    /// The case that the notice belongs to: case_of (domain/ledger_effects.hpp). None of a kind
    /// that has nothing to do with cases.
    std::optional<CaseNumber> case_number{};
    /// The hub gave the number for this notice.
    bool opens_case{false};
    /// The limits of its sending that it was late for, in the order of SendLimits
    /// (domain/send_limit.hpp): a flag, never a refusal.
    std::vector<std::string> late{};

    friend bool operator==(const LoggedEvent&, const LoggedEvent&) = default;
};

/// A rightly signed leaf of an enrolled unit that was not accepted.
struct RefusedEvent {
    SignedLeaf leaf;
    UnitId from;
    /// Only a kind that the charter has (anything else is the sender's own text), and that all who
    /// read the log may know of.
    std::optional<KindId> kind;
    /// At least one, in the order of the codes, no code twice.
    std::vector<Errc> reasons;

    friend bool operator==(const RefusedEvent&, const RefusedEvent&) = default;
};

/// A signed act: the event is the act's word.
struct ActEvent {
    SignedLeaf leaf;
    ActKind act{};
    UnitId from;
    std::vector<NoticeRef> notices;
    Digest register_head;
    /// Of `dispatched`: the recipient that it went to; of `closed_by_sender`: at whom it is closed.
    /// How and why, only the act says.
    std::optional<UnitId> unit{};

    friend bool operator==(const ActEvent&, const ActEvent&) = default;
};

/// An answer that satisfies was logged.
struct RepliedEvent {
    /// The unit that answered.
    UnitId from;
    NoticeRef asked;
    NoticeRef answer;

    friend bool operator==(const RepliedEvent&, const RepliedEvent&) = default;
};

/// A notice at one of its recipients, or at who answered it.
struct NoticeAt {
    NoticeRef notice;
    UnitId unit;

    friend bool operator==(const NoticeAt&, const NoticeAt&) = default;
};

/// A notice did something to an earlier one. The event is the act's word, done.
struct AnsweredActEvent {
    AnsweredAct act{};
    /// Whose notice `by` is.
    UnitId from;
    /// What it was done to.
    NoticeRef notice;
    /// The notice that did it.
    NoticeRef by;
    /// Of extended, urged and supervised: at which of the recipients. corrected and withdrawn are
    /// at all of them.
    std::optional<UnitId> unit{};
    /// Of extended: the places, ascending, of the clocks whose limit moved, as in EscalatedEvent.
    std::vector<std::uint16_t> clocks{};
    /// Of extended: the last moment that is in time from then on.
    std::optional<UtcTime> due{};
    /// Of corrected and withdrawn: where clocks run again that `notice` had stopped, or limits go
    /// back that it had moved; each once.
    std::vector<NoticeAt> restored{};

    friend bool operator==(const AnsweredActEvent&, const AnsweredActEvent&) = default;
};

/// A step of an escalation was done, for one clock of a notice at one of its recipients. The
/// entry's time says when, `due` since when it was to be done. The event is `overdue` for the deed
/// mark_overdue, else `escalated`.
struct EscalatedEvent {
    NoticeRef notice;
    /// The recipient, whose clock it is.
    UnitId unit;
    /// The clock's place among those that the notice starts at the unit (domain/clock_terms.hpp):
    /// a row's key might be a value.
    std::uint16_t clock{0};
    /// The place among the kind's replies; none for the receipt's clock, which is the first.
    std::optional<std::uint16_t> reply{};
    /// The place among the clock's limits: the first, then one for each time that it was moved.
    std::uint16_t limit{0};
    /// The place among the steps of the escalation.
    std::uint16_t step{0};
    EscalationDeed deed{};
    UtcTime due{};

    friend bool operator==(const EscalatedEvent&, const EscalatedEvent&) = default;
};

/// Nothing that the notice asked of this recipient is owed any more: the hub closes it there.
struct ClosedEvent {
    NoticeRef notice;
    UnitId unit;

    friend bool operator==(const ClosedEvent&, const ClosedEvent&) = default;
};

/// The charter in force from here on.
struct CharterAdopted {
    CharterId charter;
    CharterVersion version;
    /// SHA-256 of the charter's file.
    Digest sha256;

    friend bool operator==(const CharterAdopted&, const CharterAdopted&) = default;
};

/// The key that signs checkpoints, as a verifier key.
struct LogKeyAnnounced {
    std::string verifier_key;

    friend bool operator==(const LogKeyAnnounced&, const LogKeyAnnounced&) = default;
};

/// A unit's consent to keys of its own, as it was given: the text and a signature over it.
/// crypto/key_consent.hpp says what the text holds and checks the signature.
struct SignedConsent {
    std::string text;
    Bytes signature;

    friend bool operator==(const SignedConsent&, const SignedConsent&) = default;
};

/// A certificate counts from here on.
struct KeyEnrolled {
    std::string spiffe;
    Bytes certificate;  ///< DER
    /// By the unit's previous sign key; none for the key that people confirmed by hand, for a
    /// certificate that renews another, and for those who are no units.
    std::optional<SignedConsent> consent{};

    friend bool operator==(const KeyEnrolled&, const KeyEnrolled&) = default;
};

/// A certificate does not count from here on.
struct KeyRevoked {
    std::string spiffe;
    Digest certificate;
    /// From when on others may have had the key, if that is known.
    std::optional<UtcTime> compromised_since{};

    friend bool operator==(const KeyRevoked&, const KeyRevoked&) = default;
};

/// An entry of the register: readable by every unit, chained to the register entry before it.
struct RegisterEvent {
    /// Leaf hash of the register entry before; none for the first.
    std::optional<Digest> predecessor;
    std::variant<CharterAdopted, LogKeyAnnounced, KeyEnrolled, KeyRevoked> data;

    friend bool operator==(const RegisterEvent&, const RegisterEvent&) = default;
};

/// Something that only its parties may know of: its entry is a record of its own, which they have,
/// and of which the log holds the digest.
struct OpaqueEvent {
    /// SHA-256 of the record: the bytes of an entry, of the same time, with a salt of its own.
    Digest record;

    friend bool operator==(const OpaqueEvent&, const OpaqueEvent&) = default;
};

using LogEvent = std::variant<LoggedEvent, RefusedEvent, ActEvent, RepliedEvent, RegisterEvent,
                              EscalatedEvent, ClosedEvent, AnsweredActEvent, OpaqueEvent>;

/// The leaf that the event logs, of a notice or an act that was accepted; else nullptr.
[[nodiscard]] const SignedLeaf* accepted_leaf_of(const LogEvent& event);

/// The register that the event names as the one in force; none of those that name none.
[[nodiscard]] std::optional<Digest> register_head_of(const LogEvent& event);

/// The notices that the event names, the one that it logs not among them.
[[nodiscard]] std::vector<NoticeRef> notices_named(const LogEvent& event);

/// One entry of the audit log, before it became bytes. Holds no title, document number, value,
/// reason in words or person. The salt makes its leaf hash impossible to guess.
struct LogEntry {
    UtcTime time{};
    std::array<std::uint8_t, 16> salt{};
    LogEvent event;

    friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

}  // namespace tongbao
