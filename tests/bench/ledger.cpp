#include "tests/bench/ledger.hpp"

#include "client/ledger/case_json.hpp"
#include "client/ledger/ledger_fold.hpp"
#include "domain/case_number.hpp"
#include "program/files.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/notice_json.hpp"
#include "storage/ledger_database.hpp"
#include "tests/bench/summary.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/must.hpp"
#include "tests/support/project_paths.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iomanip>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::bench {
namespace {

using testing::must;

constexpr std::size_t kNoticesPerCase = 10;
constexpr std::size_t kNoticesPerPiece = 512;
constexpr std::size_t kQuestionRuns = 5;

Charter guangdong() {
    const std::string text =
        must(program::read_file(testing::source_dir() + "/domain/charters/guangdong-2020.json",
                                protocol::kMaxCharterBytes));
    return std::get<Charter>(protocol::load_charter(text));
}

void check(const Result<void>& done) {
    if (!done) throw std::runtime_error(done.error().message());
}

Duration time_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::steady_clock::now() - begin;
}

/// Makes the notices of one case after the other, in the log's order.
class InventedNotices {
public:
    explicit InventedNotices(std::size_t notices) : notices_(notices) {}

    /// Feeds the next; false behind the last.
    bool feed(client::LedgerFold& fold) {
        if (next_ == notices_) return false;
        const std::size_t of_case = next_ / kNoticesPerCase;
        const std::size_t step = next_ % kNoticesPerCase;
        // A hundred divisions share the cases, so that no series ends.
        const CaseNumber number =
            must(format_case_number({{std::to_string(440100 + of_case % 10 * 100),
                                      2020 + static_cast<int>(of_case / 10 / 90'000)},
                                     static_cast<std::uint32_t>(of_case / 10 % 90'000 + 1)}));
        Notice notice = make(of_case, step);
        if (step > 0) notice.case_number = number;
        const std::string text = protocol::write_notice(notice);
        const NoticeRef ref{Digest(), LogIndex(2 * next_)};
        check(fold.take(client::FedNotice{notice, as_bytes(text), ref, number, now()}));
        if (step == 0) {
            Act act;
            act.kind = ActKind::taken_up;
            act.from = UnitId("police");
            act.notices = {ref};
            check(fold.take(client::FedAct{act, {Digest(), LogIndex(2 * next_ + 1)}, now()}));
        }
        ++next_;
        return true;
    }

private:
    [[nodiscard]] UtcTime now() const {
        return UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)) +
               std::chrono::seconds(static_cast<long>(60 * next_));
    }

    Notice make(std::size_t of_case, std::size_t step) {
        switch (step) {
            case 0:
                return opening(of_case);
            case 1: {
                Notice out = notice_of("police_filing_decision", "police", "hsa");
                out.fields = {{"decision", std::string("filed")},
                              {"decision_doc_no", std::string("测公立〔2020〕3号")}};
                return out;
            }
            case 2: {
                Notice out = notice_of("disposition_feedback", "hsa", "police");
                out.fields = {{"result", std::string("甲")},
                              {"decision_date", std::string("2020-11-02")},
                              {"result_code", std::string("penalised")},
                              {"decision_kind", std::string("administrative_penalty")},
                              {"decision_doc_no", std::string("测医保罚〔2020〕8号")},
                              {"fine_fen", std::int64_t{100'000}},
                              {"return_ordered_fen", std::int64_t{200'000}}};
                return out;
            }
            default:
                return notice_of("material_handover", "hsa", "police");
        }
    }

    Notice opening(std::size_t of_case) {
        Notice out = notice_of("suspected_crime_transfer", "hsa", "police");
        Row row;
        row.cells = {
            {"subject_kind", std::string("hospital")},
            {"subject_name", std::string("甲医院")},
            {"medins_code", "H" + std::to_string(44000000000 + of_case - of_case % 20 / 19)},
            {"division", std::string("440300")}};
        out.fields = {{"case_title", "案件 " + std::to_string(of_case)},
                      {"subjects", Table{row}},
                      {"involved_fen", static_cast<std::int64_t>(of_case % 1000 * 100'000)},
                      {"loss_fen", std::int64_t{100'000}}};
        return out;
    }

    Notice notice_of(const char* kind, const char* from, const char* to) {
        Notice out;
        std::array<std::uint8_t, 10> random{};
        for (std::size_t at = 0; at < 8; ++at) {
            random[9 - at] = static_cast<std::uint8_t>(next_ >> (8 * at));
        }
        out.id = NoticeId(Uuid::make(now(), random));
        out.charter = CharterId("guangdong-2020");
        out.charter_version = CharterVersion(1);
        out.kind = KindId(kind);
        out.from = UnitId(from);
        out.to = {UnitId(to)};
        out.title = "甲";
        out.secrecy = "内部";
        out.urgency = "平件";
        return out;
    }

    std::size_t notices_;
    std::size_t next_{0};
};

void fill(storage::LedgerDatabase& ledger, const Charter& charter, std::size_t notices) {
    InventedNotices invented(notices);
    for (bool more = true; more;) {
        const auto piece = must(ledger.begin());
        client::LedgerFold fold(charter, LedgerRole::keeper, *piece);
        for (std::size_t at = 0; more && at < kNoticesPerPiece; ++at) more = invented.feed(fold);
        check(fold.finish());
        check(piece->commit());
    }
}

struct TimedQuestion {
    const char* name;
    std::function<void(const storage::LedgerDatabase&)> ask;
};

TimedQuestion listing(const char* name, storage::CaseFilter filter) {
    return {name, [filter = std::move(filter)](const storage::LedgerDatabase& ledger) {
                static_cast<void>(must(ledger.list_cases(filter)));
            }};
}

TimedQuestion totalling(const char* name, MoneyQuestion question) {
    return {name, [question = std::move(question)](const storage::LedgerDatabase& ledger) {
                static_cast<void>(must(ledger.figures(question)));
            }};
}

std::vector<TimedQuestion> questions(const Charter& charter) {
    std::vector<TimedQuestion> all;
    storage::CaseFilter filter;
    all.push_back(listing("cases: the first page", filter));
    filter.state = CaseState::handling;
    filter.track = "criminal";
    filter.unit = UnitId("police");
    all.push_back(listing("cases: state, track and unit", filter));
    filter = {};
    filter.track = "audit";
    all.push_back(listing("cases: a track that none has", filter));
    filter = {};
    filter.major = true;
    all.push_back(listing("cases: major, none", filter));
    filter = {};
    filter.division = "440500";
    all.push_back(listing("cases: a division", filter));
    filter = {};
    filter.question = storage::CaseQuestion::one_track;
    all.push_back(listing("cases: one track", filter));
    filter.question = storage::CaseQuestion::repeat;
    all.push_back(listing("cases: repeat", filter));
    filter.question = storage::CaseQuestion::fine_without_transfer;
    filter.question_track = "prosecution";
    filter.threshold = Fen(99'900'001);
    all.push_back(listing("cases: fine without transfer, none", filter));
    filter.threshold = Fen(99'800'000);
    all.push_back(listing("cases: fine without transfer, some", filter));
    filter.question = storage::CaseQuestion::exposure_ready;
    filter.question_track = "exposure";
    all.push_back(listing("cases: exposure ready, none", filter));
    all.push_back(totalling("totals: of all", {}));
    MoneyQuestion quarter;
    quarter.from = UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 7 / 1));
    quarter.until = UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 10 / 1));
    all.push_back(totalling("totals: a quarter", quarter));
    quarter.sender = UnitId("hsa");
    quarter.division = "440300";
    all.push_back(totalling("totals: a quarter, unit and division", quarter));
    all.push_back({"a case, whole, as JSON", [&charter](const storage::LedgerDatabase& ledger) {
                       const CaseHistory history =
                           must(ledger.read_case(CaseNumber("440300202000005")));
                       client::CaseMask mask(charter, Masking::masked);
                       static_cast<void>(client::write_case_file(case_file_of(history), {}, mask));
                   }});
    all.push_back({"counts", [](const storage::LedgerDatabase& ledger) {
                       static_cast<void>(must(ledger.counts()));
                   }});
    return all;
}

}  // namespace

void run_ledger(std::ostream& out, std::size_t notices) {
    const Charter charter = guangdong();
    const storage::TemporaryFolder folder;
    const storage::LedgerMaker maker{UnitId("office"), LedgerRole::keeper, Digest()};
    const auto ledger = must(storage::create_ledger(folder.path() / "ledger.sqlite", maker, {}));
    const auto show = [&out](const std::string& name, Duration took) {
        out << std::setw(44) << std::left << name << std::fixed << std::setprecision(1)
            << took.count() << " ms\n"
            << std::flush;
    };
    show("written: " + std::to_string(notices) + " notices",
         time_of([&] { fill(*ledger, charter, notices); }));
    const storage::LedgerCounts counts = must(ledger->counts());
    out << counts.cases << " cases, " << counts.events << " events, " << counts.refused
        << " refused, "
        << std::filesystem::file_size(folder.path() / "ledger.sqlite") / (1024 * 1024) << " MiB\n";
    for (const RefusedEffects& each : must(ledger->refused(1))) {
        out << "refused: " << code(each.reasons.front().code) << ' ' << each.reasons.front().place
            << '\n';
    }
    for (const TimedQuestion& question : questions(charter)) {
        Duration slowest{};
        for (std::size_t run = 0; run < kQuestionRuns; ++run) {
            slowest = std::max(slowest, time_of([&] { question.ask(*ledger); }));
        }
        show(question.name, slowest);
    }
    const auto second = must(storage::create_ledger(folder.path() / "second.sqlite", maker, {}));
    fill(*second, charter, notices);
    show("compared with one made anew", time_of([&] {
             if (must(ledger->first_difference(second->file()))) {
                 throw std::runtime_error("a ledger made anew differs");
             }
         }));
}

}  // namespace tongbao::bench
