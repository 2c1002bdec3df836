#pragma once

#include "crypto/key_register.hpp"
#include "hub/deployment.hpp"
#include "hub/sequencer.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::hub {

/// Reads the register back from the log.
///
/// Errors: Errc::storage_corrupt, with the index in `words`, for an entry that can't be read or
/// does not follow the one before; those of the store.
[[nodiscard]] Result<crypto::KeyRegister> replay_register(const storage::HubStore& store,
                                                          std::string& words);

/// What the trust file's lists say of enrolled certificates and the register does not: who is
/// revoked, and since when others may have had the key. Costs a look at the lists for each key.
[[nodiscard]] std::vector<KeyRevoked> listed_revocations(const crypto::KeyRegister& keys,
                                                         const crypto::TrustStore& trust);

/// Brings the register up to what the configuration says, in one commit: the charter adopted, the
/// log key announced, the revocation of each certificate that the trust file's lists name, and
/// every certificate of the folder `enrolled` that is not enrolled yet, `<name>.pem`, with the
/// unit's consent if there is one, `<name>.consent` (crypto::format_consent_file), in an order in
/// which who consents comes before what is consented to. Nothing is written if nothing is new; what
/// is written outlives a power cut, the head outside the database too. Replaces `deployment.keys`.
///
/// Errors, with the cause in `words`: Errc::charter_mismatch if the log has adopted another
/// charter; Errc::bad_key if it announced another log key; Errc::bad_certificate, Errc::too_large
/// and the errors of TrustStore::check and KeyRegister::apply for a certificate;
/// Errc::consent_invalid for a consent that can't be read; those of write_commit.
[[nodiscard]] Result<void> bring_register_up_to_date(Deployment& deployment, LogParts& log,
                                                     const std::filesystem::path& enrolled,
                                                     const Clock& clock, std::string& words);

}  // namespace tongbao::hub
