#include "hub/register_additions.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/random.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"

#include <utility>

namespace tongbao::hub {
namespace {

bool lacks_consent(const boost::system::error_code& error) {
    return error == Errc::consent_missing || error == Errc::consent_invalid;
}

}  // namespace

RegisterAdditions::RegisterAdditions(crypto::KeyRegister keys, TreeSize size, UtcTime time)
    : keys_(std::move(keys)), time_(time) {
    commit_.expected = size;
}

Result<void> RegisterAdditions::add(RegisterData data) {
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

Result<void> RegisterAdditions::check(const RegisterData& data,
                                      const crypto::TrustStore& trust) const {
    const auto* const enrolled = std::get_if<KeyEnrolled>(&data);
    if (enrolled == nullptr) return {};
    const Result<crypto::Certificate> certificate =
        crypto::Certificate::from_der(enrolled->certificate);
    if (!certificate) return certificate.error();
    const Result<SpiffeId>& id = certificate->spiffe();
    if (!id) return id.error();
    if (trust.revocation_of(*certificate)) return Errc::certificate_revoked;
    return trust.check(*certificate, id->use, time_);
}

std::vector<Result<void>> RegisterAdditions::add_all(const std::vector<RegisterData>& entries,
                                                     const crypto::TrustStore& trust) {
    std::vector<Result<void>> results;
    results.reserve(entries.size());
    for (const RegisterData& data : entries) results.push_back(check(data, trust));
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (results[i]) waiting.push_back(i);
    }
    // Round after round until a round brings nothing.
    for (std::size_t before = 0; !waiting.empty() && waiting.size() != before;) {
        before = waiting.size();
        std::erase_if(waiting, [&](std::size_t i) {
            results[i] = add(entries[i]);
            return results[i] || !lacks_consent(results[i].error());
        });
    }
    return results;
}

}  // namespace tongbao::hub
