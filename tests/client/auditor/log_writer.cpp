#include "tests/client/auditor/log_writer.hpp"

#include "client/auditor/hub_answers.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "domain/checkpoint.hpp"
#include "protocol/act_json.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/notice_json.hpp"
#include "tests/support/must.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao::testing {
namespace {

using client::BatchRecord;
using client::RegisterRow;

constexpr std::size_t kWidth = 256;

crypto::NoteSigner make_log_signer(std::uint8_t seed_byte) {
    const std::array<std::uint8_t, crypto::Ed25519SigningKey::kSeedSize> seed{seed_byte};
    return must(crypto::NoteSigner::make(std::string(LogWriter::kOrigin),
                                         must(crypto::Ed25519SigningKey::from_seed(seed))));
}

SignedLeaf* leaf_of(LogEvent& event) {
    if (auto* const logged = std::get_if<LoggedEvent>(&event)) return &logged->leaf;
    if (auto* const refused = std::get_if<RefusedEvent>(&event)) return &refused->leaf;
    if (auto* const act = std::get_if<ActEvent>(&event)) return &act->leaf;
    return nullptr;
}

UnitId sender_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) return logged->from;
    if (const auto* const act = std::get_if<ActEvent>(&event)) return act->from;
    return {};
}

/// A number that is another one at each call would make tests differ; each notice has its place.
Uuid uuid_at(std::uint16_t number) {
    std::array<std::uint8_t, 10> random{};
    random[0] = static_cast<std::uint8_t>(number >> 8);
    random[1] = static_cast<std::uint8_t>(number);
    return Uuid::make(TestPki::kNow, random);
}

std::uint16_t next_number() {
    static thread_local std::uint16_t number = 0;
    return ++number;
}

}  // namespace

Result<std::string> ServedLog::checkpoint() {
    if (silence) return *silence;
    return note;
}

Result<Bytes> ServedLog::tile(std::uint8_t level, std::uint64_t number, std::uint16_t width) {
    if (silence) return *silence;
    if (level >= tiles.size()) return Errc::not_found;
    const std::vector<Digest>& hashes = tiles[level];
    if (number * kWidth + width > hashes.size()) return Errc::not_found;
    Bytes bytes;
    for (std::size_t i = 0; i < width; ++i) {
        const Digest& hash = hashes[number * kWidth + i];
        bytes.insert(bytes.end(), hash.array().begin(), hash.array().end());
    }
    return bytes;
}

Result<Bytes> ServedLog::entries(std::uint64_t number, std::uint16_t width) {
    if (silence) return *silence;
    if (hidden_bundles.contains(number)) return Errc::not_permitted;
    Bytes bundle;
    const std::size_t end = std::min<std::size_t>(entry_bytes.size(), number * kWidth + width);
    for (std::size_t i = number * kWidth; i < end; ++i) {
        if (damaged.contains(LogIndex(i))) return Errc::storage_corrupt;
        bundle.push_back(static_cast<std::uint8_t>(entry_bytes[i].size() >> 8));
        bundle.push_back(static_cast<std::uint8_t>(entry_bytes[i].size()));
        bundle.insert(bundle.end(), entry_bytes[i].begin(), entry_bytes[i].end());
    }
    bundle.insert(bundle.end(), behind_bundles.begin(), behind_bundles.end());
    return bundle;
}

Result<BatchRecord> ServedLog::batch(LogIndex index) {
    if (silence) return *silence;
    auto found = batches.upper_bound(index);
    if (found == batches.begin()) return Errc::not_found;
    --found;
    if (index.value() >= found->first.value() + found->second.entry_count) return Errc::not_found;
    return found->second;
}

Result<std::vector<RegisterRow>> ServedLog::register_entries() {
    if (silence) return *silence;
    return rows;
}

Result<Bytes> ServedLog::notice(LogIndex index) {
    const auto found = notices.find(index);
    if (found == notices.end()) return Errc::not_found;
    return found->second;
}

void ServedLog::build_tiles() {
    std::vector<Digest> level;
    for (const Bytes& entry : entry_bytes) level.push_back(crypto::leaf_hash(entry));
    tiles.clear();
    while (!level.empty()) {
        tiles.push_back(level);
        std::vector<Digest> above;
        for (std::size_t i = 0; i + kWidth <= level.size(); i += kWidth) {
            above.push_back(crypto::tree_root(std::span(level).subspan(i, kWidth)));
        }
        level = std::move(above);
    }
}

LogWriter::LogWriter()
    : log_signer(make_log_signer(1)),
      bureau_a(pki.signer("bureau_a")),
      bureau_b(pki.signer("bureau_b")),
      office(pki.signer("office")) {
    const CharterAdopted charter{CharterId("sample_2026"), CharterVersion(3),
                                 crypto::sha256(as_bytes("the charter's file"))};
    append(RegisterEvent{register_head_, charter});
    append(RegisterEvent{register_head_, LogKeyAnnounced{log_signer.verifier_key().text()}});
    for (const auto* const signer : {&bureau_a, &bureau_b, &office}) {
        enrol(signer->certificate());
    }
}

LogIndex LogWriter::append(LogEvent event) {
    LogEntry entry{time_, {}, std::move(event)};
    const LogIndex index(entries_.size());
    entry.salt[0] = static_cast<std::uint8_t>(index.value());
    entry.salt[1] = static_cast<std::uint8_t>(index.value() >> 8);
    Bytes bytes = to_bytes(protocol::write_log_entry(entry));
    if (std::holds_alternative<RegisterEvent>(entry.event)) {
        register_head_ = crypto::leaf_hash(bytes);
        log_.rows.push_back({index, bytes});
    }
    log_.entry_bytes.push_back(std::move(bytes));
    entries_.push_back(std::move(entry));
    time_ += std::chrono::seconds(1);
    return index;
}

