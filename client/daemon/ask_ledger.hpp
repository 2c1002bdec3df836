#pragma once

#include "client/daemon/ledger_desk.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/services.hpp"
#include "program/blocking.hpp"
#include "storage/ledger_database.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <utility>

namespace tongbao::client {

/// What `ask` answers of the case ledger, on the thread for questions, or the problem why there is
/// none: its fault, else Errc::storage_failure.
template <typename Ask>
boost::asio::awaitable<transport::Response> ask_ledger(Services& services, Ask ask) {
    if (services.ledger == nullptr) co_return problem(Errc::storage_failure);
    const auto work = [desk = services.ledger, ask = std::move(ask)]() -> transport::Response {
        const std::shared_ptr<const storage::LedgerDatabase> ledger = desk->ledger();
        if (!ledger) return problem(desk->standing().fault.value_or(Errc::storage_failure));
        return ask(*ledger);
    };
    co_return co_await program::run_blocking(services.ledger->questions(), work);
}

}  // namespace tongbao::client
