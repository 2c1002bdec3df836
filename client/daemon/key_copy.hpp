#pragma once

#include "client/daemon/hub_requests.hpp"
#include "client/daemon/services.hpp"
#include "crypto/key_register.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace tongbao::client {

/// This unit's copy of the register: grows by what the hub shows, each entry chained to the one
/// before, and kept on disk. What it holds is proved when a log entry, itself proved under the
/// head, names its newest entry.
class KeyCopy {
public:
    /// Reads what is on disk. Errors: Errc::storage_corrupt; those of the store.
    [[nodiscard]] static Result<KeyCopy> open(Services& services);

    [[nodiscard]] const crypto::KeyRegister& keys() const noexcept { return *keys_; }

    /// Fetches what the hub has beyond the copy.
    ///
    /// Errors: those of HubRequests::get; Errc::log_forked if the hub's register does not begin
    /// with the copy; Errc::bad_log_entry; those of KeyRegister::apply and the store.
    [[nodiscard]] boost::asio::awaitable<Result<void>> refresh(HubRequests& requests);

private:
    explicit KeyCopy(Services& services)
        : services_(services), keys_(std::make_shared<crypto::KeyRegister>()) {}

    [[nodiscard]] Result<void> adopt(BytesView answer);

    Services& services_;
    std::shared_ptr<crypto::KeyRegister> keys_;
    std::vector<storage::RegisterRow> rows_;
};

}  // namespace tongbao::client
