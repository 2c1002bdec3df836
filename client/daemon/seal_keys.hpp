#pragma once

#include "crypto/key_register.hpp"
#include "crypto/statement.hpp"

#include <memory>
#include <mutex>

namespace tongbao::client {

/// The unit's `sign` keys: the one that signs, and one that waits until the register enrols it.
/// Until then the hub would refuse what it signs, so the one before goes on. Thread-safe.
class SealKeys {
public:
    /// `first` signs from the start, enrolled or not: there is no other.
    explicit SealKeys(std::shared_ptr<const crypto::StatementSigner> first)
        : in_use_(std::move(first)) {}

    /// The key that signs now. A batch is signed and settled with the same one.
    [[nodiscard]] std::shared_ptr<const crypto::StatementSigner> in_use() const;

    /// The key that waits; null if none does.
    [[nodiscard]] std::shared_ptr<const crypto::StatementSigner> waiting() const;

    /// The key in use is not in force by the register that was seen last, so the hub refuses what
    /// it signs. False before a register was seen.
    [[nodiscard]] bool refused() const;

    /// Takes the key of the unit's files. One that is in use already ends the waiting of another.
    ///
    /// @returns whether it waits now and did not before.
    bool offer(std::shared_ptr<const crypto::StatementSigner> key);

    /// Lets the waiting key take over if the register has it in force.
    ///
    /// @returns whether it did.
    bool settle(const crypto::KeyRegister& keys);

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const crypto::StatementSigner> in_use_;
    std::shared_ptr<const crypto::StatementSigner> waiting_;
    bool refused_{false};
};

}  // namespace tongbao::client
