#include "client/daemon/local_api.hpp"
#include "domain/act_rules.hpp"
#include "domain/lifecycle.hpp"
#include "domain/reach.hpp"

// A dispatch of one of the unit's own notices.

namespace tongbao::client {

Checked<void> LocalApi::check_dispatch(const ArchivedNotice& found,
                                       const Dispatch& dispatch) const {
    if (found.notice.from != services_.config.unit) {
        return Reason{Errc::act_not_allowed, "id", "is another unit's notice"};
    }
    if (!found.index) return Reason{Errc::act_out_of_order, "id", "is not in the log yet"};
    const Reach reach(*services_.charter, services_.enrolled.get());
    if (contains(other_recipients(reach, found.notice), dispatch.to)) return {};
    return Reason{Errc::act_not_allowed, "dispatch.to",
                  "is none of the notice's recipients to whom the hub delivers nothing"};
}

}  // namespace tongbao::client
