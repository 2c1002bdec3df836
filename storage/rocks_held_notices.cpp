#include "storage/rocks_held_notices.hpp"

#include "storage/daemon_records.hpp"
#include "storage/key_codec.hpp"

#include <set>
#include <utility>

namespace tongbao::storage {

Result<std::uint64_t> RocksHeldNotices::count(const View& view) const {
    std::uint64_t count = 0;
    Cursor cursor = view.cursor(held_);
    for (cursor.seek_first(); cursor.valid(); cursor.next()) ++count;
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return count;
}

Result<void> RocksHeldNotices::check_absent(const View& view, const Uuid& id) const {
    const Result<Bytes> known = view.get(held_, uuid_key(id));
    if (known) return Errc::already_exists;
    if (known.error() != Errc::not_found) return known.error();
    return {};
}

Result<void> RocksHeldNotices::put(Writes& writes, const View& view,
                                   const std::vector<HeldNotice>& notices) const {
    std::set<Uuid> ids;
    for (const HeldNotice& notice : notices) {
        if (!is_storable(notice.id)) return Errc::bad_argument;
        if (!ids.insert(notice.id).second) return Errc::already_exists;
        if (const auto fresh = check_absent(view, notice.id); !fresh) return fresh.error();
        writes.put(held_, uuid_key(notice.id), encode_held(notice));
    }
    return {};
}

Result<std::vector<SentItem>> RocksHeldNotices::endorse(Writes& writes, const View& view,
                                                        const Uuid& id, std::size_t before,
                                                        Bytes statement,
                                                        AfterEndorsement then) const {
    Result<HeldNotice> notice = find(view, id);
    if (!notice) return notice.error();
    if (notice->endorsements.size() != before) return Errc::stale_size;
    notice->endorsements.push_back(std::move(statement));
    std::vector<SentItem> items;
    if (then == AfterEndorsement::hold) {
        writes.put(held_, uuid_key(id), encode_held(*notice));
        return items;
    }
    writes.remove(held_, uuid_key(id));
    SentItem item;
    item.id = id;
    item.bytes = std::move(notice->bytes);
    item.endorsements = std::move(notice->endorsements);
    item.queued_at = notice->held_at;
    items.push_back(std::move(item));
    return items;
}

Result<void> RocksHeldNotices::remove(Writes& writes, const View& view, const Uuid& id) const {
    const Result<Bytes> value = view.get(held_, uuid_key(id));
    if (!value) return value.error();
    writes.remove(held_, uuid_key(id));
    return {};
}

Result<HeldNotice> RocksHeldNotices::find(const View& view, const Uuid& id) const {
    const Result<Bytes> value = view.get(held_, uuid_key(id));
    if (!value) return value.error();
    Result<HeldNotice> notice = decode_held(id, *value);
    if (!notice) return database_.corrupt(held_, "bad record of " + id.text());
    return notice;
}

Result<std::vector<HeldNotice>> RocksHeldNotices::list(const View& view, std::size_t limit) const {
    std::vector<HeldNotice> notices;
    Cursor cursor = view.cursor(held_);
    for (cursor.seek_first(); cursor.valid() && notices.size() < limit; cursor.next()) {
        const Result<Uuid> id = decode_uuid_key(cursor.key());
        Result<HeldNotice> notice =
            id ? decode_held(*id, cursor.value()) : Result<HeldNotice>(id.error());
        if (!notice) return database_.corrupt(held_, "bad record");
        notices.push_back(*std::move(notice));
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return notices;
}

}  // namespace tongbao::storage
