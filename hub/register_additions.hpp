#pragma once

#include "crypto/key_register.hpp"
#include "crypto/trust_store.hpp"
#include "domain/log_entry.hpp"
#include "domain/time.hpp"
#include "storage/hub_store.hpp"

#include <variant>
#include <vector>

namespace tongbao::hub {

/// What a register entry says.
using RegisterData = decltype(RegisterEvent::data);

/// Register entries that are to be appended in one commit, each applied to the register before it.
/// For one thread.
class RegisterAdditions {
public:
    /// `keys` is the register as it stands, `size` the log's, `time` that of every entry: at least
    /// that of the log's last.
    RegisterAdditions(crypto::KeyRegister keys, TreeSize size, UtcTime time);

    /// Adds an entry.
    ///
    /// Errors, after which nothing of it is there: those of KeyRegister::apply; Errc::too_large if
    /// its certificate is too large for an entry.
    [[nodiscard]] Result<void> add(RegisterData data);

    /// Adds what can be added, and says of each what became of it, in their order. A certificate to
    /// be enrolled must be good at the time that its entry bears, when everybody after the hub will
    /// judge it. Who consents may come behind what he consents to.
    ///
    /// Errors of each: those of add and of TrustStore::check.
    [[nodiscard]] std::vector<Result<void>> add_all(const std::vector<RegisterData>& entries,
                                                    const crypto::TrustStore& trust);

    /// The register with all that was added.
    [[nodiscard]] const crypto::KeyRegister& keys() const noexcept { return keys_; }
    [[nodiscard]] UtcTime time() const noexcept { return time_; }
    [[nodiscard]] bool empty() const noexcept { return leaves_.empty(); }
    /// The entries; tiles and checkpoint are for write_commit.
    [[nodiscard]] storage::Commit take_commit() { return std::move(commit_); }
    /// Their leaf hashes, in order.
    [[nodiscard]] const std::vector<Digest>& leaves() const noexcept { return leaves_; }

private:
    /// Errors: those of TrustStore::check, Errc::bad_certificate.
    [[nodiscard]] Result<void> check(const RegisterData& data,
                                     const crypto::TrustStore& trust) const;

    crypto::KeyRegister keys_;
    UtcTime time_;
    storage::Commit commit_;
    std::vector<Digest> leaves_;
};

}  // namespace tongbao::hub
