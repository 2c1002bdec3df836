// GET /v1/search: what the unit holds, by what stands in it.

#include "client/daemon/found_json.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/search_desk.hpp"
#include "client/daemon/search_question.hpp"

#include <utility>

namespace tongbao::client {

LocalApi::Answer LocalApi::search(const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) co_return problem(to_errc(query.error()));
    const Checked<SearchRequest> asked = search_request(*query, *services_.charter);
    if (!asked) co_return problem(asked.error().code, {asked.error()});
    if (services_.search == nullptr) co_return problem(Errc::storage_failure);
    const Result<FoundPage> page = co_await services_.search->find(asked->question);
    if (!page) co_return problem(to_errc(page.error()));
    co_return json(200, write_found(*page, *asked, *services_.charter));
}

}  // namespace tongbao::client
