// GET /v1/inbox: what arrived.

#include "client/daemon/compromise.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/local_json.hpp"
#include "client/daemon/sent_late.hpp"
#include "program/blocking.hpp"

#include <utility>

namespace tongbao::client {

LocalApi::Answer LocalApi::list_inbox(std::optional<LogIndex> before, std::size_t limit) {
    const auto list = [this, before, limit]() -> transport::Response {
        auto rows = services_.store.list_inbox(before, limit);
        if (!rows) return problem(to_errc(rows.error()));
        const std::shared_ptr<const CompromisedKeys> compromised = services_.compromised.get();
        LateRows late_rows(services_.store, *services_.charter);
        std::vector<ListedNotice> listed;
        for (storage::InboxRow& row : *rows) {
            const Result<std::optional<UtcTime>> since =
                signed_since_compromise(services_.store, *compromised, row);
            if (!since) return problem(to_errc(since.error()));
            Result<std::vector<std::string>> late = late_rows.of(row);
            if (!late) return problem(to_errc(late.error()));
            listed.push_back({std::move(row), *since, *std::move(late)});
        }
        return json(200, write_inbox(listed));
    };
    co_return co_await program::run_blocking(services_.pool, list);
}

}  // namespace tongbao::client
