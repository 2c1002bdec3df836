#include "client/auditor/compromised_keys.hpp"

#include <algorithm>

namespace tongbao::client {

CompromisedKeys compromised_keys(const crypto::KeyRegister& keys) {
    CompromisedKeys by_public_key;
    for (const crypto::EnrolledKey& key : keys.keys()) {
        if (!key.compromised_since) continue;
        const auto [place, added] =
            by_public_key.emplace(key.certificate.public_key_digest(), *key.compromised_since);
        if (!added) place->second = std::min(place->second, *key.compromised_since);
    }
    CompromisedKeys found;
    if (by_public_key.empty()) return found;
    for (const crypto::EnrolledKey& key : keys.keys()) {
        const auto since = by_public_key.find(key.certificate.public_key_digest());
        if (since != by_public_key.end()) found.emplace(key.certificate.digest(), since->second);
    }
    return found;
}

}  // namespace tongbao::client
