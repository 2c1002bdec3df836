#pragma once

#include "domain/charter.hpp"
#include "domain/masking.hpp"
#include "domain/reason.hpp"
#include "storage/search_index.hpp"
#include "transport/http_message.hpp"

#include <cstddef>

namespace tongbao::client {

inline constexpr std::size_t kMaxSearchCodePoints = 100;
inline constexpr std::size_t kMaxSearchWords = 8;
inline constexpr std::size_t kMostFoundNotices = 1000;

struct SearchRequest {
    storage::SearchQuestion question;
    Masking masking{Masking::masked};
};

/// Reads the query of `GET /v1/search`: `q`, and perhaps `kind`, `from`, `case`, `since`, `until`,
/// `limit` (1 to kMostFoundNotices, 100 unless given), `before` and `unmask`, each at most once. No
/// reason says what stood in `q`: it may be an identity number.
///
/// Errors: Errc::missing_member without `q`; Errc::wrong_length for more than kMaxSearchCodePoints
/// or kMaxSearchWords, or nothing but white space; Errc::unknown_kind; Errc::bad_value for a unit
/// that the charter does not know and other parameters that have not their form;
/// Errc::unknown_member, Errc::duplicate_member.
[[nodiscard]] Checked<SearchRequest> search_request(const transport::Fields& query,
                                                    const Charter& charter);

}  // namespace tongbao::client
