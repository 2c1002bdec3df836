#pragma once

#include "domain/checkpoint.hpp"
#include "domain/errc.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// One thing that does not verify.
struct Finding {
    Errc code{};
    /// The entry it is about, or the first of the range that ends with `last`; none: the log.
    std::optional<LogIndex> index;
    std::optional<LogIndex> last;
    /// For a person: what was found and what should be there. May quote names that an entry holds:
    /// whoever shows it makes it printable.
    std::string words;

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// All findings are counted; the first kMaxFindings are kept, in the order in which they were
/// found: one fault at the start of a log may be seen at every entry after it.
class Findings {
public:
    static constexpr std::size_t kMaxFindings = 1000;

    void add(Errc code, std::optional<LogIndex> index, std::string words);
    void add_range(Errc code, LogIndex first, LogIndex last, std::string words);
    /// About the log as a whole.
    void add(Errc code, std::string words) { add(code, std::nullopt, std::move(words)); }

    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] const std::vector<Finding>& kept() const noexcept { return kept_; }

private:
    std::vector<Finding> kept_;
    std::uint64_t count_{0};
};

/// A signed entry that is valid by the order of the log, though others may have had its signer's
/// key when it was logged.
struct FlaggedEntry {
    LogIndex index;
    UtcTime time;
    /// The signer.
    std::string spiffe;
    /// Since when the key counts as compromised: `time` or earlier.
    UtcTime since;

    friend bool operator==(const FlaggedEntry&, const FlaggedEntry&) = default;
};

/// What was verified, and what did not verify.
struct AuditReport {
    /// The head that all was verified under, as the log signed it; no use if there are findings.
    std::string note;
    /// None if no checkpoint could be verified: nothing else was looked at then.
    std::optional<Checkpoint> checkpoint;
    /// The earlier head that the log was shown to extend.
    std::optional<TreeSize> known_size;
    /// How many entries of each event were read.
    std::map<std::string, std::uint64_t, std::less<>> entries;
    std::optional<UtcTime> first_time;
    std::optional<UtcTime> last_time;
    /// The newest charter that the log adopted.
    std::optional<CharterAdopted> charter;
    /// Batches whose statement, signature, certificate and root are good: one signature each.
    std::uint64_t batches{0};
    std::uint64_t signatures{0};
    /// Certificates in the register that are good.
    std::uint64_t certificates{0};
    /// Notices whose contents could be read and are those that the log names.
    std::uint64_t notices_read{0};
    /// Notices that the hub did not give to a caller who may have no right to read them.
    std::uint64_t notices_withheld{0};
    Findings findings;
    /// In log order, the first kMaxFindings of flagged_count.
    std::vector<FlaggedEntry> flagged;
    std::uint64_t flagged_count{0};

    [[nodiscard]] bool verified() const noexcept { return checkpoint && findings.empty(); }
};

/// The report as one JSON object:
/// {"verified":true,"checkpoint":{"origin","size","root"},"known_size"?,"charter":{…}?,
///  "first_time"?,"last_time"?,"entries":{"logged":12,…},"batches","signatures","certificates",
///  "notices_read","notices_withheld","signed_since_compromise_count",
///  "signed_since_compromise":[{"index","time","signer","since"}…],"finding_count","findings":[{"code","index"?,"last"?,"words"}…]}
[[nodiscard]] std::string write_report(const AuditReport& report);

}  // namespace tongbao::client
