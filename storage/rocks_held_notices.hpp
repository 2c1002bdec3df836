#pragma once

#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/daemon_store.hpp"
#include "storage/rocks_db.hpp"

#include <cstdint>
#include <vector>

namespace tongbao::storage {

/// The notices of a daemon that wait for endorsements, as records: id → the notice. As
/// RocksSentItems, it reads from a view and puts changes among those of its caller's write.
class RocksHeldNotices {
public:
    RocksHeldNotices(const RocksDb& database, Family held) : database_(database), held_(held) {}

    [[nodiscard]] Result<std::uint64_t> count(const View& view) const;

    /// Errors: Errc::already_exists if this one is held.
    [[nodiscard]] Result<void> check_absent(const View& view, const Uuid& id) const;

    /// Errors: Errc::already_exists if one is held or there twice, Errc::bad_argument.
    [[nodiscard]] Result<void> put(Writes& writes, const View& view,
                                   const std::vector<HeldNotice>& notices) const;

    /// Adds the endorsement. The item to put into the outbox, if that is what becomes of it.
    /// Errors: as DaemonStore::endorse.
    [[nodiscard]] Result<std::vector<SentItem>> endorse(Writes& writes, const View& view,
                                                        const Uuid& id, std::size_t before,
                                                        Bytes statement,
                                                        AfterEndorsement then) const;

    /// Errors: Errc::not_found.
    [[nodiscard]] Result<void> remove(Writes& writes, const View& view, const Uuid& id) const;

    /// As DaemonStore has them.
    [[nodiscard]] Result<HeldNotice> find(const View& view, const Uuid& id) const;
    [[nodiscard]] Result<std::vector<HeldNotice>> list(const View& view, std::size_t limit) const;

private:
    const RocksDb& database_;
    Family held_;
};

}  // namespace tongbao::storage
