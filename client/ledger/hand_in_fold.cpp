#include "client/ledger/hand_in_fold.hpp"

#include "domain/reporting_cycles.hpp"

namespace tongbao::client {

Result<void> fold_hand_in(const Charter& charter, const FedNotice& fed,
                          storage::LedgerPiece& piece) {
    const std::optional<HandIn> hand_in = hand_in_of(charter, fed.notice, fed.ref, fed.at);
    if (hand_in) {
        const Result<void> added = piece.add_hand_in(*hand_in);
        if (!added) return added.error();
    }
    const std::optional<NoticeId> taken = taken_back_by(charter, fed.notice);
    if (!taken) return {};
    return piece.add_taking({fed.notice.from, {fed.ref.index, fed.notice.id, *taken}});
}

}  // namespace tongbao::client
