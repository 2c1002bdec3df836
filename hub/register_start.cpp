#include "hub/register_start.hpp"

#include "crypto/key_consent.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/random.hpp"
#include "program/files.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

namespace tongbao::hub {
namespace {

constexpr std::size_t kMaxCertificateBytes = 64 * 1024;
/// The text and its signature in base64.
constexpr std::size_t kMaxConsentFileBytes = crypto::kMaxConsentBytes + 256;

/// The register entries that are to be appended.
class Additions {
public:
    Additions(crypto::KeyRegister keys, TreeSize size, UtcTime time)
        : keys_(std::move(keys)), time_(time) {
        commit_.expected = size;
    }

    [[nodiscard]] const crypto::KeyRegister& keys() const { return keys_; }

    [[nodiscard]] Result<void> add(decltype(RegisterEvent::data) data) {
        RegisterEvent event{keys_.head(), std::move(data)};
        LogEntry entry{time_, {}, event};
        crypto::fill_random(entry.salt);
        Bytes bytes = to_bytes(protocol::write_log_entry(entry));
        // A certificate may be larger than an entry.
        if (bytes.size() > protocol::kMaxLogEntryBytes) return Errc::too_large;
        const Digest leaf = crypto::leaf_hash(bytes);
        const LogIndex index = advanced(next_index(commit_.expected), commit_.entries.size());
        const Result<void> applied = keys_.apply(index, leaf, event);
        if (!applied) return applied.error();
        commit_.register_entries.push_back(index);
        commit_.entries.push_back(std::move(bytes));
        leaves_.push_back(leaf);
        return {};
    }

    [[nodiscard]] bool empty() const { return leaves_.empty(); }
    [[nodiscard]] storage::Commit take_commit() { return std::move(commit_); }
    [[nodiscard]] const std::vector<Digest>& leaves() const { return leaves_; }

private:
    crypto::KeyRegister keys_;
    UtcTime time_;
    storage::Commit commit_;
    std::vector<Digest> leaves_;
};

Result<void> adopt_charter(Additions& additions, const Deployment& deployment, std::string& words) {
    const CharterAdopted wanted{deployment.charter->id(), deployment.charter->version(),
                                deployment.charter_digest};
    const auto& adopted = additions.keys().charter();
    if (adopted == wanted) return {};
    if (adopted && (adopted->charter != wanted.charter || adopted->version >= wanted.version)) {
        words = "this log has adopted charter " + adopted->charter.value() + " version " +
                std::to_string(adopted->version.value()) + " with SHA-256 " +
                adopted->sha256.hex() + ", which is not the one configured";
        return Errc::charter_mismatch;
    }
    return additions.add(wanted);
}

Result<void> announce_log_key(Additions& additions, const std::string& verifier_key,
                              std::string& words) {
    const auto& announced = additions.keys().log_key();
    if (announced == verifier_key) return {};
    if (announced) {
        words = "this log is signed by " + *announced + ", not by the key configured";
        return Errc::bad_key;
    }
    return additions.add(LogKeyAnnounced{verifier_key});
}

/// A certificate of the folder, with the consent that lies beside it.
struct Candidate {
    crypto::Certificate certificate;
    SpiffeId id;
    std::optional<SignedConsent> consent;
    std::filesystem::path file;
};

/// `<name>.consent` beside `<name>.pem`; none if there is none.
Result<std::optional<SignedConsent>> read_consent(const std::filesystem::path& file,
                                                  std::string& words) {
    const Result<std::string> text = program::read_file(file, kMaxConsentFileBytes);
    if (!text && text.error() == Errc::not_found) return std::optional<SignedConsent>();
    words = file.string();
    if (!text) return text.error();
    Result<SignedConsent> consent = crypto::parse_consent_file(*text);
    if (!consent) return consent.error();
    return std::optional(*std::move(consent));
}

Result<Candidate> read_candidate(const std::filesystem::path& file, std::string& words) {
    words = file.string();
    const Result<std::string> text = program::read_file(file, kMaxCertificateBytes);
    if (!text) return text.error();
    const Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*text);
    if (!certificate) return certificate.error();
    const Result<SpiffeId>& id = certificate->spiffe();
    if (!id) return id.error();
    std::filesystem::path consent_file = file;
    consent_file.replace_extension(".consent");
    Result<std::optional<SignedConsent>> consent = read_consent(consent_file, words);
    if (!consent) return consent.error();
    return Candidate{*certificate, *id, *std::move(consent), file};
}

/// The certificates of the folder: sign keys before what they consent to, then by SPIFFE id and
/// digest, an order that does not depend on names.
Result<std::vector<Candidate>> read_folder(const std::filesystem::path& folder,
                                           std::string& words) {
    std::vector<Candidate> found;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
        if (item.path().extension() != ".pem") continue;
        Result<Candidate> candidate = read_candidate(item.path(), words);
        if (!candidate) return candidate.error();
        found.push_back(*std::move(candidate));
    }
    words = folder.string();
    if (error) return Errc::not_found;
    const auto place = [](const Candidate& each) {
        return std::tuple(each.id.use != CertificateUse::sign, format_spiffe_id(each.id),
                          each.certificate.digest());
    };
    std::sort(found.begin(), found.end(), [&place](const Candidate& one, const Candidate& other) {
        return place(one) < place(other);
    });
    const auto same = [](const Candidate& one, const Candidate& other) {
        return one.certificate == other.certificate;
    };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    return found;
}

