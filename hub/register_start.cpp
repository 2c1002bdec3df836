#include "hub/register_start.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/random.hpp"
#include "program/files.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace tongbao::hub {
namespace {

constexpr std::size_t kMaxCertificateBytes = 64 * 1024;

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

/// The certificates of the folder by SPIFFE id and digest: an order that does not depend on names.
Result<std::map<std::pair<std::string, Digest>, crypto::Certificate>> read_folder(
    const std::filesystem::path& folder, std::string& words) {
    std::map<std::pair<std::string, Digest>, crypto::Certificate> found;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
        if (item.path().extension() != ".pem") continue;
        words = item.path().string();
        const Result<std::string> text = program::read_file(item.path(), kMaxCertificateBytes);
        if (!text) return text.error();
        const Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*text);
        if (!certificate) return certificate.error();
        const Result<SpiffeId>& id = certificate->spiffe();
        if (!id) return id.error();
        found.emplace(std::pair(format_spiffe_id(*id), certificate->digest()), *certificate);
    }
    words = folder.string();
    if (error) return Errc::not_found;
    return found;
}

Result<void> enrol_folder(Additions& additions, const Deployment& deployment,
                          const std::filesystem::path& folder, UtcTime now, std::string& words) {
    const auto certificates = read_folder(folder, words);
    if (!certificates) return certificates.error();
    for (const auto& [key, certificate] : *certificates) {
        if (additions.keys().find(certificate.digest()) != nullptr) continue;
        words = key.first;
        const CertificateUse use = certificate.spiffe()->use;
        const Result<void> trusted = deployment.trust->check(certificate, use, now);
        if (!trusted && trusted.error() == Errc::certificate_revoked) continue;
        if (!trusted) return trusted.error();
        const Result<void> added =
            additions.add(KeyEnrolled{key.first, to_bytes(certificate.der())});
        if (!added) return added.error();
    }
    return {};
}

Result<void> revoke_listed(Additions& additions, const Deployment& deployment, UtcTime now,
                           std::string& words) {
    const std::vector<crypto::EnrolledKey> keys = additions.keys().keys();
    for (const crypto::EnrolledKey& key : keys) {
        if (key.revoked) continue;
        const Result<void> trusted = deployment.trust->check(key.certificate, key.id.use, now);
        if (trusted || trusted.error() != Errc::certificate_revoked) continue;
        words = format_spiffe_id(key.id);
        const Result<void> added =
            additions.add(KeyRevoked{format_spiffe_id(key.id), key.certificate.digest()});
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
    // Who is enrolled must be good at the time that the entry bears; a list says now who is not.
    const Result<void> enrolment = enrol_folder(additions, deployment, enrolled, time, words);
    if (!enrolment) return enrolment.error();
    const Result<void> revocation = revoke_listed(additions, deployment, clock.now(), words);
    if (!revocation) return revocation.error();
    words.clear();
    if (additions.empty()) return {};
    const Result<void> written =
        write_commit(log, deployment.origin, additions.take_commit(), additions.leaves());
    if (!written) return written.error();
    deployment.keys = std::make_shared<const crypto::KeyRegister>(additions.keys());
    return log.head_file.sync();
}

}  // namespace tongbao::hub
