#pragma once

#include "domain/act.hpp"
#include "domain/charter_kind.hpp"
#include "domain/charter_office.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/money.hpp"
#include "domain/notice.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tongbao {

// What is written into the case ledger. What of the charter decides how a change counts (whether a
// track holds the case open, how a kind of money is summed) is part of the change, so that a ledger
// is read without a charter and keeps the rules of the version each notice was sent under.

/// The case was opened by this notice, and got its number.
struct CaseOpened {
    friend bool operator==(const CaseOpened&, const CaseOpened&) = default;
};

/// The notice belongs to the case.
struct NoticeLinked {
    friend bool operator==(const NoticeLinked&, const NoticeLinked&) = default;
};

/// 结案.
struct CaseClosed {
    /// In words; absent too where who reads the notice may not read them.
    std::optional<std::string> reason;

    friend bool operator==(const CaseClosed&, const CaseClosed&) = default;
};

/// A fact of the case: `title`, `subjects`, `source`, `found_at`, `supervised_due`, …
struct FactStated {
    std::string attribute;
    FieldValue value;

    friend bool operator==(const FactStated&, const FactStated&) = default;
};

struct FlagRaised {
    CaseFlag flag{};

    friend bool operator==(const FlagRaised&, const FlagRaised&) = default;
};

/// A track of the case, as the charter describes it.
struct TrackName {
    std::string id;
    UnitId unit;
    bool holds_case_open{false};

    friend bool operator==(const TrackName&, const TrackName&) = default;
};

struct TrackMoved {
    TrackName track;
    std::string state;
    /// Whether the state is one of the charter's finished ones.
    bool finished{false};

    friend bool operator==(const TrackMoved&, const TrackMoved&) = default;
};

/// What was decided, as far as the notice says it.
struct DecisionStated {
    /// None: of the case as a whole.
    std::optional<TrackName> track;
    std::optional<std::string> kind;
    std::optional<std::string> outcome;
    std::optional<std::string> doc_no;
    /// `2020-10-13`.
    std::optional<std::string> date;
    std::optional<std::string> measures;

    friend bool operator==(const DecisionStated&, const DecisionStated&) = default;
};

struct MoneyStated {
    std::string kind;
    Fen fen;
    MoneyTotal total{};
    std::optional<std::string> track;
    std::optional<std::string> doc_no;
    /// `2024`, `2024-H1`, `2024-Q3`, `2024-07`.
    std::optional<std::string> period;

    friend bool operator==(const MoneyStated&, const MoneyStated&) = default;
};

/// Everything that `notice`, of the same sender, wrote is reversed.
struct NoticeReversed {
    NoticeRef notice;

    friend bool operator==(const NoticeReversed&, const NoticeReversed&) = default;
};

using LedgerChange = std::variant<CaseOpened, NoticeLinked, CaseClosed, FactStated, FlagRaised,
                                  TrackMoved, DecisionStated, MoneyStated, NoticeReversed>;

/// Where a change comes from. All of it together is one event: an entry of the log may bring about
/// several, of several kinds (an answer implies taking up) and at several recipients.
struct LedgerSource {
    EffectEvent on{EffectEvent::logged};
    /// The signed notice whose effect it is.
    NoticeRef notice;
    KindId kind;
    /// Who sent that notice.
    UnitId sender;
    /// The signed leaf that brought the effect about: the notice itself, a recipient's act on it,
    /// or the answer to it. Where the hub did (closed), the notice itself.
    NoticeRef cause;
    /// At whom it happened; none for logged.
    std::optional<UnitId> recipient;
    /// The log's entry of that event, and its time.
    LogIndex entry;
    UtcTime at{};

    friend bool operator==(const LedgerSource&, const LedgerSource&) = default;
};

/// One change and where it comes from. Never altered once it is kept.
struct LedgerFact {
    LedgerSource source;
    LedgerChange change;

    friend bool operator==(const LedgerFact&, const LedgerFact&) = default;
};

/// All that is kept of a case: what was written, in the log's order. It only grows; what is shown
/// of the case, case_file_of computes.
struct CaseHistory {
    CaseNumber number;
    CharterId charter;
    std::vector<LedgerFact> facts;

    friend bool operator==(const CaseHistory&, const CaseHistory&) = default;
};

}  // namespace tongbao
