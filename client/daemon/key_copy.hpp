#pragma once

#include "client/daemon/services.hpp"
#include "crypto/key_register.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace tongbao::client {

/// This unit's copy of the register: what the hub shows, each entry chained to the one before.
/// A row is proved when a log entry, itself proved under the head, names it or one behind it; what
/// is proved is kept on disk and can't change any more, the rest lasts as long as the hub shows it.
/// For one thread at a time.
class KeyCopy {
public:
    /// Reads what is on disk. Errors: Errc::storage_corrupt; those of the store.
    [[nodiscard]] static Result<KeyCopy> open(const Services& services);

    [[nodiscard]] const crypto::KeyRegister& keys() const noexcept { return *keys_; }

    /// Takes the register that the hub shows.
    ///
    /// Errors, after which nothing has changed: Errc::log_forked if it does not begin with what is
    /// proved; Errc::bad_log_entry; those of KeyRegister::apply; Errc::unknown_log_key or
    /// Errc::charter_mismatch if it has another log key or charter than this daemon.
    [[nodiscard]] Result<void> adopt(BytesView answer);

    /// Keeps what is proved by a log entry that names the register entry hashed to `head`.
    ///
    /// Errors: Errc::not_found if it is not here; those of the store.
    [[nodiscard]] Result<void> keep(const Digest& head);

private:
    explicit KeyCopy(const Services& services)
        : services_(services), keys_(std::make_unique<crypto::KeyRegister>()) {}

    const Services& services_;
    std::unique_ptr<crypto::KeyRegister> keys_;
    std::vector<storage::RegisterRow> rows_;
    /// How many of rows_, from the front, are proved and on disk.
    std::size_t proved_{0};
};

}  // namespace tongbao::client
