#include "domain/time.hpp"

#include "domain/code_points.hpp"
#include "domain/digits.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace tongbao {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes text apart from its front; each step answers whether the text went on as expected.
class Cursor {
public:
    explicit Cursor(std::string_view rest) : rest_(rest) {}

    /// Exactly `count` decimal digits.
    std::optional<int> number(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        const std::string_view digits = rest_.substr(0, count);
        if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
        rest_.remove_prefix(count);
        return static_cast<int>(number_of_digits(digits));
    }

    bool literal(char expected) {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<std::chrono::year_month_day> take_date(Cursor& cursor) {
    const auto year = cursor.number(4);
    if (!year || !cursor.literal('-')) return std::nullopt;
    const auto month = cursor.number(2);
    if (!month || !cursor.literal('-')) return std::nullopt;
    const auto day = cursor.number(2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return date;
}

/// `hh:mm`, and `:ss` with at most three decimals where the text goes on so.
std::optional<milliseconds> take_time_of_day(Cursor& cursor) {
    const auto hour = cursor.number(2);
    if (!hour || *hour > 23 || !cursor.literal(':')) return std::nullopt;
    const auto minute = cursor.number(2);
    if (!minute || *minute > 59) return std::nullopt;
    milliseconds time = hours(*hour) + minutes(*minute);
    if (!cursor.literal(':')) return time;
    const auto second = cursor.number(2);
    if (!second || *second > 59) return std::nullopt;
    time += seconds(*second);
    if (!cursor.literal('.')) return time;
    int unit = 100;
    if (!cursor.at_digit()) return std::nullopt;
    for (; unit > 0 && cursor.at_digit(); unit /= 10)
        time += milliseconds(*cursor.number(1) * unit);
    return time;
}

std::optional<minutes> take_offset(Cursor& cursor) {
    if (cursor.literal('Z')) return minutes(0);
    const int sign = cursor.literal('+') ? 1 : cursor.literal('-') ? -1 : 0;
    if (sign == 0) return std::nullopt;
    const auto hour = cursor.number(2);
    if (!hour || *hour > 23 || !cursor.literal(':')) return std::nullopt;
    const auto minute = cursor.number(2);
    if (!minute || *minute > 59) return std::nullopt;
    return sign * minutes(*hour * 60 + *minute);
}

}  // namespace

std::string format_day(LocalDay day) {
    const std::chrono::year_month_day date(day);
    std::string text;
    append_number(text, static_cast<int>(date.year()), 4);
    append_number(text += '-', static_cast<int>(static_cast<unsigned>(date.month())), 2);
    append_number(text += '-', static_cast<int>(static_cast<unsigned>(date.day())), 2);
    return text;
}

std::string format_utc(UtcTime time) {
    const auto day = std::chrono::floor<days>(time);
    const std::chrono::hh_mm_ss<milliseconds> clock(time - day);
    std::string text = format_day(LocalDay(day.time_since_epoch()));
    append_number(text += 'T', static_cast<int>(clock.hours().count()), 2);
    append_number(text += ':', static_cast<int>(clock.minutes().count()), 2);
    append_number(text += ':', static_cast<int>(clock.seconds().count()), 2);
    append_number(text += '.', static_cast<int>(clock.subseconds().count()), 3);
    return text += 'Z';
}

Result<UtcTime> parse_utc(std::string_view text) {
    constexpr std::size_t kLength = std::string_view("2026-11-22T09:30:00.123Z").size();
    if (text.size() != kLength || text.back() != 'Z') return Errc::bad_time;
    return parse_date_time(text);
}

Result<UtcTime> parse_date_time(std::string_view text) {
    Cursor cursor(text);
    const auto date = take_date(cursor);
    if (!date || !cursor.literal('T')) return Errc::bad_time;
    const auto time = take_time_of_day(cursor);
    if (!time) return Errc::bad_time;
    const auto offset = take_offset(cursor);
    if (!offset || !cursor.at_end()) return Errc::bad_time;
    return UtcTime(std::chrono::sys_days(*date)) + *time - *offset;
}

Result<std::chrono::year_month_day> parse_date(std::string_view text) {
    Cursor cursor(text);
    const auto date = take_date(cursor);
    if (!date || !cursor.at_end()) return Errc::bad_time;
    return *date;
}

Result<LocalDay> parse_day(std::string_view text) {
    const Result<std::chrono::year_month_day> date = parse_date(text);
    if (!date) return Errc::bad_time;
    return LocalDay(*date);
}

}  // namespace tongbao
