#pragma once

#include "crypto/key_register.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "program/logging.hpp"
#include "program/watched_files.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tongbao::client {

/// A key that the register has in force for this unit, and of which the unit knows nothing: whoever
/// holds it can speak for the unit.
struct UnaskedKey {
    std::string spiffe;
    Digest certificate;  ///< SHA-256 of the certificate
    Digest public_key;   ///< SHA-256 of its SubjectPublicKeyInfo
    LogIndex enrolled;

    friend bool operator==(const UnaskedKey&, const UnaskedKey&) = default;
};

/// Watches whether every key that is enrolled for this unit is one that the unit asked for. It
/// knows the keys of its own configuration, of now and before (they are kept in a file in the
/// daemon's folder of data), and those in the folder of requests: `*.json` that `tongbao ca enrol`
/// wrote, and certificates as `*.pem`.
///
/// For one thread at a time.
class OwnEnrolments {
public:
    /// `known` is the file of the keys that were the unit's own; `requests` the folder of requests,
    /// if there is one. `logging` outlives the object.
    OwnEnrolments(UnitId unit, std::filesystem::path known,
                  std::optional<std::filesystem::path> requests, program::Logging& logging);

    /// Reads the file and the folder. Errors: Errc::storage_failure, Errc::storage_corrupt.
    [[nodiscard]] Result<void> open();

    /// The unit has these keys, and will have asked for them from now on, after a restart too.
    ///
    /// Errors: Errc::storage_failure; they are known all the same until the program ends.
    [[nodiscard]] Result<void> know(std::span<const Digest> public_keys);

    /// Looks at the folder of requests.
    ///
    /// @returns whether it had changed.
    bool look();

    /// The keys in force for this unit that it did not ask for, in log order.
    [[nodiscard]] std::vector<UnaskedKey> unasked(const crypto::KeyRegister& keys) const;

private:
    void read_requests();

    UnitId unit_;
    std::filesystem::path known_file_;
    std::optional<std::filesystem::path> requests_;
    program::Logging& logging_;
    program::WatchedFiles watched_;
    std::set<Digest> known_;
    std::set<Digest> requested_;
};

/// For people: what was found, beginning with the code `key_not_asked_for`.
[[nodiscard]] std::string alarm_words(const UnaskedKey& key);

}  // namespace tongbao::client
