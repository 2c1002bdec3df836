#pragma once

#include "client/daemon/services.hpp"
#include "domain/result.hpp"

namespace tongbao::client {

/// What a write to the store answered. If it failed, nobody knows how much of it is on disk, and
/// whoever is told so might do it again: the process ends as in a power cut, tells nobody, and the
/// next start finds all or nothing. Before a write something may be found that can't be read
/// (Errc::storage_corrupt): nothing was written then, and the caller says so.
[[nodiscard]] inline Result<void> written(const Services& services, Result<void> result) {
    if (!result && result.error() == Errc::storage_failure) services.store_failed();
    return result;
}

}  // namespace tongbao::client
