#include "hub/notice_index.hpp"

#include "crypto/sha256.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::hub {
namespace {

/// About 500 bytes each: 16 MiB.
constexpr std::size_t kRemembered = 32'768;

}  // namespace

bool NoticeFacts::recipient(const UnitId& unit) const {
    return contains(to, unit);
}

bool NoticeFacts::copied(const UnitId& unit) const {
    return contains(cc, unit);
}

bool NoticeFacts::party(const UnitId& unit) const {
    return unit == from || recipient(unit) || copied(unit);
}

NoticeFacts facts_of(const Notice& notice, const Digest& sha256, LogIndex index,
                     std::optional<CaseNumber> case_number) {
    return {index,       sha256,    notice.id, notice.kind,
            notice.from, notice.to, notice.cc, std::move(case_number),
            false};
}

Result<NoticeIndex::Logged> NoticeIndex::logged_at(LogIndex index) const {
    const Result<std::vector<Bytes>> entries = store_.read_entries(index, 1);
    if (!entries) return entries.error();
    const bool opaque = protocol::is_opaque_entry(entries->front());
    Result<std::optional<Bytes>> record = std::optional<Bytes>();
    if (opaque) record = store_.read_record(index);
    if (!record) return record.error();
    // What an opaque entry hides is always there.
    if (opaque && !*record) return Errc::storage_corrupt;
    Checked<LogEntry> entry = protocol::read_log_entry(opaque ? **record : entries->front());
    if (!entry) return Errc::storage_corrupt;
    auto* const logged = std::get_if<LoggedEvent>(&entry->event);
    if (logged == nullptr) return Errc::no_such_notice;
    return Logged{std::move(*logged), opaque};
}

Result<LoggedKind> NoticeIndex::kind_at(LogIndex index) const {
    {
        const std::lock_guard lock(mutex_);
        const auto found = facts_.find(index.value());
        if (found != facts_.end())
            return LoggedKind{found->second->kind, found->second->restricted};
    }
    Result<Logged> logged = logged_at(index);
    if (!logged) return logged.error();
    return LoggedKind{std::move(logged->event.kind), logged->restricted};
}

Result<Readers> NoticeIndex::readers_at(LogIndex index) const {
    {
        const std::lock_guard lock(mutex_);
        const auto found = facts_.find(index.value());
        if (found != facts_.end()) {
            return found->second->restricted ? Readers::parties : Readers::all;
        }
    }
    const Result<std::optional<Bytes>> record = store_.read_record(index);
    if (!record) return record.error();
    return *record ? Readers::parties : Readers::all;
}

Result<SharedFacts> NoticeIndex::find(LogIndex index) const {
    {
        const std::lock_guard lock(mutex_);
        const auto found = facts_.find(index.value());
        if (found != facts_.end()) return found->second;
    }
    const Result<LoggedNotice> logged = read(index);
    if (!logged) return logged.error();
    const Bytes& bytes = logged->batch.leaves[logged->position].bytes;
    // Of its case and of who may know of it the entry says more than the notice.
    Result<Logged> entry = logged_at(index);
    if (!entry && entry.error() == Errc::no_such_notice) return Errc::storage_corrupt;
    if (!entry) return entry.error();
    NoticeFacts found =
        facts_of(logged->notice, crypto::sha256(bytes), index, std::move(entry->event.case_number));
    found.restricted = entry->restricted;
    SharedFacts facts = std::make_shared<const NoticeFacts>(std::move(found));
    const std::lock_guard lock(mutex_);
    keep(facts);
    return facts;
}

Result<LoggedNotice> NoticeIndex::read(LogIndex index) const {
    Result<storage::StoredBatch> batch = store_.read_batch(index);
    if (!batch && (batch.error() == Errc::not_found || batch.error() == Errc::not_in_tree)) {
        return Errc::no_such_notice;
    }
    if (!batch) return batch.error();
    const auto leaf = std::find_if(batch->leaves.begin(), batch->leaves.end(),
                                   [index](const auto& each) { return each.index == index; });
    if (leaf == batch->leaves.end() || leaf->bytes.empty()) return Errc::no_such_notice;
    Checked<protocol::Leaf> read = protocol::read_leaf(leaf->bytes);
    if (!read) return Errc::storage_corrupt;
    auto* const notice = std::get_if<Notice>(&*read);
    if (notice == nullptr) return Errc::no_such_notice;
    const auto position = static_cast<std::size_t>(leaf - batch->leaves.begin());
    return LoggedNotice{std::move(*notice), *std::move(batch), position};
}

void NoticeIndex::remember(std::span<const SharedFacts> logged) const {
    const std::lock_guard lock(mutex_);
    for (const SharedFacts& facts : logged) keep(facts);
}

void NoticeIndex::keep(const SharedFacts& facts) const {
    const LogIndex index = facts->index;
    if (!facts_.emplace(index.value(), facts).second) return;
    order_.push_back(index);
    if (order_.size() <= kRemembered) return;
    facts_.erase(order_.front().value());
    order_.pop_front();
}

}  // namespace tongbao::hub
