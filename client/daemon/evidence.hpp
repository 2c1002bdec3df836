#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao::client {

/// What proves, to a stranger, that this unit signed a notice: with the notice's bytes, the
/// signer's certificate and the log's entry.
struct Evidence {
    Bytes statement;
    std::size_t position{0};
    std::vector<Digest> path;  ///< from the leaf up to the statement's root
};

/// `{"statement": base64 DER, "position": n, "path": [base64 hash, …]}`
[[nodiscard]] std::string write_evidence(const Evidence& evidence);

}  // namespace tongbao::client
