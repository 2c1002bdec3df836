#include "client/daemon/dispatch_list.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"

#include <utility>

// How the unit's own notices went outside, and the register of that.

namespace tongbao::client {

Checked<void> LocalApi::check_dispatch(const ArchivedNotice& found,
                                       const Dispatch& dispatch) const {
    if (found.notice.from != services_.config.unit) {
        return Reason{Errc::act_not_allowed, "id", "is another unit's notice"};
    }
    if (!found.index) return Reason{Errc::act_out_of_order, "id", "is not in the log yet"};
    // Of a local unit only the hub knows whether it was enrolled when the notice was logged.
    const UnitId& to = dispatch.to;
    const bool named = contains(found.notice.to, to) || contains(found.notice.cc, to);
    if (named && !services_.charter->online(to)) return {};
    return Reason{Errc::act_not_allowed, "dispatch.to",
                  "is none of the notice's recipients to whom the hub delivers nothing"};
}

LocalApi::Answer LocalApi::dispatches(const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    Checked<DispatchQuestion> question = dispatch_question(*query);
    if (!question) co_return problem(question.error().code, {question.error()});
    HubRequests requests(services_);
    const Checked<DispatchList> list =
        co_await fetch_dispatches(services_, requests, follower_, *std::move(question));
    if (!list) co_return problem(list.error().code, {list.error()});
    co_return json(200, write_dispatch_list(*list));
}

}  // namespace tongbao::client
