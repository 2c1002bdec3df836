#include "client/daemon/own_act.hpp"

#include "crypto/random.hpp"
#include "protocol/act_json.hpp"

namespace tongbao::client {

storage::SentItem make_act(const UnitId& unit, ActKind kind, std::vector<NoticeRef> notices,
                           std::optional<std::string> reason, UtcTime now,
                           std::optional<Dispatch> dispatch) {
    Act act;
    act.id = ActId(crypto::make_uuid(now));
    act.kind = kind;
    act.from = unit;
    act.issued_at = now;
    act.notices = std::move(notices);
    act.reason = std::move(reason);
    act.dispatch = std::move(dispatch);
    storage::SentItem item;
    item.id = act.id.value();
    item.is_act = true;
    item.bytes = to_bytes(protocol::write_act(act));
    item.queued_at = now;
    return item;
}

}  // namespace tongbao::client
