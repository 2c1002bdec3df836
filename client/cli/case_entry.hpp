#pragma once

#include "client/cli/case_words.hpp"
#include "client/cli/json_view.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// One thing that was written of a case, with the signed notice that says it. Borrows the daemon's
/// answer.
class CaseEntry {
public:
    enum class What : std::uint8_t { fact, flag, state, decision, money, link, reversal };

    CaseEntry(What what, const protocol::JsonValue& value) : what_(what), value_(value) {}
    /// Of a track.
    CaseEntry(What what, const protocol::JsonValue& value, const JsonView& track)
        : what_(what), value_(value), track_(track.text("id")), unit_(track.text("unit")) {}

    [[nodiscard]] What what() const { return what_; }
    /// `fact`, `flag`, `state`, …
    [[nodiscard]] std::string_view word() const;
    /// What of its sort it is, as the ledger names it: a fact's attribute, a track's state, the
    /// kind of a decision or of money, a link's role; empty for a reversal.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] const JsonView& value() const { return value_; }
    /// The track that it is of, and that track's unit; empty for what is of the case as a whole.
    [[nodiscard]] std::string track() const;
    [[nodiscard]] const std::string& track_unit() const { return unit_; }

    /// Where it comes from: the members of `said_by`.
    [[nodiscard]] JsonView said_by() const { return JsonView(value_.member("said_by")); }
    [[nodiscard]] std::string at() const { return said_by().text("at"); }
    /// The log's entry that brought it about; -1 if the daemon does not say.
    [[nodiscard]] std::int64_t log_entry() const;
    /// Who did it: the recipient of an act, else the notice's sender.
    [[nodiscard]] std::string by() const;
    /// The log index of the notice that says it, and of the one that took it back; empty if none.
    [[nodiscard]] std::string notice() const;
    [[nodiscard]] std::string taken_back_by() const;

    /// What it says, in one line of words: `investigating 查办中 / under investigation`,
    /// `fine 罚款 / fine, 粤医保发〔2020〕5号, 2020-10-13`, `1234.56`. Not made printable.
    [[nodiscard]] std::string text(CaseWords& words) const;

private:
    [[nodiscard]] std::string fact_text(CaseWords& words) const;
    [[nodiscard]] std::string decision_text(CaseWords& words) const;

    What what_;
    JsonView value_;
    std::string track_;
    std::string unit_;
};

/// All entries of GET /v1/cases/{case}, in the log's order.
[[nodiscard]] std::vector<CaseEntry> entries_of(const JsonView& file);

/// The steps and decisions of one of its tracks, in the log's order.
[[nodiscard]] std::vector<CaseEntry> entries_of_track(const JsonView& track);

}  // namespace tongbao::client
