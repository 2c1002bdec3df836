#include "client/daemon/notice_archive.hpp"

#include "client/daemon/sent_late.hpp"
#include "client/shown_entry.hpp"
#include "crypto/sha256.hpp"
#include "protocol/message_codec.hpp"
#include "protocol/notice_json.hpp"

#include <cstdint>
#include <limits>

namespace tongbao::client {

namespace {

Result<ArchivedNotice> open_sent(storage::SentItem sent) {
    Checked<Notice> notice = protocol::read_notice(sent.bytes);
    if (!notice) return Errc::storage_corrupt;
    ArchivedNotice archived{*std::move(notice), sent.bytes,   crypto::sha256(sent.bytes),
                            std::nullopt,       std::nullopt, std::nullopt};
    if (sent.state == storage::SentState::accepted) archived.index = sent.index;
    archived.endorsements = sent.endorsements;
    archived.late = late_in(sent);
    archived.sent = std::move(sent);
    return archived;
}

Result<ArchivedNotice> open_held(storage::HeldNotice held) {
    Checked<Notice> notice = protocol::read_notice(held.bytes);
    if (!notice) return Errc::storage_corrupt;
    const Digest sha256 = crypto::sha256(held.bytes);
    return ArchivedNotice{
        *std::move(notice), std::move(held.bytes),       sha256, std::nullopt, std::nullopt,
        std::nullopt,       std::move(held.endorsements)};
}

}  // namespace

Result<ArchivedNotice> NoticeArchive::find(const Uuid& id) const {
    Result<storage::SentItem> sent = store_.find_sent(id);
    if (sent && !sent->is_act) return open_sent(*std::move(sent));
    if (!sent && sent.error() != Errc::not_found) return sent.error();
    Result<storage::HeldNotice> held = store_.find_held(id);
    if (held) return open_held(*std::move(held));
    if (held.error() != Errc::not_found) return held.error();
    Result<std::vector<storage::InboxRow>> rows = store_.find_received(id);
    if (!rows) return rows.error();
    if (rows->empty()) return Errc::not_found;
    if (rows->size() > 1) return Errc::id_conflict;
    return open(std::move(rows->front()));
}

Result<ArchivedNotice> NoticeArchive::find_at(LogIndex index) const {
    Result<storage::SentItem> sent = store_.find_sent_at(index);
    if (sent) return open_sent(*std::move(sent));
    if (sent.error() != Errc::not_found) return sent.error();
    Result<storage::InboxRow> row = row_at(index);
    if (!row && row.error() == Errc::not_found) return open_kept(index);
    if (!row) return row.error();
    return open(*std::move(row));
}

std::optional<CaseNumber> case_of(const Notice& notice, LogIndex index,
                                  const protocol::Delivery& delivery) {
    if (notice.case_number) return notice.case_number;
    const std::uint64_t place = index.value() - delivery.run.first.value();
    if (place >= delivery.run.entries.size()) return std::nullopt;
    const auto* const bytes = std::get_if<Bytes>(&delivery.run.entries[place]);
    if (bytes == nullptr) return std::nullopt;
    const Checked<KnownEntry> known = read_shown_entry(*bytes);
    const auto* const logged = known ? std::get_if<LoggedEvent>(&known->entry.event) : nullptr;
    return logged != nullptr ? logged->case_number : std::nullopt;
}

Result<ArchivedNotice> NoticeArchive::open_kept(LogIndex index) const {
    const Result<std::vector<LogIndex>> batches = store_.list_deliveries(index, 1);
    if (!batches) return batches.error();
    if (batches->empty() || index < batches->front()) return Errc::not_found;
    const Result<Bytes> frame = store_.read_delivery(batches->front());
    if (!frame) return frame.error();
    const Result<protocol::Message> message = protocol::decode(*frame);
    const auto* const delivery = message ? std::get_if<protocol::Delivery>(&*message) : nullptr;
    if (delivery == nullptr) return Errc::storage_corrupt;
    for (std::size_t position = 0; position < delivery->leaves.size(); ++position) {
        const auto* const leaf = std::get_if<protocol::DeliveredLeaf>(&delivery->leaves[position]);
        if (leaf == nullptr || leaf->index != index) continue;
        Checked<Notice> notice = protocol::read_notice(leaf->bytes);
        if (!notice) return Errc::not_found;  // an act
        ArchivedNotice archived{*std::move(notice), leaf->bytes, crypto::sha256(leaf->bytes), index,
                                std::nullopt,       std::nullopt};
        const auto endorsements = protocol::endorsements_of(delivery->endorsements, position);
        archived.endorsements.assign(endorsements.begin(), endorsements.end());
        archived.kept_case = case_of(archived.notice, index, *delivery);
        archived.late = late_in(*delivery, index);
        return archived;
    }
    return Errc::not_found;
}

Result<storage::InboxRow> NoticeArchive::row_at(LogIndex index) const {
    if (index.value() == std::numeric_limits<std::uint64_t>::max()) return Errc::not_found;
    Result<std::vector<storage::InboxRow>> rows = store_.list_inbox(advanced(index, 1), 1);
    if (!rows) return rows.error();
    if (rows->empty() || rows->front().index != index) return Errc::not_found;
    return std::move(rows->front());
}

Result<ArchivedNotice> NoticeArchive::open(storage::InboxRow row) const {
    const Result<Bytes> frame = store_.read_delivery(row.batch);
    if (!frame) return frame.error();
    const Result<protocol::Message> message = protocol::decode(*frame);
    if (!message) return Errc::storage_corrupt;
    const auto* const delivery = std::get_if<protocol::Delivery>(&*message);
    if (delivery == nullptr || row.position >= delivery->leaves.size()) {
        return Errc::storage_corrupt;
    }
    const auto* const leaf = std::get_if<protocol::DeliveredLeaf>(&delivery->leaves[row.position]);
    if (leaf == nullptr) return Errc::storage_corrupt;
    Checked<Notice> notice = protocol::read_notice(leaf->bytes);
    if (!notice) return Errc::storage_corrupt;
    ArchivedNotice archived{*std::move(notice), leaf->bytes,  crypto::sha256(leaf->bytes),
                            row.index,          std::nullopt, std::nullopt};
    const auto endorsements = protocol::endorsements_of(delivery->endorsements, row.position);
    archived.endorsements.assign(endorsements.begin(), endorsements.end());
    archived.late = late_in(*delivery, row.index);
    archived.inbox = std::move(row);
    return archived;
}

}  // namespace tongbao::client
