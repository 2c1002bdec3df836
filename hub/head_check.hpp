#pragma once

#include "crypto/verifier_key.hpp"
#include "domain/result.hpp"
#include "hub/merkle_log.hpp"
#include "storage/head_file.hpp"

#include <string>

namespace tongbao::hub {

/// Compares the database with the newest genuine head that is kept outside it. The database may be
/// ahead, by commits that nobody was told of; it may never be behind, or another one.
///
/// Errors, with what to do in `words`: Errc::head_missing if the database has entries and no slot
/// of the file holds a head that the log's key signed; Errc::log_rolled_back if the database is
/// shorter than the head; Errc::log_forked if its root at the head's size is another; those of the
/// store.
[[nodiscard]] Result<void> check_head(const MerkleLog& tree, const storage::HeadFile& head_file,
                                      const crypto::VerifierKey& log_key, std::string& words);

}  // namespace tongbao::hub
