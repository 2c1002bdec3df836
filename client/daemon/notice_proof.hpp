#pragma once

#include "client/auditor/log_source.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/notice_archive.hpp"
#include "client/daemon/services.hpp"
#include "crypto/key_register.hpp"
#include "domain/log_entry.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace tongbao::client {

/// What shows a stranger, with OpenSSL alone, that a unit signed a notice.
struct NoticeProof {
    LogIndex index;
    /// The log entry's: the signer's certificate was good then.
    UtcTime time{};
    /// The exact bytes.
    Bytes notice;
    /// The batch statement, DER.
    Bytes statement;
    /// The signer's certificate, PEM.
    std::string signer;
    /// The notice's place among the batch's leaves, and the path from there to the statement's
    /// root; empty for a batch of one.
    std::uint64_t position{0};
    std::uint64_t count{0};
    std::vector<Digest> path;
    /// Its endorsements: the role, the container, the signer's certificate.
    struct Endorsed {
        std::string role;
        Bytes statement;
        std::string signer;
    };
    std::vector<Endorsed> endorsements{};
};

/// Makes the proof from what the hub says of the batch that the notice is in, after a check of all
/// of it: `entry`, the log's entry at the notice's index, is of this notice and names this
/// statement and the newest register entry before it in `keys`; the statement opens with a
/// certificate that was in force there and is the sender's seal, is for the log `origin`, and
/// covers the notice; its endorsements are those that the entry names, and open likewise.
///
/// Errors: Errc::entry_mismatch, Errc::register_mismatch, Errc::statement_mismatch,
/// Errc::wrong_signer, Errc::sender_mismatch, Errc::signer_not_enrolled; those of
/// crypto::open_statement and open_endorsements.
[[nodiscard]] Result<NoticeProof> check_proof(const NoticeRef& asked, BytesView notice,
                                              const BatchRecord& batch, const LogEntry& entry,
                                              const crypto::KeyRegister& keys,
                                              const crypto::TrustStore& certificates,
                                              std::string_view origin);

/// Asks the hub for what proves a notice that was logged, and checks it.
///
/// Errors: Errc::no_such_notice for one without a place in the log; those of fetch_trail,
/// HubRequests::get and KeyCopy::open; behind an alarm, those of KeyCopy::adopt,
/// read_batch_record and check_proof.
[[nodiscard]] boost::asio::awaitable<Result<NoticeProof>> fetch_proof(Services& services,
                                                                      const LogFollower& follower,
                                                                      ArchivedNotice notice);

/// `{"index", "time", "notice": base64, "statement": base64, "signer": PEM, "position", "count",
/// "path": [base64, …], "endorsements": [{"role", "statement": base64, "signer": PEM}, …]}`, the
/// last only if there are any
[[nodiscard]] std::string write_proof(const NoticeProof& proof);

}  // namespace tongbao::client
