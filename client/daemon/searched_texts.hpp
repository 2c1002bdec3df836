#pragma once

#include "domain/charter.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "storage/search_index.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// Reads a table that travelled as an attachment; none if the file is not here or is no table.
/// Errors: those of the attachment store, after which it may be tried again.
using ReadTable = std::function<Result<std::optional<Table>>(const Digest& sha256)>;

/// How much of a notice is searched.
enum class SearchedPart : std::uint8_t {
    whole,
    header,  ///< title, document and case number
};

/// A notice is small (protocol::kMaxNoticeBytes), but a table that came as an attachment megabytes.
inline constexpr std::size_t kMostSearchedBytes = std::size_t{256} * 1024;

/// What of a notice can be found, each value once, under where it stands: `title`, `doc_no`,
/// `case`, `fields.NAME`, `fields.TABLE.COLUMN` for the rows of a table, `attachments.KIND` for a
/// file's name. `case_number` is empty if there is none.
///
/// Of fields and columns: texts, names of persons, document and case numbers, codes and references
/// to notices; not what is chosen from a list or counted (enums, units, posts, times, numbers), by
/// which whole kinds of notices would be found. A text that the charter does not know is taken.
///
/// At most some kMostSearchedBytes of names and texts: what stands behind them is not found.
///
/// Errors: those of `read_table`. May block.
[[nodiscard]] Result<std::vector<storage::SearchText>> searched_texts(
    const Charter& charter, const Notice& notice, const std::string& case_number,
    const ReadTable& read_table, SearchedPart part = SearchedPart::whole);

/// Whether a value that searched_texts found under `name` in a notice of this kind is shown with
/// its first and last characters only: as the charter says of the field or column; of a field or
/// column that it does not know, always.
[[nodiscard]] bool is_masked(const Charter& charter, const KindId& kind, std::string_view name);

}  // namespace tongbao::client
