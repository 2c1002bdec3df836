#include "client/daemon/unmasking.hpp"

#include <optional>
#include <string>

namespace tongbao::client {

Checked<Masking> masking_wanted(const transport::Fields& query) {
    std::optional<Masking> masking;
    for (const transport::Field& field : query) {
        if (field.name != "unmask") continue;
        if (masking) return Reason{Errc::duplicate_member, "unmask", "once in the query"};
        if (field.value != "true" && field.value != "false") {
            return Reason{Errc::bad_value, "unmask", "true or false"};
        }
        masking = field.value == "true" ? Masking::shown : Masking::masked;
    }
    return masking.value_or(Masking::masked);
}

void note_unmasking(program::Logging& logging, const transport::Peer& peer,
                    const transport::RequestHead& request) {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) return;
    const Checked<Masking> masking = masking_wanted(*query);
    if (!masking || *masking == Masking::masked) return;
    logging.error("personal_data_shown",
                  {{"caller", peer.address},
                   {"request", request.target.substr(0, request.target.find('?'))}});
}

}  // namespace tongbao::client
