#pragma once

#include "domain/result.hpp"
#include "storage/dispatch_rows.hpp"
#include "storage/rocks_db.hpp"

#include <optional>
#include <vector>

namespace tongbao::storage {

/// The items of the register of dispatches. Reads from a view and puts changes among those of its
/// caller's write. Thread-safe.
class RocksDispatches {
public:
    RocksDispatches(const RocksDb& database, Family family)
        : database_(database), family_(family) {}

    void put(Writes& writes, const DispatchUpdate& update) const;

    // As HubStore has them.

    [[nodiscard]] Result<std::optional<DispatchRow>> find(const View& view,
                                                          const DispatchPlace& place) const;
    [[nodiscard]] Result<std::vector<DispatchRow>> read(const View& view,
                                                        const DispatchQuery& query) const;

private:
    const RocksDb& database_;
    Family family_;
};

}  // namespace tongbao::storage
