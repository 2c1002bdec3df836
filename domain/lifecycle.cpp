#include "domain/lifecycle.hpp"

namespace tongbao {
namespace {

bool decides(ActKind act) {
    return act == ActKind::taken_up || act == ActKind::declined;
}

RecipientState implied_by(ActKind act, RecipientState state) {
    RecipientState out = state.with(ActKind::delivered);
    if (decides(act)) out = out.with(ActKind::signed_for);
    return out.with(act);
}

}  // namespace

Result<RecipientState> apply(RecipientState state, ActKind act, const Kind& kind,
                             Addressed addressed, bool has_reason) {
    if (decides(act)) {
        if (addressed == Addressed::cc || !kind.accept.required) return Errc::act_not_allowed;
        if (act == ActKind::declined && kind.accept.decline == DeclineRule::not_allowed) {
            return Errc::act_not_allowed;
        }
        if (state.has(ActKind::taken_up) || state.has(ActKind::declined)) {
            return Errc::act_out_of_order;
        }
        if (act == ActKind::declined && !has_reason) return Errc::reason_required;
    }
    if (state.has(act)) return Errc::act_out_of_order;
    return implied_by(act, state);
}

RecipientState after_answer(RecipientState state) noexcept {
    return state.with(ActKind::delivered).with(ActKind::signed_for);
}

}  // namespace tongbao
