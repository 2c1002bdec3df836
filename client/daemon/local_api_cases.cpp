#include "client/daemon/ask_ledger.hpp"
#include "client/daemon/case_question.hpp"
#include "client/daemon/ledger_desk.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/unmasking.hpp"
#include "client/ledger/case_json.hpp"
#include "domain/case_number.hpp"
#include "protocol/json_writer.hpp"

#include <utility>

// Cases, and the ledger that they stand in.

namespace tongbao::client {
namespace {

using protocol::JsonWriter;
using transport::Response;

constexpr std::size_t kMostRefused = 1000;

void write_positions(JsonWriter& writer, std::string_view name,
                     const storage::LedgerPositions& positions) {
    writer.key(name).begin_object();
    if (positions.batch) writer.key("batch").number(positions.batch->value());
    writer.key("settled").number(positions.settled).end_object();
}

void write_counts(JsonWriter& writer, const storage::LedgerCounts& counts) {
    writer.key("cases").number(counts.cases).key("events").number(counts.events);
    writer.key("refused").number(counts.refused).key("settled").number(counts.settled);
}

std::string write_ledger(const LedgerStanding& standing, const storage::LedgerPositions& positions,
                         const storage::LedgerCounts& counts,
                         const std::vector<RefusedEffects>& refused) {
    JsonWriter writer;
    writer.begin_object();
    write_standing(writer, standing);
    if (standing.progress) write_positions(writer, "progress", *standing.progress);
    write_positions(writer, "positions", positions);
    writer.key("counts").begin_object().key("notices").number(counts.notices);
    write_counts(writer, counts);
    writer.key("waiting").number(counts.waiting).key("skipped").number(counts.skipped);
    writer.end_object().key("refused").raw(write_refused_effects(refused)).end_object();
    return writer.take();
}

/// One that is not there, one of which this unit holds nothing, and what is no number: alike.
Response no_such_case() {
    constexpr unsigned kNotFound = 404;
    return {kNotFound,
            std::string(protocol::kProblemMediaType),
            {},
            to_bytes(protocol::write_problem(kNotFound, Errc::no_such_case))};
}

}  // namespace

void write_standing(JsonWriter& writer, const LedgerStanding& standing) {
    writer.member("role", standing.role == LedgerRole::keeper ? "keeper" : "follower")
        .member("state", word(standing.state));
    if (standing.fault) writer.member("fault", code(*standing.fault));
    if (!standing.damaged.empty()) writer.member("damaged", standing.damaged);
}

LocalApi::Answer LocalApi::cases(const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    const Checked<storage::CaseFilter> wanted = case_filter(*query, *services_.charter);
    if (!wanted) co_return problem(wanted.error().code, {wanted.error()});
    const Checked<Masking> masking = masking_wanted(*query);
    if (!masking) co_return problem(masking.error().code, {masking.error()});
    const auto ask = [this, filter = *wanted,
                      masking = *masking](const storage::LedgerDatabase& ledger) -> Response {
        storage::CaseFilter more = filter;
        ++more.limit;  // whether there is a next page
        Result<std::vector<storage::ListedCase>> cases = ledger.list_cases(more);
        if (!cases) return problem(to_errc(cases.error()));
        std::optional<CaseNumber> next;
        if (cases->size() > filter.limit) {
            cases->pop_back();
            next = cases->back().columns.number;
        }
        CaseMask mask(*services_.charter, masking);
        return json(200, write_case_list(*cases, next, mask));
    };
    co_return co_await ask_ledger(services_, ask);
}

LocalApi::Answer LocalApi::case_file(std::string number, const transport::RequestHead& request) {
    if (!parse_case_number(number)) co_return no_such_case();
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    const Checked<Masking> masking = masking_wanted(*query);
    if (!masking) co_return problem(masking.error().code, {masking.error()});
    const auto ask = [this, number = CaseNumber(std::move(number)),
                      masking = *masking](const storage::LedgerDatabase& ledger) -> Response {
        const Result<CaseHistory> history = ledger.read_case(number);
        if (!history && history.error() == Errc::no_such_case) return no_such_case();
        if (!history) return problem(to_errc(history.error()));
        CaseMask mask(*services_.charter, masking);
        return json(200,
                    write_case_file(case_file_of(*history), history->facts.back().source.at, mask));
    };
    co_return co_await ask_ledger(services_, ask);
}

LocalApi::Answer LocalApi::ledger_status() {
    const auto ask = [desk = services_.ledger](const storage::LedgerDatabase& ledger) -> Response {
        const Result<storage::LedgerPositions> positions = ledger.positions();
        if (!positions) return problem(to_errc(positions.error()));
        const Result<storage::LedgerCounts> counts = ledger.counts();
        if (!counts) return problem(to_errc(counts.error()));
        const Result<std::vector<RefusedEffects>> refused = ledger.refused(kMostRefused);
        if (!refused) return problem(to_errc(refused.error()));
        return json(200, write_ledger(desk->standing(), *positions, *counts, *refused));
    };
    co_return co_await ask_ledger(services_, ask);
}

LocalApi::Answer LocalApi::ledger_totals(const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    const Checked<MoneyQuestion> wanted = figures_question(*query, *services_.charter);
    if (!wanted) co_return problem(wanted.error().code, {wanted.error()});
    const auto ask = [question = *wanted](const storage::LedgerDatabase& ledger) -> Response {
        const Result<storage::LedgerFigures> figures = ledger.figures(question);
        if (!figures) return problem(to_errc(figures.error()));
        JsonWriter writer;
        writer.begin_object().key("money").raw(write_money_totals(figures->money));
        writer.key("cases").number(figures->cases).key("opened").number(figures->opened);
        writer.key("concluded").number(figures->concluded).end_object();
        return json(200, writer.take());
    };
    co_return co_await ask_ledger(services_, ask);
}

LocalApi::Answer LocalApi::ledger_rebuild() {
    if (services_.ledger == nullptr) co_return problem(Errc::storage_failure);
    const Result<storage::LedgerCounts> counts = co_await services_.ledger->rebuild();
    if (!counts) co_return problem(to_errc(counts.error()));
    JsonWriter writer;
    writer.begin_object();
    write_counts(writer, *counts);
    writer.end_object();
    co_return json(200, writer.take());
}

LocalApi::Answer LocalApi::ledger_check() {
    if (services_.ledger == nullptr) co_return problem(Errc::storage_failure);
    const Result<LedgerVerdict> verdict = co_await services_.ledger->check();
    if (!verdict) co_return problem(to_errc(verdict.error()));
    JsonWriter writer;
    writer.begin_object().key("equal").boolean(!verdict->difference);
    write_counts(writer, verdict->counts);
    if (verdict->difference) {
        writer.key("difference").begin_object();
        if (!verdict->difference->case_number.empty()) {
            writer.member("case", verdict->difference->case_number);
        }
        writer.member("what", verdict->difference->what).end_object();
    }
    writer.end_object();
    co_return json(200, writer.take());
}

}  // namespace tongbao::client
