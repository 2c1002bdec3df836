#pragma once

#include "crypto/openssl_handle.hpp"
#include "domain/time.hpp"

#include <ctime>
#include <optional>

namespace tongbao::crypto {

/// The moment that `time` names; none if it is absent or not in the form that RFC 5280 section
/// 4.1.2.5 allows (UTC, seconds, no fraction).
[[nodiscard]] std::optional<UtcTime> read_asn1_time(const ASN1_TIME* time);

/// `time` without its milliseconds, as UTCTime through 2049 and as GeneralizedTime from 2050 on;
/// null only if memory is gone or the year is beyond 9999.
[[nodiscard]] Asn1TimeHandle make_asn1_time(UtcTime time);

/// The same as GeneralizedTime whatever the year, as invalidityDate has it.
[[nodiscard]] Asn1TimeHandle make_generalized_time(UtcTime time);

/// The seconds of `time` as OpenSSL takes them. Not by std::chrono::system_clock::to_time_t: its
/// nanoseconds overflow after the year 2262.
[[nodiscard]] std::time_t to_seconds(UtcTime time);

}  // namespace tongbao::crypto
