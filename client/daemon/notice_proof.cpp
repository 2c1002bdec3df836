#include "client/daemon/notice_proof.hpp"

#include "client/auditor/endorsement_check.hpp"
#include "client/auditor/hub_answers.hpp"
#include "client/daemon/alarm.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/trail.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "crypto/statement.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

/// That the statement is the sender's, and covers leaves of these hashes.
Result<void> check_statement(const crypto::OpenedStatement& opened, std::string_view origin,
                             const LoggedEvent& logged, const std::vector<Digest>& hashes) {
    const crypto::Statement& said = opened.statement;
    if (opened.certificate != logged.leaf.signer) return Errc::wrong_signer;
    if (opened.signer.use != CertificateUse::sign || opened.signer.unit != logged.from) {
        return Errc::sender_mismatch;
    }
    const bool covers = said.origin.value() == origin && said.role == crypto::kSubmitRole &&
                        said.count == hashes.size() && said.root == crypto::tree_root(hashes);
    if (!covers) return Errc::statement_mismatch;
    return {};
}

}  // namespace

Result<NoticeProof> check_proof(const NoticeRef& asked, BytesView notice, const BatchRecord& batch,
                                const LogEntry& entry, const crypto::KeyRegister& keys,
                                const crypto::TrustStore& certificates, std::string_view origin) {
    const auto* const logged = std::get_if<LoggedEvent>(&entry.event);
    const bool is_its_entry = logged != nullptr && crypto::sha256(notice) == asked.sha256 &&
                              logged->leaf.sha256 == asked.sha256 &&
                              logged->leaf.leaf_hash == crypto::leaf_hash(notice);
    if (!is_its_entry) return Errc::entry_mismatch;
    if (keys.head_before(asked.index) != logged->register_head) return Errc::register_mismatch;
    if (logged->leaf.statement != crypto::sha256(batch.statement)) return Errc::statement_mismatch;

    const auto find = [&keys](const Digest& digest) -> std::optional<crypto::Certificate> {
        const crypto::EnrolledKey* const key = keys.find(digest);
        if (key == nullptr) return std::nullopt;
        return key->certificate;
    };
    const Result<crypto::OpenedStatement> opened = crypto::open_statement(batch.statement, find);
    if (!opened) return opened.error();
    std::vector<Digest> hashes;
    hashes.reserve(batch.leaves.size());
    for (const BatchRecord::Leaf& leaf : batch.leaves) hashes.push_back(leaf.leaf_hash);
    const Result<void> covers = check_statement(*opened, origin, *logged, hashes);
    if (!covers) return covers.error();
    const crypto::EnrolledKey* const key = keys.find(opened->certificate);
    if (key == nullptr || !key->in_force_at(asked.index)) return Errc::signer_not_enrolled;

    const auto leaf = std::find(hashes.begin(), hashes.end(), logged->leaf.leaf_hash);
    if (leaf == hashes.end()) return Errc::statement_mismatch;
    const auto position = static_cast<std::size_t>(leaf - hashes.begin());
    const std::vector<Bytes>& statements = batch.leaves[position].endorsements;
    const LogOrigin log{std::string(origin)};
    const Checked<std::vector<Endorsement>> endorsed =
        open_endorsements(statements, *logged, asked.index, entry.time, {log, keys, certificates});
    if (!endorsed) return endorsed.error().code;
    std::vector<NoticeProof::Endorsed> endorsements;
    for (std::size_t i = 0; i < endorsed->size(); ++i) {
        endorsements.push_back({(*endorsed)[i].role, statements[i],
                                keys.find(logged->endorsements[i].signer)->certificate.pem()});
    }
    return NoticeProof{asked.index,
                       entry.time,
                       to_bytes(notice),
                       batch.statement,
                       key->certificate.pem(),
                       position,
                       hashes.size(),
                       crypto::tree_path(hashes, position),
                       std::move(endorsements)};
}

asio::awaitable<Result<NoticeProof>> fetch_proof(Services& services, const LogFollower& follower,
                                                 ArchivedNotice notice) {
    if (!notice.index) co_return Errc::no_such_notice;
    const NoticeRef asked{notice.sha256, *notice.index};
    const std::string name = std::to_string(asked.index.value());
    const Result<Trail> trail = co_await fetch_trail(services, follower, asked.index, asked.sha256);
    if (!trail) co_return trail.error();
    HubRequests requests(services);
    const Result<Bytes> batch = co_await requests.get("/v1/batches/" + name, kMaxBatchRecordBytes);
    if (!batch) co_return batch.error();
    const Result<Bytes> rows = co_await requests.get("/v1/register", kMaxRegisterAnswerBytes);
    if (!rows) co_return rows.error();
    const auto open = [&services] { return KeyCopy::open(services); };
    Result<KeyCopy> keys = co_await program::run_blocking(services.pool, open);
    if (!keys) co_return keys.error();
    const auto check = [&]() -> Result<NoticeProof> {
        const Result<void> adopted = keys->adopt(*rows);
        if (!adopted) return adopted.error();
        const Result<BatchRecord> record = read_batch_record(*batch);
        if (!record) return record.error();
        // A trail begins with the notice's own entry.
        return check_proof(asked, notice.bytes, *record, trail->events.front().entry, keys->keys(),
                           *services.trust.get(), services.log_key.name());
    };
    Result<NoticeProof> proof = co_await program::run_blocking(services.pool, check);
    if (proof) co_return *std::move(proof);
    co_return raise_alarm(services, "proof of notice " + name, {to_errc(proof.error()), {}, {}});
}

std::string write_proof(const NoticeProof& proof) {
    protocol::JsonWriter writer;
    writer.begin_object().key("index").number(proof.index.value());
    writer.member("time", format_utc(proof.time))
        .member("notice", to_base64(proof.notice))
        .member("statement", to_base64(proof.statement))
        .member("signer", proof.signer);
    writer.key("position").number(proof.position).key("count").number(proof.count);
    writer.key("path").begin_array();
    for (const Digest& hash : proof.path) writer.text(hash.base64());
    writer.end_array();
    if (!proof.endorsements.empty()) {
        writer.key("endorsements").begin_array();
        for (const NoticeProof::Endorsed& each : proof.endorsements) {
            writer.begin_object()
                .member("role", each.role)
                .member("statement", to_base64(each.statement))
                .member("signer", each.signer)
                .end_object();
        }
        writer.end_array();
    }
    writer.end_object();
    return writer.take();
}

}  // namespace tongbao::client
