#include "crypto/key_register.hpp"

#include "domain/overloaded.hpp"

#include <algorithm>
#include <iterator>

namespace tongbao::crypto {
Result<void> KeyRegister::apply(LogIndex index, const Digest& leaf, const RegisterEvent& event) {
    if (event.predecessor != head_ || (!order_.empty() && index <= order_.back().first))
        return Errc::log_forked;
    const Result<void> applied =
        std::visit(Overloaded{
                       [&](const CharterAdopted& data) -> Result<void> {
                           charter_ = data;
                           return {};
                       },
                       [&](const LogKeyAnnounced& data) -> Result<void> {
                           log_key_ = data.verifier_key;
                           return {};
                       },
                       [&](const KeyEnrolled& data) { return enrol(index, data); },
                       [&](const KeyRevoked& data) { return revoke(index, data); },
                   },
                   event.data);
    if (!applied) return applied.error();
    head_ = leaf;
    order_.emplace_back(index, leaf);
    entries_.emplace(leaf, index);
    return {};
}

Result<void> KeyRegister::enrol(LogIndex index, const KeyEnrolled& data) {
    const Result<Certificate> certificate = Certificate::from_der(data.certificate);
    if (!certificate) return certificate.error();
    const Result<SpiffeId>& id = certificate->spiffe();
    if (!id || format_spiffe_id(*id) != data.spiffe) return Errc::bad_certificate;
    if (by_certificate_.contains(certificate->digest())) return Errc::already_exists;
    const auto same_key = by_public_key_.find(certificate->public_key_digest());
    if (same_key != by_public_key_.end() && keys_[same_key->second].id != *id) {
        return Errc::already_exists;
    }
    by_certificate_.emplace(certificate->digest(), keys_.size());
    by_public_key_.emplace(certificate->public_key_digest(), keys_.size());
    keys_.push_back(EnrolledKey{*certificate, *id, index, std::nullopt});
    return {};
}

Result<void> KeyRegister::revoke(LogIndex index, const KeyRevoked& data) {
    const auto found = by_certificate_.find(data.certificate);
    if (found == by_certificate_.end()) return Errc::not_found;
    EnrolledKey& key = keys_[found->second];
    if (format_spiffe_id(key.id) != data.spiffe) return Errc::not_found;
    if (!key.revoked) key.revoked = index;
    return {};
}

const EnrolledKey* KeyRegister::find(const Digest& certificate) const {
    const auto found = by_certificate_.find(certificate);
    return found == by_certificate_.end() ? nullptr : &keys_[found->second];
}

std::vector<const EnrolledKey*> KeyRegister::current(const SpiffeId& id) const {
    std::vector<const EnrolledKey*> found;
    for (const EnrolledKey& key : keys_) {
        if (key.id == id && !key.revoked) found.push_back(&key);
    }
    return found;
}

std::optional<LogIndex> KeyRegister::index_of(const Digest& leaf) const {
    const auto found = entries_.find(leaf);
    if (found == entries_.end()) return std::nullopt;
    return found->second;
}

std::optional<Digest> KeyRegister::head_before(LogIndex index) const {
    const auto next = std::partition_point(
        order_.begin(), order_.end(), [index](const auto& each) { return each.first < index; });
    if (next == order_.begin()) return std::nullopt;
    return std::prev(next)->second;
}

}  // namespace tongbao::crypto
