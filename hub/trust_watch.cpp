#include "hub/trust_watch.hpp"

#include "hub/caller.hpp"
#include "hub/register_start.hpp"

#include <set>
#include <utility>

namespace tongbao::hub {
namespace {

/// What is bad in the folder may become good by itself, such as a certificate that is not valid
/// yet: it is judged again at every so many looks, a minute apart.
constexpr int kLooksBetween = 30;

}  // namespace

TrustWatch::TrustWatch(const Config& config, Deployment& deployment,
                       program::Newest<program::TlsEnd>& ends, const Clock& clock,
                       program::Logging& logging)
    : config_(config),
      deployment_(deployment),
      ends_(ends),
      clock_(clock),
      logging_(logging),
      tls_files_(program::paths_of(config.tls)),
      folder_({config.enrolled}) {}

void TrustWatch::look(Sequencer& sequencer) {
    const bool new_lists = look_at_tls();
    look_at_register(sequencer, new_lists);
}

Result<void> TrustWatch::may_stay(const Digest& certificate) const {
    const std::shared_ptr<const crypto::KeyRegister> keys = deployment_.keys.get();
    const Result<void> enrolled = may_connect(*keys, certificate);
    if (!enrolled) return enrolled.error();
    const crypto::EnrolledKey* const key = keys->find(certificate);
    const Result<void> trusted =
        deployment_.trust.get()->check(key->certificate, key->id.use, clock_.now());
    if (trusted || trusted.error() == Errc::crl_unusable ||
        trusted.error() == Errc::crypto_failure) {
        return {};
    }
    return trusted.error();
}

bool TrustWatch::look_at_tls() {
    if (!tls_files_.look()) return false;
    std::string words;
    const Result<void> taken = take_over_tls(words);
    if (taken) {
        tls_files_.good();
        logging_.info("trust_taken_over",
                      {{"trust", config_.tls.trust.string()},
                       {"certificate", config_.tls.certificate.string()},
                       {"not_after", format_utc(ends_.get()->certificate.not_after())}});
        return true;
    }
    const Errc errc = to_errc(taken.error());
    if (tls_files_.bad(std::string(code(errc)) + ' ' + words)) {
        logging_.error("trust_not_taken_over",
                       {{"file", words},
                        {"code", std::string(code(errc))},
                        {"what", std::string(sentence(errc))},
                        {"consequence", "what was read before stays in force"},
                        {"do",
                         "put a whole and right file in its place; it is taken over by itself. "
                         "tongbao explain " +
                             std::string(code(errc))}});
    }
    return false;
}

Result<void> TrustWatch::take_over_tls(std::string& words) {
    const Result<program::TlsMaterial> material =
        program::read_tls_files(config_.tls, deployment_.trust_domain, words);
    if (!material) return material.error();
    const Result<void> good =
        program::check_material(*material, hub_id(deployment_.trust_domain), clock_.now());
    if (!good) {
        const bool by_trust =
            good.error() == Errc::certificate_untrusted || good.error() == Errc::crl_unusable;
        words = by_trust ? config_.tls.trust.string() + " for " + config_.tls.certificate.string()
                         : config_.tls.certificate.string();
        return good.error();
    }
    words = config_.tls.certificate.string() + " and " + config_.tls.key.string();
    Result<program::TlsEnd> end = program::make_server_end(*material, clock_);
    if (!end) return end.error();
    deployment_.trust.set(material->trust);
    ends_.set(std::make_shared<const program::TlsEnd>(*std::move(end)));
    return {};
}

void TrustWatch::look_at_register(Sequencer& sequencer, bool new_lists) {
    const bool changed = folder_.look();
    std::vector<RegisterData> entries;
    std::vector<Asked> asked;
    {
        const std::lock_guard lock(mutex_);
        ++looks_;
        const bool due = !faults_.empty() && looks_ % kLooksBetween == 0;
        again_ = again_ || changed || new_lists || due;
        if (!again_ || waiting_) return;
        again_ = false;
        ask(entries, asked);
        waiting_ = !entries.empty();
    }
    if (entries.empty()) return;
    const auto answer = [this, asked](const std::vector<Result<void>>& results) {
        on_answer(asked, results);
    };
    const Result<void> taken = sequencer.change_register(std::move(entries), answer);
    if (taken) return;
    const std::lock_guard lock(mutex_);  // the hub stops
    waiting_ = false;
}

void TrustWatch::ask(std::vector<RegisterData>& entries, std::vector<Asked>& asked) {
    const std::shared_ptr<const crypto::KeyRegister> keys = deployment_.keys.get();
    const std::shared_ptr<const crypto::TrustStore> trust = deployment_.trust.get();
    // Revocations first: a key that is revoked now does not consent to another.
    for (KeyRevoked& each : listed_revocations(*keys, *trust)) {
        asked.push_back({{}, each.spiffe, false});
        entries.emplace_back(std::move(each));
    }
    Result<EnrolledFolder> folder = read_enrolled_folder(config_.enrolled);
    if (!folder) return note_fault(config_.enrolled, to_errc(folder.error()));
    std::set<std::filesystem::path> in_question;
    for (const FolderFault& fault : folder->faults) {
        in_question.insert(fault.file);
        note_fault(fault.file, fault.code);
    }
    for (FolderCertificate& each : folder->certificates) {
        if (keys->find(each.certificate.digest()) != nullptr) continue;
        // Revoked before it was enrolled: it stays out, and nothing is wrong.
        if (trust->revocation_of(each.certificate)) continue;
        in_question.insert(each.file);
        asked.push_back({each.file, each.enrolment.spiffe, true});
        entries.emplace_back(std::move(each.enrolment));
    }
    std::erase_if(faults_,
                  [&in_question](const auto& each) { return !in_question.contains(each.first); });
}

void TrustWatch::on_answer(const std::vector<Asked>& asked,
                           const std::vector<Result<void>>& results) {
    const std::lock_guard lock(mutex_);
    waiting_ = false;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const Asked& each = asked[i];
        if (results[i]) {
            faults_.erase(each.file);
            logging_.info(each.enrols ? "key_enrolled" : "key_revoked",
                          {{"spiffe", each.spiffe}, {"file", each.file.string()}});
            continue;
        }
        const Errc errc = to_errc(results[i].error());
        note_fault(each.file, errc);
    }
}

void TrustWatch::note_fault(const std::filesystem::path& file, Errc errc) {
    const auto [place, added] = faults_.emplace(file, Fault{errc, false});
    Fault& fault = place->second;
    if (added || fault.code != errc) {
        fault = {errc, false};
        again_ = true;
        return;
    }
    if (std::exchange(fault.told, true)) return;
    logging_.error("certificate_not_enrolled",
                   {{"file", file.string()},
                    {"code", std::string(code(errc))},
                    {"what", std::string(sentence(errc))},
                    {"consequence", "the register stays as it is; other files are not held up"},
                    {"do",
                     "put a right file in its place or take it away; it is looked at by itself. "
                     "tongbao explain " +
                         std::string(code(errc))}});
}

}  // namespace tongbao::hub
