#include "client/daemon/local_api.hpp"

// 关闭: how the unit's own notices are closed.

namespace tongbao::client {

Checked<void> LocalApi::check_close(const ArchivedNotice& found, const ActRequest& request) const {
    if (found.notice.from != services_.config.unit) {
        return Reason{Errc::act_not_allowed, "id", "is another unit's notice"};
    }
    if (!found.index) return Reason{Errc::act_out_of_order, "id", "is not in the log yet"};
    // Whether something is still open there, and of a local unit whether the hub delivers to it,
    // only the hub knows.
    if (!contains(found.notice.to, *request.unit)) {
        return Reason{Errc::act_not_allowed, "unit", "is none of the notice's recipients"};
    }
    if (!request.reason) return Reason{Errc::reason_required, "reason", {}};
    return {};
}

}  // namespace tongbao::client
