#include "client/daemon/own_act.hpp"

#include "crypto/random.hpp"
#include "protocol/act_json.hpp"

namespace tongbao::client {

storage::SentItem make_act(const UnitId& unit, ActKind kind, std::vector<NoticeRef> notices,
                           std::optional<std::string> reason, UtcTime now) {
    Act act;
    act.kind = kind;
    act.notices = std::move(notices);
    act.reason = std::move(reason);
    return make_act(unit, std::move(act), now);
}

storage::SentItem make_act(const UnitId& unit, Act act, UtcTime now) {
    act.id = ActId(crypto::make_uuid(now));
    act.from = unit;
    act.issued_at = now;
    storage::SentItem item;
    item.id = act.id.value();
    item.is_act = true;
    item.bytes = to_bytes(protocol::write_act(act));
    item.queued_at = now;
    return item;
}

}  // namespace tongbao::client
