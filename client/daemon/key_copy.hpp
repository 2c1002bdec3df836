#pragma once

#include "client/daemon/services.hpp"
#include "crypto/key_register.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <memory>
#include <optional>
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

    /// Takes the whole register that the hub shows. One that ends before what is here and agrees
    /// with it changes nothing: an answer may be older than another that came before it.
    ///
    /// Errors, after which nothing has changed: Errc::log_forked if it does not begin with what is
    /// proved; Errc::bad_log_entry; those of KeyRegister::apply; Errc::unknown_log_key or
    /// Errc::charter_mismatch if it has another log key or charter than this daemon.
    [[nodiscard]] Result<void> adopt(BytesView answer);

    /// Takes what the hub shows of the register behind last() (`GET /v1/register?after=`). Rows
    /// that are here already may be among it.
    ///
    /// Errors, after which nothing has changed: as adopt; Errc::log_forked also if it does not go
    /// on from what is here, which says something only if all of that is proved: see all_proved().
    [[nodiscard]] Result<void> extend(BytesView answer);

    /// The index of the last row; none without any.
    [[nodiscard]] std::optional<LogIndex> last() const noexcept;
    /// Whether every row is proved: none of them can become another.
    [[nodiscard]] bool all_proved() const noexcept { return proved_ == rows_.size(); }

    /// Keeps what is proved by a log entry that names the register entry hashed to `head`.
    ///
    /// Errors: Errc::not_found if it is not here; those of the store.
    [[nodiscard]] Result<void> keep(const Digest& head);

private:
    explicit KeyCopy(const Services& services)
        : services_(services), keys_(std::make_unique<crypto::KeyRegister>()) {}

    /// Whether it is the register of this daemon's log and charter. Errors: as adopt.
    [[nodiscard]] Result<void> check_basis(const crypto::KeyRegister& keys) const;

    const Services& services_;
    std::unique_ptr<crypto::KeyRegister> keys_;
    std::vector<storage::RegisterRow> rows_;
    /// How many of rows_, from the front, are proved and on disk.
    std::size_t proved_{0};
};

}  // namespace tongbao::client
