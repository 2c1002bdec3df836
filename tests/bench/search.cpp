#include "tests/bench/search.hpp"

#include "domain/search_text.hpp"
#include "storage/search_index.hpp"
#include "tests/bench/summary.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/must.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iomanip>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::bench {
namespace {

using storage::SearchQuestion;
using storage::SearchRow;
using testing::must;

constexpr std::size_t kRowsPerPiece = 512;
constexpr std::size_t kSearchRuns = 5;

/// Invented values, the same in each run.
class InventedRows {
public:
    SearchRow next() {
        SearchRow row;
        row.index = LogIndex(3 * number_);
        std::array<std::uint8_t, 10> random{};
        for (std::size_t at = 0; at < 8; ++at) {
            random[9 - at] = static_cast<std::uint8_t>(number_ >> (8 * at));
        }
        row.at = UtcTime(std::chrono::minutes(26'000'000 + static_cast<long>(number_)));
        row.id = Uuid::make(row.at, random);
        row.kind = KindId("kind_" + std::to_string(number_ % 40));
        row.from = UnitId("unit_" + std::to_string(number_ % 8));
        row.title = "移送案件线索";
        row.case_number = digits(15);
        row.texts = {{"title", row.title},
                     {"doc_no", "测〔2020〕" + std::to_string(number_) + "号"},
                     {"case", row.case_number},
                     {"fields.subjects.subject_name", characters(2, kFew)},
                     {"fields.subjects.subject_name", characters(3, kMany)},
                     {"fields.subjects.subject_id_no", digits(18)},
                     {"fields.subjects.uscc", "91" + digits(16)},
                     {"fields.facts", characters(60, kMany)},
                     {"attachments.report", "报告" + digits(6) + ".pdf"}};
        ++number_;
        return row;
    }

private:
    static constexpr unsigned kFew = 22;
    static constexpr unsigned kMany = 3'000;

    std::string digits(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random_() % 10);
        return text;
    }
    /// Of the `kinds` first characters behind U+4E00, all of three bytes.
    std::string characters(std::size_t count, unsigned kinds) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) {
            const auto c = 0x4E00U + static_cast<unsigned>(random_() % kinds);
            text += static_cast<char>(0xE0U | (c >> 12U));
            text += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
            text += static_cast<char>(0x80U | (c & 0x3FU));
        }
        return text;
    }

    std::uint64_t number_{0};
    std::minstd_rand random_{7};
};

SearchQuestion words_of(std::string_view text) {
    SearchQuestion question;
    question.words = search_words(text);
    return question;
}

/// Questions about one of the notices, and about what nearly all of them have.
std::vector<std::pair<std::string, SearchQuestion>> searches(const SearchRow& one) {
    const std::string& pair = one.texts[3].text;
    const std::string& three = one.texts[4].text;
    const std::string& id_no = one.texts[5].text;
    const std::string& facts = one.texts[7].text;
    constexpr std::size_t kBytes = 3;  // of a character
    std::vector<std::pair<std::string, SearchQuestion>> all{
        {"one common character", words_of("案")},
        {"one character of a name", words_of(pair.substr(0, kBytes))},
        {"a common name of two characters", words_of(pair)},
        {"a rare name of three characters", words_of(three)},
        {"twenty characters of a text", words_of(facts.substr(0, 20 * kBytes))},
        {"a whole number of 18 digits", words_of(id_no)},
        {"its last four digits", words_of(id_no.substr(14))},
        {"two digits", words_of(id_no.substr(0, 2))},
        {"a document number", words_of(one.texts[1].text)},
        {"two words", words_of(pair + ' ' + three)},
        {"what nobody has", words_of("鿋鿌")},
    };
    SearchQuestion narrowed = words_of(pair);
    narrowed.kind = one.kind;
    all.emplace_back("a common name, one kind", narrowed);
    narrowed.from = one.from;
    all.emplace_back("a common name, one kind and sender", narrowed);
    SearchQuestion in_case = words_of("案");
    in_case.case_number = CaseNumber(one.case_number);
    all.emplace_back("a common character in one case", in_case);
    SearchQuestion in_time = words_of(pair);
    in_time.since = one.at - std::chrono::hours(24);
    in_time.until = one.at + std::chrono::hours(24);
    all.emplace_back("a common name within two days", in_time);
    in_time = words_of(three);
    in_time.since = UtcTime{};
    in_time.until = one.at + std::chrono::hours(24 * 20'000);
    all.emplace_back("a rare name since ever", in_time);
    return all;
}

}  // namespace

void run_search(std::ostream& out, std::size_t notices) {
    const storage::TemporaryFolder folder;
    const auto file = folder.path() / "search.sqlite";
    const auto index = must(storage::open_search_index(file, {UnitId("hsa"), Digest()}, {})).index;
    const auto timed = [&out](const std::string& name, const auto& work, std::size_t runs) {
        Duration slowest{};
        for (std::size_t run = 0; run < runs; ++run) {
            const auto begin = std::chrono::steady_clock::now();
            work();
            slowest = std::max<Duration>(slowest, std::chrono::steady_clock::now() - begin);
        }
        out << std::setw(44) << std::left << name << std::fixed << std::setprecision(1)
            << slowest.count() << " ms\n"
            << std::flush;
    };
    SearchRow one;
    const auto fill = [&] {
        InventedRows invented;
        for (std::size_t made = 0; made < notices;) {
            std::vector<SearchRow> rows;
            for (; rows.size() < kRowsPerPiece && made < notices; ++made) {
                rows.push_back(invented.next());
                if (made == notices / 2) one = rows.back();
            }
            const Result<void> added = index->add(rows, {rows.back().index, 0});
            if (!added) throw std::runtime_error(added.error().message());
        }
    };
    timed("written: " + std::to_string(notices) + " notices", fill, 1);
    out << std::filesystem::file_size(file) / (1024 * 1024) << " MiB\n";
    for (const auto& [name, question] : searches(one)) {
        std::size_t found = 0;
        const auto ask = [&index = index, &question = question, &found] {
            found = must(index->find(question)).rows.size();
        };
        timed(name, ask, kSearchRuns);
        out << "    " << found << " found\n";
    }
}

}  // namespace tongbao::bench
