#pragma once

#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"
#include "storage/fault_report.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::storage {

/// One value that can be found, under the name of where it stands. Well-formed UTF-8.
struct SearchText {
    std::string name;
    std::string text;

    friend bool operator==(const SearchText&, const SearchText&) = default;
};

/// How a unit came to hold a notice. Stored by number.
enum class SearchBox : std::uint8_t {
    inbox,  ///< it arrived
    sent,   ///< one of the unit's own
    kept,   ///< between others, held by the keeper of the case ledger
};

/// A notice as it is found.
struct SearchRow {
    LogIndex index;
    Uuid id;
    KindId kind;
    UnitId from;
    std::string title;
    std::string case_number;  ///< empty if none
    SearchBox box{SearchBox::inbox};
    UtcTime at{};  ///< when it arrived, was handed over, or, of one that is kept, was logged
    std::vector<SearchText> texts;

    friend bool operator==(const SearchRow&, const SearchRow&) = default;
};

/// Up to where the daemon's database was read.
struct SearchPositions {
    std::optional<LogIndex> batch;  ///< the last delivery
    std::uint64_t settled{0};       ///< the last item of the outbox

    friend bool operator==(const SearchPositions&, const SearchPositions&) = default;
};

/// Words in search form (see domain/search_text.hpp), at least one, none empty: a notice is found
/// that has each of them in one of its texts. The rest narrows it down.
struct SearchQuestion {
    std::vector<std::string> words;
    std::optional<KindId> kind{};
    std::optional<UnitId> from{};
    std::optional<CaseNumber> case_number{};
    std::optional<UtcTime> since{};    ///< not earlier
    std::optional<UtcTime> until{};    ///< not later
    std::optional<LogIndex> before{};  ///< below this place in the log
    std::size_t limit{100};
};

/// Notices, newest first, each with those of its texts that have one of the words.
struct SearchPage {
    std::vector<SearchRow> rows;
    /// There may be more below this place.
    std::optional<LogIndex> next;
};

/// By whom and under which charter an index was made: which texts stand in it depends on them.
struct SearchMaker {
    UnitId unit;
    Digest charter;

    friend bool operator==(const SearchMaker&, const SearchMaker&) = default;
};

/// So many notices that have all grams of a question are read for one page at most, so that no
/// question takes for ever: what is found of them is given, and where to go on.
inline constexpr std::size_t kMostSearchCandidates = 4'000;

/// What a unit holds, by what stands in it. A projection: it follows from the daemon's database,
/// and may be deleted and made anew at any time. Thread-safe; questions do not wait for add.
///
/// Every method may answer Errc::storage_corrupt, Errc::storage_failure, Errc::storage_full.
class SearchIndex {
public:
    virtual ~SearchIndex() = default;

    [[nodiscard]] virtual Result<SearchPositions> positions() const = 0;

    /// Adds notices and moves the positions, in one transaction. Costs about as many index entries
    /// as the texts have characters, times three.
    ///
    /// Errors, after which nothing was written: Errc::already_exists if a notice of that place is
    /// there.
    [[nodiscard]] virtual Result<void> add(const std::vector<SearchRow>& rows,
                                           const SearchPositions& positions) = 0;

    /// Errors: Errc::bad_argument for a question without words, or for more than
    /// kMostSearchCandidates rows.
    [[nodiscard]] virtual Result<SearchPage> find(const SearchQuestion& question) const = 0;

    /// How many notices are in it.
    [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;

    /// Deletes the file and begins with an empty one of `maker`. Nothing is set aside: it would be
    /// a copy of personal data that nobody watches over.
    [[nodiscard]] virtual Result<void> begin_anew(const SearchMaker& maker) = 0;
};

/// What was at the place of an index that was opened.
enum class SearchFileFound : std::uint8_t {
    nothing,        ///< a new one was made
    kept,           ///< it goes on
    other_maker,    ///< deleted and made anew
    other_version,  ///< of its tables; deleted and made anew
    unreadable,     ///< deleted and made anew: it may hold personal data, so nothing is kept of it
};

struct OpenedSearch {
    std::unique_ptr<SearchIndex> index;
    SearchFileFound found{};
};

/// Opens the index in `file`, or makes an empty one, with mode 0600. `report` gets the library's
/// words.
///
/// Errors: Errc::storage_full, Errc::storage_failure.
[[nodiscard]] Result<OpenedSearch> open_search_index(const std::filesystem::path& file,
                                                     const SearchMaker& maker, FaultReport report);

}  // namespace tongbao::storage
