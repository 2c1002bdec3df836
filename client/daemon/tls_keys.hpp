#pragma once

#include "crypto/key_register.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "program/tls_files.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace tongbao::client {

/// What the unit's daemon shows of itself to the hub, and whom it trusts. Each connection takes the
/// newest; those that exist go on.
///
/// A new certificate waits until the register enrols it, as a seal does (SealKeys): the hub lets
/// nobody in before. But a daemon that can't connect hears nothing of the register: so after a
/// connection that failed the waiting one is tried, and after another the one before again; and
/// when the one in use has expired, the waiting one takes its place. Thread-safe.
class TlsKeys {
public:
    /// Takes material of the unit's files. New lists count from here on. `clock` outlives the
    /// object and what it gives.
    ///
    /// @returns the certificate if it waits now and did not before.
    ///
    /// Errors, after which nothing has changed: those of program::make_client_end.
    [[nodiscard]] Result<std::optional<crypto::Certificate>> offer(program::TlsMaterial material,
                                                                   const Clock& clock);

    /// Lets the waiting certificate take over if the register has it in force.
    ///
    /// @returns whether it did.
    bool settle(const crypto::KeyRegister& keys);

    /// No connection came about: the other certificate, if there is one, is tried next.
    void failed();

    /// For the next connection; null before the first offer().
    [[nodiscard]] std::shared_ptr<const program::TlsEnd> next() const;
    [[nodiscard]] std::shared_ptr<const program::TlsEnd> in_use() const;
    /// Null if none waits.
    [[nodiscard]] std::shared_ptr<const program::TlsEnd> waiting() const;

private:
    struct Own {
        std::vector<crypto::Certificate> chain;
        std::shared_ptr<const crypto::SigningKey> key;
        std::shared_ptr<const program::TlsEnd> end;
    };

    mutable std::mutex mutex_;
    std::optional<Own> in_use_;
    std::optional<Own> waiting_;
    bool try_waiting_{false};
};

}  // namespace tongbao::client
