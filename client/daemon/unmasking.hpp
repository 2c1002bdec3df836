#pragma once

#include "domain/masking.hpp"
#include "domain/reason.hpp"
#include "program/logging.hpp"
#include "transport/http_handler.hpp"
#include "transport/http_message.hpp"

namespace tongbao::client {

/// `unmask` of a query: `true` or `false`, masked unless given.
///
/// Errors: Errc::bad_value, Errc::duplicate_member.
[[nodiscard]] Checked<Masking> masking_wanted(const transport::Fields& query);

/// Has the running log say at every level who had personal data shown whole, if the query asks for
/// that: `personal_data_shown`, with the caller and the path of the request. The rest of the query
/// is left out, since what is searched for may be an identity number.
void note_unmasking(program::Logging& logging, const transport::Peer& peer,
                    const transport::RequestHead& request);

}  // namespace tongbao::client
