#include "client/auditor/endorsement_check.hpp"

#include "crypto/endorsement.hpp"

#include <optional>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

Reason invalid(const std::string& place, Errc errc) {
    return {Errc::endorsement_invalid, place,
            std::string(code(errc)) + ": " + std::string(sentence(errc))};
}

}  // namespace

Checked<std::vector<Endorsement>> open_endorsements(std::span<const Bytes> statements,
                                                    const LoggedEvent& event, LogIndex index,
                                                    UtcTime time, const EndorsementTrust& trust) {
    if (statements.size() != event.endorsements.size()) {
        return Reason{Errc::entry_mismatch, "endorsements",
                      "the entry names " + std::to_string(event.endorsements.size())};
    }
    std::vector<Endorsement> endorsements;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const std::string place = "endorsements[" + std::to_string(i) + ']';
        const crypto::EnrolledKey* key = nullptr;
        const auto find = [&](const Digest& digest) -> std::optional<crypto::Certificate> {
            key = trust.keys.find(digest);
            if (key == nullptr || !key->in_force_at(index)) return std::nullopt;
            return key->certificate;
        };
        auto opened =
            crypto::open_endorsement(statements[i], trust.origin, event.leaf.leaf_hash, find);
        if (!opened) return invalid(place, to_errc(opened.error()));
        const EndorsementRef ref{opened->endorsement.role, opened->statement, opened->certificate};
        if (ref != event.endorsements[i]) {
            return Reason{Errc::entry_mismatch, place, "is not the one that the entry names"};
        }
        const Result<void> trusted =
            trust.certificates.check(key->certificate, opened->endorsement.signer.use, time,
                                     crypto::RevocationCheck::by_register);
        if (!trusted) return invalid(place, to_errc(trusted.error()));
        endorsements.push_back(std::move(opened->endorsement));
    }
    return endorsements;
}

}  // namespace tongbao::client
