#include "client/daemon/due_check.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"

#include <utility>

namespace tongbao::client {

LocalApi::Answer LocalApi::due(const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    Checked<DueQuestion> question = due_question(*query, *services_.charter);
    if (!question) co_return problem(question.error().code, {question.error()});
    const Checked<DueList> list = co_await fetch_due(services_, *std::move(question));
    if (!list) co_return problem(list.error().code, {list.error()});
    co_return json(200, write_due_list(*list));
}

}  // namespace tongbao::client
