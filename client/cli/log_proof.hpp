#pragma once

#include "client/cli/json_view.hpp"
#include "crypto/tlog_proof.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/bytes.hpp"
#include "domain/checkpoint.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

/// The proof that an entry stands in the log, as a file of C2SP tlog-proof. Its `extra` is what was
/// shown of the entry (protocol/shown_entry.hpp): with the log's key the file is checked alone.
///
/// `trail` is the daemon's answer to `GET /v1/notices/<id>/trail`; `index` names one of its events,
/// none: the first, which is the notice's own.
///
/// Errors: Errc::not_found if the trail has no such event; Errc::protocol_violation for an answer
/// that can't be read.
[[nodiscard]] Result<crypto::TlogProof> proof_from_trail(const JsonView& trail,
                                                         std::optional<LogIndex> index);

/// What a proof proves.
struct ProvedLogEntry {
    /// The head that the log's key signed.
    Checkpoint checkpoint;
    LogIndex index;
    LogEntry entry;
    bool hidden{false};  ///< from all but its parties
};

/// Checks the text of a proof that proof_from_trail made, with the log's key alone: no hub and no
/// daemon is asked.
///
/// Errors: those of crypto::parse_tlog_proof and verify_tlog_proof; Errc::bad_proof for one without
/// an entry; Errc::bad_log_entry or Errc::entry_mismatch for an entry that can't be read, or whose
/// record is not its own.
[[nodiscard]] Result<ProvedLogEntry> check_log_proof(std::string_view text,
                                                     const crypto::VerifierKey& log_key);

/// Whether `notice`, the exact bytes, is what the entry says was logged.
[[nodiscard]] bool is_of_notice(const ProvedLogEntry& proved, BytesView notice);

/// `{"verified":true,"state":"provisional","index","size","root","time","event","entry":{…}}`:
/// provisional, since no witness has signed the head.
[[nodiscard]] std::string log_proof_json(const ProvedLogEntry& proved);

}  // namespace tongbao::client
