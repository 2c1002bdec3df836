#pragma once

#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace tongbao::hub {

/// Bounds what one unit may upload in a day that no logged notice names, so that no unit uses up
/// the disk of all. In memory: a hub that starts anew counts again what is stored (upload_sweep).
/// Small files count as kLeastCounted, so that the ledger is bounded too. Thread-safe.
class UploadLedger {
public:
    /// What was uploaded longer ago no more counts.
    static constexpr std::chrono::hours kWindow{24};
    static constexpr std::uint64_t kLeastCounted = 64 * 1024;

    /// An upload under way. Destroyed before keep(): it counts for nothing. Not thread-safe.
    class Upload {
    public:
        ~Upload();
        Upload(Upload&& other) noexcept;
        Upload(const Upload&) = delete;
        Upload& operator=(const Upload&) = delete;
        Upload& operator=(Upload&&) = delete;

        /// The file is kept: it counts with its size until a notice names it.
        void keep(const Digest& sha256, std::uint64_t size);

    private:
        friend class UploadLedger;
        Upload(UploadLedger& ledger, UnitId unit) : ledger_(&ledger), unit_(std::move(unit)) {}

        UploadLedger* ledger_;
        UnitId unit_;
    };

    /// `clock` outlives the object. `most`: bytes of one unit, at least one attachment's.
    UploadLedger(const Clock& clock, std::uint64_t most) : clock_(clock), most_(most) {}

    /// Begins an upload of `unit`, which counts as the largest attachment there is until it is
    /// kept. The ledger outlives the upload.
    ///
    /// Errors: Errc::too_many_requests beyond the bound.
    [[nodiscard]] Result<Upload> begin(const UnitId& unit);

    /// Counts a file that is stored since `at` and that no logged notice names, as if it had been
    /// uploaded then. One that is counted already stays as it is.
    void restore(const UnitId& unit, const Digest& sha256, std::uint64_t size, UtcTime at);

    /// A notice was logged that names it: it counts no more.
    void named(const UnitId& unit, const Digest& sha256);

    /// A notice was logged: what it names counts no more.
    void named_by(const Notice& notice);

private:
    struct Kept {
        std::uint64_t counted;
        UtcTime at;
    };
    struct Account {
        std::uint64_t counted{0};    ///< of `kept`
        std::uint64_t under_way{0};  ///< uploads
        std::map<Digest, Kept> kept;
        UtcTime swept{};  ///< when what is old was last taken out
    };

    [[nodiscard]] std::uint64_t free_of(Account& account) const;

    const Clock& clock_;
    const std::uint64_t most_;
    std::mutex mutex_;
    std::map<UnitId, Account> accounts_;
};

}  // namespace tongbao::hub
