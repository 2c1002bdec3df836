#include "tests/hub/hub_parts.hpp"

#include "crypto/key_consent.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "program/files.hpp"
#include "protocol/act_json.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/notice_json.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "tests/support/fixed_zone.hpp"

#include <array>
#include <stdexcept>

namespace tongbao::testing {
namespace {

constexpr std::string_view kOrigin = "hub.test.example/log";

}  // namespace

Result<void> MemoryHeadFile::write(std::string_view signed_checkpoint) {
    slots.insert(slots.begin(), std::string(signed_checkpoint));
    if (slots.size() > 2) slots.pop_back();
    return {};
}

Result<void> MemoryHeadFile::sync() {
    const std::lock_guard lock(mutex_);
    synced_ = slots;
    synced_anew_.notify_all();
    return {};
}

std::vector<std::string> MemoryHeadFile::synced() const {
    const std::lock_guard lock(mutex_);
    return synced_;
}

void MemoryHeadFile::wait_until_synced(const std::string& text) const {
    std::unique_lock lock(mutex_);
    synced_anew_.wait(lock, [&] { return !synced_.empty() && synced_.front() == text; });
}

Result<std::unique_ptr<storage::AttachmentWriter>> NamedAttachments::create(const UnitId&) {
    return Errc::storage_failure;
}

Result<std::uint64_t> NamedAttachments::size(const UnitId& owner, const Digest& sha256) const {
    if (failing) return Errc::storage_failure;
    const auto found = sizes.find({owner, sha256});
    if (found == sizes.end()) return Errc::not_found;
    return found->second;
}

Result<std::unique_ptr<storage::AttachmentReader>> NamedAttachments::open(const UnitId&,
                                                                          const Digest&) const {
    return Errc::not_found;
}

crypto::NoteSigner log_signer(std::uint8_t seed_byte) {
    const std::array<std::uint8_t, crypto::Ed25519SigningKey::kSeedSize> seed{seed_byte};
    return must(crypto::NoteSigner::make(std::string(kOrigin),
                                         must(crypto::Ed25519SigningKey::from_seed(seed))));
}

Uuid numbered_uuid(std::uint16_t number) {
    std::array<std::uint8_t, 10> random{};
    random[8] = static_cast<std::uint8_t>(number >> 8);
    random[9] = static_cast<std::uint8_t>(number);
    return Uuid::make(TestPki::kNow, random);
}

Notice numbered_alarm(std::uint16_t number) {
    Notice notice = alarm();
    notice.id = NoticeId(numbered_uuid(number));
    notice.issued_at = TestPki::kNow;
    return notice;
}

Bytes leaf_of(const Notice& notice) {
    return to_bytes(protocol::write_notice(notice));
}

Bytes leaf_of(const Act& act) {
    return to_bytes(protocol::write_act(act));
}

HubParts::HubParts(UtcTime now) : pki("test.example", now), clock(now), signer(log_signer()) {
    deployment.origin = LogOrigin(std::string(kOrigin));
    deployment.trust_domain = pki.trust_domain();
    deployment.zone = std::make_shared<const FixedZone>();
    deployment.charter_text = read_source_file(kInventedCharter);
    deployment.charter = std::make_shared<const Charter>(load());
    deployment.charter_digest = crypto::sha256(as_bytes(deployment.charter_text));
    deployment.trust.set(std::make_shared<const crypto::TrustStore>(pki.trust_store()));
    deployment.keys.set(std::make_shared<const crypto::KeyRegister>());
    for (const std::string unit : {"lake", "reeds", "dike", "office"}) {
        signers.emplace(unit, pki.signer(unit));
        const auto path = enrolled.path() / (unit + ".pem");
        if (!program::write_file(path, signers.at(unit).certificate().pem(), 0600)) {
            throw std::runtime_error("no folder for certificates");
        }
    }
    attachments.sizes[{UnitId("lake"), file("chart").sha256}] = 10;
    tree = must(hub::MerkleLog::open(store));
}

void HubParts::put_consented(const std::string& name,
                             const crypto::Certificate& certificate) const {
    const auto by = signers.find(must(certificate.spiffe()).unit.value().value());
    const std::string consent =
        crypto::format_consent_file(pki.consent(by->second.key(), certificate));
    if (!program::write_file(enrolled.path() / (name + ".pem"), certificate.pem(), 0600) ||
        !program::write_file(enrolled.path() / (name + ".consent"), consent, 0600)) {
        throw std::runtime_error("no files for a certificate and its consent");
    }
}

Result<void> HubParts::try_start() {
    tree = must(hub::MerkleLog::open(store));
    deployment.keys.set(
        std::make_shared<const crypto::KeyRegister>(must(hub::replay_register(store, words))));
    hub::LogParts parts = log();
    return hub::bring_register_up_to_date(deployment, parts, enrolled.path(), clock, words);
}

void HubParts::start() {
    const Result<void> started = try_start();
    if (!started) throw std::runtime_error(words + ": " + started.error().message());
}

hub::LogParts HubParts::log() {
    return {store, head_file, *tree, head, signer};
}

hub::Admission HubParts::admission() const {
    return {deployment, attachments, clock};
}

crypto::Statement HubParts::statement(std::string_view unit,
                                      const std::vector<Bytes>& leaves) const {
    std::vector<Digest> hashes;
    for (const Bytes& leaf : leaves) hashes.push_back(crypto::leaf_hash(leaf));
    return {LogOrigin(std::string(kOrigin)),
            format_spiffe_id(sign_id(pki.trust_domain(), UnitId(std::string(unit)))),
            std::string(crypto::kSubmitRole), leaves.size(), crypto::tree_root(hashes)};
}

protocol::Submit HubParts::submission(std::string_view unit, std::vector<Bytes> leaves,
                                      const crypto::Statement& said) const {
    const auto key = signers.find(unit);
    return {1, must(key->second.sign(said, clock.now())), std::move(leaves)};
}

protocol::Submit HubParts::submission(std::string_view unit, std::vector<Bytes> leaves) const {
    const crypto::Statement said = statement(unit, leaves);
    return submission(unit, std::move(leaves), said);
}

hub::VerifiedBatch HubParts::admitted(std::string_view unit, std::vector<Bytes> leaves) const {
    return must(admission().admit(UnitId(std::string(unit)), submission(unit, std::move(leaves))));
}

std::vector<hub::SequencedBatch> HubParts::sequence(
    const std::vector<hub::VerifiedBatch>& batches) {
    hub::Round round(deployment, store, notices, refusals, clock.now());
    std::vector<hub::SequencedBatch> answers;
    for (const hub::VerifiedBatch& batch : batches) answers.push_back(must(must(round.add(batch))));
    storage::Commit commit = round.take_commit();
    mailed = round.mailed();
    if (!commit.entries.empty()) {
        hub::LogParts parts = log();
        const Result<void> written =
            hub::write_commit(parts, deployment.origin, std::move(commit), round.leaf_hashes());
        if (!written) throw std::runtime_error(written.error().message());
    }
    notices.remember(round.logged());
    return answers;
}

protocol::LeafOutcome HubParts::send(std::string_view unit, Bytes leaf) {
    std::vector<hub::VerifiedBatch> batches;
    batches.push_back(admitted(unit, {std::move(leaf)}));
    return sequence(batches).front().leaves.front();
}

LogEntry HubParts::entry(LogIndex index) const {
    return must(protocol::read_log_entry(must(store.read_entries(index, 1)).front()));
}

std::optional<LogIndex> accepted_at(const protocol::LeafOutcome& outcome) {
    const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome);
    if (accepted == nullptr || accepted->repeated) return std::nullopt;
    return accepted->index;
}

std::string verdict(const protocol::LeafOutcome& outcome) {
    if (const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome)) {
        return accepted->repeated ? "repeated" : "";
    }
    std::string words;
    for (const Reason& reason : std::get<protocol::LeafRefused>(outcome).reasons) {
        if (!words.empty()) words += ", ";
        words += std::string(code(reason.code)) + ' ' + reason.place;
    }
    return words;
}

}  // namespace tongbao::testing
