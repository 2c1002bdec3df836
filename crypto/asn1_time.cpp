#include "crypto/asn1_time.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"

#include <algorithm>
#include <string_view>

namespace tongbao::crypto {
namespace {

/// Digits down to the second, then Z. OpenSSL's reader alone takes fractions and offsets too.
bool has_form(const ASN1_TIME& time) {
    constexpr std::size_t kUtcTimeDigits = 12;
    constexpr std::size_t kGeneralizedTimeDigits = 14;
    const std::size_t digits =
        ASN1_STRING_type(&time) == V_ASN1_UTCTIME ? kUtcTimeDigits : kGeneralizedTimeDigits;
    const std::string_view text = as_text(bytes_of(&time));
    return text.size() == digits + 1 && text.back() == 'Z' &&
           std::all_of(text.begin(), text.end() - 1, is_digit);
}

}  // namespace

std::optional<UtcTime> read_asn1_time(const ASN1_TIME* time) {
    std::tm fields{};
    // OpenSSL takes null for "now", which nothing here may mean.
    if (time == nullptr || !has_form(*time) || ASN1_TIME_to_tm(time, &fields) != 1) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year(fields.tm_year + 1900),
        std::chrono::month(static_cast<unsigned>(fields.tm_mon + 1)),
        std::chrono::day(static_cast<unsigned>(fields.tm_mday))};
    if (!date.ok()) return std::nullopt;
    return UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(fields.tm_hour) +
           std::chrono::minutes(fields.tm_min) + std::chrono::seconds(fields.tm_sec);
}

Asn1TimeHandle make_asn1_time(UtcTime time) {
    return Asn1TimeHandle(ASN1_TIME_adj(nullptr, to_seconds(time), 0, 0));
}

Asn1TimeHandle make_generalized_time(UtcTime time) {
    return Asn1TimeHandle(ASN1_GENERALIZEDTIME_adj(nullptr, to_seconds(time), 0, 0));
}

std::time_t to_seconds(UtcTime time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace tongbao::crypto