/// Those that are neither enrolled nor revoked, each of them trusted.
Result<std::vector<Candidate>> pending_of(std::vector<Candidate> candidates,
                                          const Additions& additions, const Deployment& deployment,
                                          UtcTime now, std::string& words) {
    std::vector<Candidate> pending;
    for (Candidate& each : candidates) {
        if (additions.keys().find(each.certificate.digest()) != nullptr) continue;
        if (deployment.trust->revocation_of(each.certificate)) continue;
        words = format_spiffe_id(each.id);
        const Result<void> trusted = deployment.trust->check(each.certificate, each.id.use, now);
        if (!trusted) return trusted.error();
        pending.push_back(std::move(each));
    }
    return pending;
}

bool lacks_consent(const boost::system::error_code& error) {
    return error == Errc::consent_missing || error == Errc::consent_invalid;
}

Result<void> enrol_folder(Additions& additions, const Deployment& deployment,
                          const std::filesystem::path& folder, UtcTime now, std::string& words) {
    Result<std::vector<Candidate>> candidates = read_folder(folder, words);
    if (!candidates) return candidates.error();
    Result<std::vector<Candidate>> pending =
        pending_of(*std::move(candidates), additions, deployment, now, words);
    if (!pending) return pending.error();
    // A sign key may be consented to by another one of this folder, whose turn comes later: round
    // after round until a round brings nothing.
    while (!pending->empty()) {
        std::vector<Candidate> left;
        Result<void> first_refusal;
        for (Candidate& each : *pending) {
            const Result<void> added = additions.add(KeyEnrolled{
                format_spiffe_id(each.id), to_bytes(each.certificate.der()), each.consent});
            if (added) continue;
            if (!lacks_consent(added.error())) {
                words = each.file.string() + ": " + format_spiffe_id(each.id);
                return added.error();
            }
            if (left.empty()) {
                first_refusal = added.error();
                words = each.file.string() + ": " + format_spiffe_id(each.id);
            }
            left.push_back(std::move(each));
        }
        if (left.size() == pending->size()) return first_refusal.error();
        *pending = std::move(left);
    }
    return {};
}

/// Whether the list says something of the key that the register does not know yet.
bool is_news(const crypto::ListedRevocation& listed, const crypto::EnrolledKey& key) {
    if (!key.revoked) return true;
    return listed.compromised_since &&
           (!key.compromised_since || *listed.compromised_since < *key.compromised_since);
}

Result<void> revoke_listed(Additions& additions, const Deployment& deployment, std::string& words) {
    const std::vector<crypto::EnrolledKey> keys = additions.keys().keys();
    for (const crypto::EnrolledKey& key : keys) {
        const auto listed = deployment.trust->revocation_of(key.certificate);
        if (!listed || !is_news(*listed, key)) continue;
        words = format_spiffe_id(key.id);
        const Result<void> added = additions.add(KeyRevoked{
            format_spiffe_id(key.id), key.certificate.digest(), listed->compromised_since});
        if (!added) return added.error();
    }
    return {};
}

}  // namespace

Result<crypto::KeyRegister> replay_register(const storage::HubStore& store, std::string& words) {
    const Result<std::vector<LogIndex>> indexes = store.read_register();
    if (!indexes) return indexes.error();
    crypto::KeyRegister keys;
    for (const LogIndex index : *indexes) {
        words = "register entry " + std::to_string(index.value());
        const Result<std::vector<Bytes>> entries = store.read_entries(index, 1);
        if (!entries) return entries.error();
        const Checked<LogEntry> entry = protocol::read_log_entry(entries->front());
        if (!entry) return Errc::storage_corrupt;
        const auto* const event = std::get_if<RegisterEvent>(&entry->event);
        if (event == nullptr) return Errc::storage_corrupt;
        const Result<void> applied = keys.apply(index, crypto::leaf_hash(entries->front()), *event);
        if (!applied) return Errc::storage_corrupt;
    }
    words.clear();
    return keys;
}

Result<void> bring_register_up_to_date(Deployment& deployment, LogParts& log,
                                       const std::filesystem::path& enrolled, const Clock& clock,
                                       std::string& words) {
    const Result<UtcTime> last = last_entry_time(log.store);
    if (!last) return last.error();
    const UtcTime time = std::max(clock.now(), *last);
    Additions additions(*deployment.keys, log.store.size(), time);
    const Result<void> charter = adopt_charter(additions, deployment, words);
    if (!charter) return charter.error();
    const Result<void> log_key =
        announce_log_key(additions, log.signer.verifier_key().text(), words);
    if (!log_key) return log_key.error();
    // Revocations first: a key that others may have consents to nothing any more, and a unit that
    // lost its only sign key gets another one in the same start.
    const Result<void> revocation = revoke_listed(additions, deployment, words);
    if (!revocation) return revocation.error();
    // Who is enrolled must be good at the time that the entry bears.
    const Result<void> enrolment = enrol_folder(additions, deployment, enrolled, time, words);
    if (!enrolment) return enrolment.error();
    words.clear();
    if (additions.empty()) return {};
    const Result<void> written =
        write_commit(log, deployment.origin, additions.take_commit(), additions.leaves());
    if (!written) return written.error();
    deployment.keys = std::make_shared<const crypto::KeyRegister>(additions.keys());
    return log.head_file.sync();
}

}  // namespace tongbao::hub
