#pragma once

#include "domain/ledger_change.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

// A case as it is shown: everything that was ever written of it, each with the notice that says it
// and, if that no longer counts, the notice that took it back.

/// registered: no track moved yet; concluded: closed; reopened: a track that holds the case open
/// moved after closing and is not finished.
enum class CaseState : std::uint8_t { registered, handling, concluded, reopened };

/// The word of the charters' enum `case_states`.
[[nodiscard]] std::string_view word(CaseState state) noexcept;

enum class LinkRole : std::uint8_t { opened, linked, closed };

/// `opened`, `linked`, `closed`.
[[nodiscard]] std::string_view word(LinkRole role) noexcept;

struct CaseLink {
    LinkRole role{};
    LedgerSource source;
    /// In words, of a notice that closes.
    std::optional<std::string> closing_reason;
    std::optional<NoticeRef> reversed_by;

    friend bool operator==(const CaseLink&, const CaseLink&) = default;
};

struct CaseFact {
    std::string attribute;
    FieldValue value;
    LedgerSource source;
    std::optional<NoticeRef> reversed_by;

    friend bool operator==(const CaseFact&, const CaseFact&) = default;
};

struct CaseFlagEntry {
    CaseFlag flag{};
    LedgerSource source;
    std::optional<NoticeRef> reversed_by;

    friend bool operator==(const CaseFlagEntry&, const CaseFlagEntry&) = default;
};

/// A reversal: `target` is the notice that was taken back.
struct CaseReversal {
    NoticeRef target;
    LedgerSource source;
    /// A correction was itself taken back.
    std::optional<NoticeRef> reversed_by;

    friend bool operator==(const CaseReversal&, const CaseReversal&) = default;
};

struct TrackStep {
    std::string state;
    bool finished{false};
    LedgerSource source;
    std::optional<NoticeRef> reversed_by;

    friend bool operator==(const TrackStep&, const TrackStep&) = default;
};

struct CaseDecision {
    DecisionStated said;
    LedgerSource source;
    std::optional<NoticeRef> reversed_by;

    friend bool operator==(const CaseDecision&, const CaseDecision&) = default;
};

struct CaseTrack {
    std::string id;
    UnitId unit;
    bool holds_case_open{false};
    /// None where every step was taken back, and where only a decision was told.
    std::optional<std::string> state;
    bool finished{false};
    /// When it came into this state; saying the same once more does not change it.
    std::optional<UtcTime> since;
    std::vector<TrackStep> history;
    std::vector<CaseDecision> decisions;

    /// Whether the case may not be closed for its sake.
    [[nodiscard]] bool open() const noexcept {
        return holds_case_open && state.has_value() && !finished;
    }

    friend bool operator==(const CaseTrack&, const CaseTrack&) = default;
};

struct MoneyEntry {
    MoneyStated said;
    LedgerSource source;
    /// The correction, or the later notice with the same identity that replaces it.
    std::optional<NoticeRef> reversed_by;
    /// Whether it is part of the case's total: not reversed, and where the last one stated is the
    /// total (`latest`) the last one.
    bool counts{false};

    friend bool operator==(const MoneyEntry&, const MoneyEntry&) = default;
};

struct Supervised {
    std::optional<std::string> due;
    std::optional<std::string> resolution_no;

    friend bool operator==(const Supervised&, const Supervised&) = default;
};

struct CaseFlags {
    bool major{false};
    std::optional<Supervised> supervised;

    friend bool operator==(const CaseFlags&, const CaseFlags&) = default;
};

/// In the log's order throughout; tracks in the order in which they first moved.
struct CaseFile {
    CaseNumber number;
    CharterId charter;
    std::optional<std::string> title;
    /// A table, or the digest of one that travelled as an attachment.
    std::optional<FieldValue> subjects;
    std::optional<std::string> source;
    std::optional<std::string> found_at;
    /// Of the notice that opened it, taken back or not: the number was given for it. None where
    /// who keeps the ledger does not hold that notice.
    std::optional<UtcTime> opened_at;
    std::optional<UnitId> opened_by;
    CaseState state{};
    CaseFlags flags;
    std::vector<CaseFact> facts;
    std::vector<CaseFlagEntry> flag_entries;
    std::vector<CaseTrack> tracks;
    /// Of the case as a whole; those of a track stand there.
    std::vector<CaseDecision> decisions;
    std::vector<MoneyEntry> money;
    std::vector<CaseLink> links;
    std::vector<CaseReversal> reversals;

    /// nullptr if it never moved. Linear.
    [[nodiscard]] const CaseTrack* find_track(std::string_view id) const noexcept;

    friend bool operator==(const CaseFile&, const CaseFile&) = default;
};

/// The case that `history` tells of. Everything but the history is computed here and nowhere kept,
/// so a ledger rebuilt and one kept differ only if their histories do.
///
/// A reversal that was itself reversed does not count: what it took back counts again. An entry of
/// money that a later one of the same identity replaced counts again once that one is reversed.
///
/// Pure, so threads may share what it takes. n log n in the facts.
///
/// Source: lifecycle-ledger, "Case ledger 案件台账" and "Effects".
[[nodiscard]] CaseFile case_file_of(const CaseHistory& history);

/// What took effects of a case back.
struct Settling {
    /// The notice that did, and its entry's time.
    NoticeRef by;
    UtcTime at{};

    friend bool operator==(const Settling&, const Settling&) = default;
};

/// What took back the notice whose effects `source` tells of, or the leaf that brought them about;
/// none while nothing that counts did. `history` is of that case. Linear in its facts.
[[nodiscard]] std::optional<Settling> settling_of(const CaseHistory& history,
                                                  const LedgerSource& source);

}  // namespace tongbao
