#pragma once

#include "tests/protocol/calendar_fixture.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tongbao::testing {

/// A day as a plain table knows it.
struct TableDay {
    int year{0};
    int month{0};
    int day{0};
    std::string text;  ///< `2020-10-09`
    bool published{false};
    bool worked{false};
};

/// All days from 2019 to 2032, one after the other, made from the shipped files with nothing of the
/// code that counts limits: days and months are counted up from Tuesday, 1 January 2019.
class DayTable {
public:
    /// `versions`: how many versions of a year count; all if there are fewer.
    explicit DayTable(std::size_t versions) : versions_(versions) {
        constexpr int kLastYear = 2032;
        int weekday = 2;  // Monday is 1
        for (int year = kFirstShippedYear; year <= kLastYear; ++year) add_year(year, weekday);
    }

    [[nodiscard]] const std::vector<TableDay>& days() const { return days_; }

    /// The first day from `at` on, in steps of one, that is worked; none if a year without a
    /// published calendar comes first.
    [[nodiscard]] std::optional<std::size_t> worked_from(std::size_t at) const {
        while (days_[at].published && !days_[at].worked) ++at;
        if (!days_[at].published) return std::nullopt;
        return at;
    }

    /// The `n`th worked day after `at`, or the -`n`th before it.
    [[nodiscard]] std::optional<std::size_t> nth_worked(std::size_t at, int n) const {
        while (n != 0) {
            if (n < 0 && at == 0) return std::nullopt;
            at = n < 0 ? at - 1 : at + 1;
            if (!days_[at].published) return std::nullopt;
            if (days_[at].worked) n = n < 0 ? n + 1 : n - 1;
        }
        return at;
    }

    /// The day `n` months after `at`: walks to the month, then to the day or the month's last.
    [[nodiscard]] std::size_t months_after(std::size_t at, int n) const {
        int month = days_[at].month;
        int year = days_[at].year;
        for (int step = 0; step < n; ++step) {
            if (++month > 12) {
                month = 1;
                ++year;
            }
        }
        const int day = days_[at].day;
        while (days_[at].year != year || days_[at].month != month) ++at;
        while (days_[at].day != day && days_[at + 1].month == month) ++at;
        return at;
    }

private:
    void add_year(int year, int& weekday) {
        std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (year % 4 == 0) lengths[1] = 29;  // none of these years is a century
        const bool published = year <= kLastShippedYear;
        std::set<std::string> off;
        std::set<std::string> worked;
        if (published) read_year(year, off, worked);
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= lengths[static_cast<std::size_t>(month - 1)]; ++day) {
                const std::string text =
                    std::to_string(year) + '-' + two_digits(month) + '-' + two_digits(day);
                const bool weekend = weekday >= 6;
                const bool is_worked = worked.contains(text) || (!weekend && !off.contains(text));
                days_.push_back({year, month, day, text, published, published && is_worked});
                weekday = weekday == 7 ? 1 : weekday + 1;
            }
        }
    }

    void read_year(int year, std::set<std::string>& off, std::set<std::string>& worked) const {
        const nlohmann::json text = nlohmann::json::parse(calendar_file(year).text);
        const nlohmann::json& all = text["versions"];
        const nlohmann::json& version = all[std::min(versions_, all.size()) - 1];
        off = version["off_days"].get<std::set<std::string>>();
        worked = version["work_days"].get<std::set<std::string>>();
    }

    static std::string two_digits(int number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    }

    std::size_t versions_;
    std::vector<TableDay> days_;
};

}  // namespace tongbao::testing
