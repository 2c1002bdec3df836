#include "crypto/key_register.hpp"

#include "crypto/key_consent.hpp"
#include "domain/charter_unit.hpp"
#include "domain/overloaded.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace tongbao::crypto {
Result<void> KeyRegister::apply(LogIndex index, const Digest& leaf, const RegisterEvent& event) {
    if (event.predecessor != head_ || (!order_.empty() && index <= order_.back().first))
        return Errc::log_forked;
    const Result<void> applied =
        std::visit(Overloaded{
                       [&](const CharterAdopted& data) -> Result<void> {
                           charter_ = data;
                           adopted_.try_emplace({data.charter, data.version}, index);
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
    const Result<void> free = check_public_key(*certificate, *id);
    if (!free) return free.error();
    if (data.consent) {
        const Result<void> consented = check_consent(*certificate, *id, *data.consent);
        if (!consented) return consented.error();
    } else if (needs_consent(*certificate, *id)) {
        return Errc::consent_missing;
    }
    by_certificate_.emplace(certificate->digest(), keys_.size());
    by_public_key_.emplace(certificate->public_key_digest(), keys_.size());
    keys_.push_back(EnrolledKey{*certificate, *id, index, std::nullopt});
    note_local_unit(*id);
    return {};
}

void KeyRegister::note_local_unit(const SpiffeId& changed) {
    if (changed.use != CertificateUse::sign || !changed.unit || !system_of(*changed.unit)) return;
    const bool enrolled = std::any_of(keys_.begin(), keys_.end(), [&changed](const auto& key) {
        return !key.revoked && key.id == changed;
    });
    const auto place = std::lower_bound(local_units_->begin(), local_units_->end(), *changed.unit);
    const bool listed = place != local_units_->end() && *place == *changed.unit;
    if (enrolled == listed) return;
    // Others may be reading the list that was.
    EnrolledUnits units = *local_units_;
    const auto at = units.begin() + (place - local_units_->begin());
    if (enrolled) {
        units.insert(at, *changed.unit);
    } else {
        units.erase(at);
    }
    local_units_ = std::make_shared<const EnrolledUnits>(std::move(units));
}

Result<void> KeyRegister::check_public_key(const Certificate& certificate,
                                           const SpiffeId& id) const {
    if (!by_public_key_.contains(certificate.public_key_digest())) return {};
    for (const EnrolledKey& key : keys_) {
        if (key.certificate.public_key_digest() != certificate.public_key_digest()) continue;
        if (key.id != id) return Errc::already_exists;
        // A key that was given up once stays so: what is signed with it can't be told from what
        // its finder signs.
        if (key.revoked) return Errc::certificate_revoked;
    }
    return {};
}

const Certificate* KeyRegister::sign_key_in_force(const SpiffeId& id,
                                                  const Digest& public_key) const {
    for (const EnrolledKey& key : keys_) {
        if (!key.revoked && key.id == id && key.certificate.public_key_digest() == public_key) {
            return &key.certificate;
        }
    }
    return nullptr;
}

Result<void> KeyRegister::check_consent(const Certificate& certificate, const SpiffeId& id,
                                        const SignedConsent& consent) const {
    const Result<KeyConsent> said = parse_key_consent(consent.text);
    if (!said) return said.error();
    // A verifier key begins with its name, which is the log's origin and holds no plus sign.
    const bool this_log =
        log_key_ && said->origin.value() == log_key_->substr(0, log_key_->find('+'));
    const ConsentedKey wanted{id, certificate.public_key_digest()};
    const bool named = std::find(said->keys.begin(), said->keys.end(), wanted) != said->keys.end();
    if (!this_log || !id.unit || said->unit != *id.unit || !named) return Errc::consent_invalid;
    const Certificate* const by = sign_key_in_force(sign_id(id.trust_domain, *id.unit), said->by);
    if (by == nullptr) return Errc::consent_invalid;
    const Result<KeyConsent> opened = open_key_consent(consent, by->public_key_der());
    if (!opened) return opened.error();
    return {};
}

bool KeyRegister::needs_consent(const Certificate& certificate, const SpiffeId& id) const {
    if (!id.unit) return false;
    // A further certificate for a key that is in force gives nobody anything new; that the key is
    // enrolled for no other identity, check_public_key has seen.
    if (by_public_key_.contains(certificate.public_key_digest())) return false;
    return id.use != CertificateUse::sign || !current(id).empty();
}

Result<void> KeyRegister::revoke(LogIndex index, const KeyRevoked& data) {
    const auto found = by_certificate_.find(data.certificate);
    if (found == by_certificate_.end()) return Errc::not_found;
    EnrolledKey& key = keys_[found->second];
    if (format_spiffe_id(key.id) != data.spiffe) return Errc::not_found;
    if (!key.revoked) key.revoked = index;
    // What is learned later may only widen the time that is in doubt.
    if (data.compromised_since &&
        (!key.compromised_since || *data.compromised_since < *key.compromised_since)) {
        key.compromised_since = data.compromised_since;
    }
    note_local_unit(key.id);
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

bool KeyRegister::adopted_before(LogIndex index, const CharterId& charter,
                                 CharterVersion version) const {
    const auto found = adopted_.find({charter, version});
    return found != adopted_.end() && found->second < index;
}

std::optional<Digest> KeyRegister::head_before(LogIndex index) const {
    const auto next = std::partition_point(
        order_.begin(), order_.end(), [index](const auto& each) { return each.first < index; });
    if (next == order_.begin()) return std::nullopt;
    return std::prev(next)->second;
}

}  // namespace tongbao::crypto
