// The routes for which the daemon asks the hub, and checks what it answers.

#include "client/daemon/case_trail.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/notice_proof.hpp"
#include "domain/identifiers.hpp"
#include "program/blocking.hpp"

#include <utility>

namespace tongbao::client {

using program::run_blocking;

LocalApi::Answer LocalApi::trail(std::string id) {
    const auto read = [this, &id] { return find(id); };
    const Result<ArchivedNotice> found = co_await run_blocking(services_.pool, read);
    if (!found) {
        const auto tell = [this, &id, &found] { return not_found(id, to_errc(found.error())); };
        co_return co_await run_blocking(services_.pool, tell);
    }
    if (!found->index) co_return problem(Errc::no_such_notice);
    const Result<Trail> trail =
        co_await fetch_trail(services_, follower_, *found->index, found->sha256);
    if (!trail) co_return problem(to_errc(trail.error()));
    co_return json(200, write_trail(*trail));
}

LocalApi::Answer LocalApi::proof(std::string id) {
    const auto read = [this, &id] { return find(id); };
    Result<ArchivedNotice> found = co_await run_blocking(services_.pool, read);
    if (!found) co_return problem(to_errc(found.error()));
    const Result<NoticeProof> proof = co_await fetch_proof(services_, follower_, *std::move(found));
    if (!proof) co_return problem(to_errc(proof.error()));
    co_return json(200, write_proof(*proof));
}

LocalApi::Answer LocalApi::case_trail(std::string number) {
    if (!check_case_number(number)) co_return problem(Errc::not_found);
    const Result<CaseTrail> trail =
        co_await fetch_case_trail(services_, follower_, CaseNumber(std::move(number)));
    if (!trail) co_return problem(to_errc(trail.error()));
    if (trail->events.empty()) co_return problem(Errc::not_found);
    co_return json(200, write_case_trail(*trail));
}

}  // namespace tongbao::client
