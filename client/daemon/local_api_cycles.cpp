// GET /v1/cycles: who has not handed in the period's data.

#include "client/daemon/ask_ledger.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/period_list.hpp"

#include <utility>

namespace tongbao::client {

LocalApi::Answer LocalApi::cycles(const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    const Checked<std::optional<std::string>> period = period_question(*query);
    if (!period) co_return problem(period.error().code, {period.error()});
    if (services_.limits == nullptr) {
        co_return problem(Errc::not_found, {{Errc::not_found, services_.charter->parts().timezone,
                                             "the charter's time zone is not known here"}});
    }
    const auto ask =
        [this, period = *period](const storage::LedgerDatabase& ledger) -> transport::Response {
        PeriodList list;
        const LedgerState state = services_.ledger->standing().state;
        list.complete = state != LedgerState::catching_up && state != LedgerState::failed;
        const Result<std::optional<UtcTime>> adopted = first_adoption(services_.store);
        if (!adopted) return problem(to_errc(adopted.error()));
        list.adopted = *adopted;
        if (!*adopted) return json(200, write_period_list(list));
        Result<std::vector<PeriodDuty>> duties =
            list_duties(ledger, *services_.charter, *services_.limits, services_.config.unit,
                        **adopted, services_.clock.now(), period);
        if (!duties) return problem(to_errc(duties.error()));
        list.duties = *std::move(duties);
        return json(200, write_period_list(list));
    };
    co_return co_await ask_ledger(services_, ask);
}

}  // namespace tongbao::client