LogIndex LogWriter::enrol(const crypto::Certificate& certificate,
                          std::optional<SignedConsent> consent) {
    return append(RegisterEvent{register_head_,
                                KeyEnrolled{format_spiffe_id(*certificate.spiffe()),
                                            to_bytes(certificate.der()), std::move(consent)}});
}

LogIndex LogWriter::revoke(const crypto::Certificate& certificate,
                           std::optional<UtcTime> compromised_since) {
    return append(
        RegisterEvent{register_head_, KeyRevoked{format_spiffe_id(*certificate.spiffe()),
                                                 certificate.digest(), compromised_since}});
}

LogIndex LogWriter::batch(const crypto::StatementSigner& signer,
                          const std::vector<WrittenLeaf>& leaves, std::string_view origin) {
    BatchRecord record;
    std::vector<Digest> hashes;
    for (const WrittenLeaf& leaf : leaves) {
        hashes.push_back(crypto::leaf_hash(leaf.bytes));
        record.leaves.push_back({hashes.back(), std::nullopt});
    }
    const crypto::Statement statement{
        LogOrigin(std::string(origin)), format_spiffe_id(*signer.certificate().spiffe()),
        std::string(crypto::kSubmitRole), leaves.size(), crypto::tree_root(hashes)};
    record.first = LogIndex(entries_.size());
    record.signer = signer.certificate().digest();
    record.statement = must(signer.sign(statement, time_));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (!leaves[i].event) continue;
        LogEvent event = *leaves[i].event;
        const Digest sha256 = crypto::sha256(leaves[i].bytes);
        *leaf_of(event) = {sha256, hashes[i], crypto::sha256(record.statement), record.signer};
        const LogIndex index = append(event);
        record.leaves[i].index = index;
        if (std::holds_alternative<LoggedEvent>(event)) log_.notices[index] = leaves[i].bytes;
        if (leaves[i].answers) {
            append(RepliedEvent{sender_of(event), *leaves[i].answers, {sha256, index}});
        }
        if (!leaves[i].does) continue;
        AnsweredActEvent done = *leaves[i].does;
        done.from = sender_of(event);
        done.by = {sha256, index};
        append(done);
    }
    record.entry_count = entries_.size() - record.first.value();
    const LogIndex first = record.first;
    log_.batches.emplace(first, std::move(record));
    return first;
}

Notice LogWriter::notice(std::string_view from, std::vector<UnitId> to, std::vector<UnitId> cc) {
    Notice notice;
    notice.id = NoticeId(uuid_at(next_number()));
    notice.charter = CharterId("sample_2026");
    notice.charter_version = CharterVersion(3);
    notice.kind = KindId("clue");
    notice.from = UnitId(std::string(from));
    notice.to = std::move(to);
    notice.cc = std::move(cc);
    notice.issued_at = TestPki::kNow;
    notice.title = "线索";
    notice.secrecy = "L2";
    notice.urgency = "normal";
    return notice;
}

WrittenLeaf LogWriter::logged(const Notice& notice) const {
    return {to_bytes(protocol::write_notice(notice)),
            LoggedEvent{{},
                        notice.from,
                        notice.to,
                        notice.cc,
                        notice.kind,
                        notice.charter,
                        notice.charter_version,
                        *register_head_},
            std::nullopt};
}

WrittenLeaf LogWriter::refused(const Notice& notice, std::vector<Errc> reasons) {
    return {to_bytes(protocol::write_notice(notice)),
            RefusedEvent{{}, notice.from, notice.kind, std::move(reasons)}, std::nullopt};
}

WrittenLeaf LogWriter::act(std::string_view from, ActKind kind,
                           std::vector<NoticeRef> notices) const {
    Act act;
    act.id = ActId(uuid_at(next_number()));
    act.kind = kind;
    act.from = UnitId(std::string(from));
    act.issued_at = TestPki::kNow;
    act.notices = notices;
    return {to_bytes(protocol::write_act(act)),
            ActEvent{{}, kind, act.from, std::move(notices), *register_head_}, std::nullopt};
}

WrittenLeaf LogWriter::closing(std::string_view from, const NoticeRef& notice,
                               const UnitId& unit) const {
    Act act;
    act.id = ActId(uuid_at(next_number()));
    act.kind = ActKind::closed_by_sender;
    act.from = UnitId(std::string(from));
    act.issued_at = TestPki::kNow;
    act.notices = {notice};
    act.unit = unit;
    act.reason = "reported elsewhere";
    return {to_bytes(protocol::write_act(act)),
            ActEvent{{}, act.kind, act.from, {notice}, *register_head_, unit}, std::nullopt};
}

NoticeRef LogWriter::reference(LogIndex index) const {
    return {std::get<LoggedEvent>(entries_[index.value()].event).leaf.sha256, index};
}

ServedLog LogWriter::publish() const {
    ServedLog log = log_;
    log.build_tiles();
    const Digest root = log.tiles.empty() ? crypto::empty_root() : crypto::tree_root(log.tiles[0]);
    log.note = must(crypto::sign_checkpoint(
        {LogOrigin(std::string(kOrigin)), TreeSize(log.entry_bytes.size()), root}, log_signer));
    return log;
}

client::AuditTrust LogWriter::trust() const {
    return {log_signer.verifier_key(),
            std::make_shared<const crypto::TrustStore>(pki.trust_store()), std::nullopt};
}

}  // namespace tongbao::testing
