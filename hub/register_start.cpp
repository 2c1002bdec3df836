#include "hub/register_start.hpp"

#include "crypto/merkle_tree.hpp"
#include "hub/enrolled_folder.hpp"
#include "hub/register_additions.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace tongbao::hub {
namespace {

Result<void> adopt_charter(RegisterAdditions& additions, const Deployment& deployment,
                           std::string& words) {
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

Result<void> announce_log_key(RegisterAdditions& additions, const std::string& verifier_key,
                              std::string& words) {
    const auto& announced = additions.keys().log_key();
    if (announced == verifier_key) return {};
    if (announced) {
        words = "this log is signed by " + *announced + ", not by the key configured";
        return Errc::bad_key;
    }
    return additions.add(LogKeyAnnounced{verifier_key});
}

Result<void> enrol_folder(RegisterAdditions& additions, const crypto::TrustStore& trust,
                          const std::filesystem::path& folder, std::string& words) {
    words = folder.string();
    const Result<EnrolledFolder> read = read_enrolled_folder(folder);
    if (!read) return read.error();
    if (!read->faults.empty()) {
        words = read->faults.front().file.string();
        return read->faults.front().code;
    }
    std::vector<RegisterData> entries;
    std::vector<std::string> names;
    for (const FolderCertificate& each : read->certificates) {
        if (additions.keys().find(each.certificate.digest()) != nullptr) continue;
        // Revoked before it was enrolled: it stays out, and nothing is wrong.
        if (trust.revocation_of(each.certificate)) continue;
        entries.emplace_back(each.enrolment);
        names.push_back(each.file.string() + ": " + each.enrolment.spiffe);
    }
    const std::vector<Result<void>> results = additions.add_all(entries, trust);
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) continue;
        words = names[i];
        return results[i].error();
    }
    return {};
}

/// Whether the list says something of the key that the register does not know yet.
bool is_news(const crypto::ListedRevocation& listed, const crypto::EnrolledKey& key) {
    if (!key.revoked) return true;
    return listed.compromised_since &&
           (!key.compromised_since || *listed.compromised_since < *key.compromised_since);
}

Result<void> revoke_listed(RegisterAdditions& additions, const crypto::TrustStore& trust,
                           std::string& words) {
    for (const KeyRevoked& each : listed_revocations(additions.keys(), trust)) {
        words = each.spiffe;
        const Result<void> added = additions.add(each);
        if (!added) return added.error();
    }
    return {};
}

}  // namespace

std::vector<KeyRevoked> listed_revocations(const crypto::KeyRegister& keys,
                                           const crypto::TrustStore& trust) {
    std::vector<KeyRevoked> found;
    for (const crypto::EnrolledKey& key : keys.keys()) {
        const auto listed = trust.revocation_of(key.certificate);
        if (!listed || !is_news(*listed, key)) continue;
        found.push_back(
            {format_spiffe_id(key.id), key.certificate.digest(), listed->compromised_since});
    }
    return found;
}

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
    const std::shared_ptr<const crypto::TrustStore> trust = deployment.trust.get();
    RegisterAdditions additions(*deployment.keys.get(), log.store.size(), time);
    const Result<void> charter = adopt_charter(additions, deployment, words);
    if (!charter) return charter.error();
    const Result<void> log_key =
        announce_log_key(additions, log.signer.verifier_key().text(), words);
    if (!log_key) return log_key.error();
    // Revocations first: a key that others may have consents to nothing any more, and a unit that
    // lost its only sign key gets another one in the same start.
    const Result<void> revocation = revoke_listed(additions, *trust, words);
    if (!revocation) return revocation.error();
    // Who is enrolled must be good at the time that the entry bears.
    const Result<void> enrolment = enrol_folder(additions, *trust, enrolled, words);
    if (!enrolment) return enrolment.error();
    words.clear();
    if (additions.empty()) return {};
    const Result<void> written =
        write_commit(log, deployment.origin, additions.take_commit(), additions.leaves());
    if (!written) return written.error();
    deployment.keys.set(std::make_shared<const crypto::KeyRegister>(additions.keys()));
    return log.head_file.sync();
}

}  // namespace tongbao::hub
