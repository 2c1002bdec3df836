#include "storage/rocks_daemon_store.hpp"

#include "storage/daemon_records.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"
#include "storage/rocks_arrivals.hpp"
#include "storage/rocks_db.hpp"
#include "storage/rocks_held_notices.hpp"
#include "storage/rocks_sent_items.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr SentFamilies kSentFamilies{.sent = {1},
                                     .outcomes = {2},
                                     .sent_notices = {4},
                                     .outbox = {5},
                                     .sent_places = {11},
                                     .ids = {.blocks = {3}, .singles = {14}},
                                     .meta = {0}};
constexpr ArrivalFamilies kArrivalFamilies{.deliveries = {6},
                                           .inbox = {7},
                                           .inbox_states = {15},
                                           .acts = {9},
                                           .ids = {.blocks = {8}, .singles = {16}}};
constexpr Family kRegister{10};
constexpr Family kFiles{12};
constexpr Family kHeld{13};

constexpr std::string_view kHeadKey = "head";
constexpr std::string_view kResumeKey = "resume";

RocksShape daemon_shape() {
    return {.families = {"meta", "sent", "outcomes", "sent_ids", "sent_notices", "outbox",
                         "deliveries", "inbox", "inbox_ids", "acts", "register", "sent_places",
                         "files", "held", "sent_ids_alone", "inbox_states", "inbox_ids_alone"},
            .packed = {"sent", "outcomes", "deliveries", "inbox"},
            .block_cache_bytes = 16 * kMebibyte,
            .write_buffer_bytes = 32 * kMebibyte,
            .format = "tongbao/daemon-store/v4"};
}

bool are_rows_sound(const Received& received) {
    return std::all_of(received.notices.begin(), received.notices.end(), [](const InboxRow& row) {
        return is_storable(row.id) && (!row.in_reply_to || is_storable(*row.in_reply_to));
    });
}

class RocksDaemonStore final : public DaemonStore {
public:
    /// What a start counts.
    struct Counts {
        std::uint64_t next_sequence{1};
        std::uint64_t outbox{0};
        std::uint64_t held{0};
    };

    RocksDaemonStore(std::unique_ptr<RocksDb> database, const Counts& counts)
        : database_(std::move(database)),
          sent_(*database_, kSentFamilies),
          held_(*database_, kHeld),
          arrivals_(*database_, kArrivalFamilies),
          next_sequence_(counts.next_sequence),
          outbox_size_(counts.outbox),
          held_size_(counts.held) {}

    [[nodiscard]] Result<void> take_over(HandedOver handed) override;
    [[nodiscard]] Result<Naming> naming(const Digest& file) const override;
    [[nodiscard]] Result<std::vector<SentItem>> read_outbox(std::uint64_t after,
                                                            std::size_t max_items,
                                                            std::size_t max_bytes) const override {
        return sent_.read_outbox(database_->view(), after, max_items, max_bytes);
    }
    [[nodiscard]] Result<void> settle(const std::vector<SentItem>& items,
                                      const std::string& head) override;
    [[nodiscard]] Result<SentItem> find_sent(const Uuid& id) const override {
        return sent_.find(database_->view(), id);
    }
    [[nodiscard]] Result<SentItem> find_sent_at(LogIndex index) const override {
        return sent_.find_at(database_->view(), index);
    }
    [[nodiscard]] Result<std::vector<SentItem>> list_sent(std::size_t limit) const override {
        return sent_.list(database_->view(), limit);
    }
    [[nodiscard]] Result<std::vector<SentItem>> read_settled(std::uint64_t after,
                                                             std::size_t limit) const override {
        return sent_.read_settled(database_->view(), after, limit);
    }
    [[nodiscard]] Result<std::uint64_t> settled_through() const override {
        return sent_.settled_through(database_->view());
    }
    [[nodiscard]] std::uint64_t outbox_size() const override { return outbox_size_; }
    [[nodiscard]] Result<HeldNotice> find_held(const Uuid& id) const override {
        return held_.find(database_->view(), id);
    }
    [[nodiscard]] Result<std::vector<HeldNotice>> list_held(std::size_t limit) const override {
        return held_.list(database_->view(), limit);
    }
    [[nodiscard]] std::uint64_t held_size() const override { return held_size_; }
    [[nodiscard]] Result<void> endorse(const Uuid& id, std::size_t before, Bytes statement,
                                       AfterEndorsement then) override;
    [[nodiscard]] Result<void> withdraw(const Uuid& id) override;
    [[nodiscard]] Result<void> receive(Received received) override;
    [[nodiscard]] Result<std::optional<LogIndex>> resume_position() const override;
    [[nodiscard]] Result<Bytes> read_delivery(LogIndex batch) const override {
        return arrivals_.read_delivery(database_->view(), batch);
    }
    [[nodiscard]] Result<std::vector<LogIndex>> list_deliveries(LogIndex index,
                                                                std::size_t limit) const override {
        return arrivals_.list_deliveries(database_->view(), index, limit);
    }
    [[nodiscard]] Result<std::vector<InboxRow>> list_inbox(std::optional<LogIndex> before,
                                                           std::size_t limit) const override {
        return arrivals_.list_inbox(database_->view(), before, limit);
    }
    [[nodiscard]] Result<std::vector<InboxRow>> find_received(const Uuid& id) const override {
        return arrivals_.find_received(database_->view(), id);
    }
    [[nodiscard]] Result<std::optional<Uuid>> first_received(
        std::span<const Uuid> ids) const override {
        return arrivals_.first_received(database_->view(), ids);
    }
    [[nodiscard]] Result<void> add_state(const AddedState& added) override;
    [[nodiscard]] Result<std::vector<ActRow>> read_acts(LogIndex notice) const override {
        return arrivals_.read_acts(database_->view(), notice);
    }
    [[nodiscard]] Result<std::string> pinned_head() const override;
    [[nodiscard]] Result<void> pin_head(const std::string& signed_checkpoint) override;
    [[nodiscard]] Result<std::vector<RegisterRow>> read_register() const override;
    [[nodiscard]] Result<void> append_register(const std::vector<RegisterRow>& rows) override;

private:
    static void put_head(Writes& writes, const std::string& head) {
        if (!head.empty()) writes.put(kMeta, as_bytes(kHeadKey), as_bytes(head));
    }
    /// Errors: Errc::already_exists if an item has the id of a notice that is held.
    [[nodiscard]] Result<void> check_not_held(const View& view,
                                              const std::vector<SentItem>& items) const;
    /// The same also of a notice that has the id of an item, of before or of these.
    [[nodiscard]] Result<void> check_apart(const View& view, const HandedOver& handed) const;
    [[nodiscard]] Errc corrupt(Family family, std::uint64_t number) const {
        return database_->corrupt(family, "bad record " + std::to_string(number));
    }

    std::unique_ptr<RocksDb> database_;
    RocksSentItems sent_;
    RocksHeldNotices held_;
    RocksArrivals arrivals_;
    std::mutex writing_;  ///< held by whoever reads in order to write
    std::uint64_t next_sequence_;
    std::atomic<std::uint64_t> outbox_size_;
    std::atomic<std::uint64_t> held_size_;
};

/// Room for what is stored of an item or a notice besides its bytes.
constexpr std::size_t kRoomForItem = 256;

/// About what the items take in a write.
std::size_t room_for(const std::vector<SentItem>& items) {
    std::size_t bytes = 0;
    for (const SentItem& item : items) bytes += kRoomForItem + item.bytes.size();
    return bytes;
}

void put_files(Writes& writes, const std::vector<Digest>& files) {
    for (const Digest& file : files) writes.put(kFiles, file.bytes(), encode_mark());
}

Result<void> RocksDaemonStore::check_not_held(const View& view,
                                              const std::vector<SentItem>& items) const {
    // Mostly none is held, and then nothing need be read.
    if (held_size_ == 0) return {};
    for (const SentItem& item : items) {
        if (const auto fresh = held_.check_absent(view, item.id); !fresh) return fresh.error();
    }
    return {};
}

Result<void> RocksDaemonStore::check_apart(const View& view, const HandedOver& handed) const {
    if (const auto fresh = check_not_held(view, handed.items); !fresh) return fresh.error();
    if (handed.held.empty()) return {};
    std::set<Uuid> queued;
    for (const SentItem& item : handed.items) queued.insert(item.id);
    std::vector<Uuid> ids;
    for (const HeldNotice& notice : handed.held) {
        if (queued.contains(notice.id)) return Errc::already_exists;
        ids.push_back(notice.id);
    }
    return sent_.check_absent(view, ids);
}

Result<void> RocksDaemonStore::take_over(HandedOver handed) {
    if (handed.empty()) return {};
    const std::lock_guard lock(writing_);
    Writes writes = database_->new_writes(room_for(handed.items));
    const View view = database_->view();
    if (const auto apart = check_apart(view, handed); !apart) return apart.error();
    if (const auto put = sent_.put(writes, view, handed.items, next_sequence_); !put) {
        return put.error();
    }
    if (const auto put = held_.put(writes, view, handed.held); !put) return put.error();
    put_files(writes, handed.files);
    // If we stop before this is done, nothing was handed over, and nobody was told that it was.
    if (const auto written = database_->write(std::move(writes)); !written) return written.error();
    // If we stop here, all of it is there: the next start sends the items, the others wait on.
    next_sequence_ += handed.items.size();
    outbox_size_ += handed.items.size();
    held_size_ += handed.held.size();
    return {};
}

Result<void> RocksDaemonStore::endorse(const Uuid& id, std::size_t before, Bytes statement,
                                       AfterEndorsement then) {
    const std::lock_guard lock(writing_);
    Writes writes = database_->new_writes();
    const View view = database_->view();
    const Result<std::vector<SentItem>> items =
        held_.endorse(writes, view, id, before, std::move(statement), then);
    if (!items) return items.error();
    if (const auto put = sent_.put(writes, view, *items, next_sequence_); !put) return put.error();
    // If we stop before this is done, the endorsement was not taken, and nobody was told so.
    if (const auto written = database_->write(std::move(writes)); !written) return written.error();
    next_sequence_ += items->size();
    outbox_size_ += items->size();
    held_size_ -= items->size();
    return {};
}

Result<void> RocksDaemonStore::withdraw(const Uuid& id) {
    const std::lock_guard lock(writing_);
    Writes writes = database_->new_writes();
    if (const auto gone = held_.remove(writes, database_->view(), id); !gone) return gone.error();
    if (const auto written = database_->write(std::move(writes)); !written) return written.error();
    held_size_ -= 1;
    return {};
}

Result<void> RocksDaemonStore::settle(const std::vector<SentItem>& items, const std::string& head) {
    const std::lock_guard lock(writing_);
    Writes writes = database_->new_writes();
    const Result<std::uint64_t> left = sent_.settle(writes, database_->view(), items, outbox_size_);
    if (!left) return left.error();
    put_head(writes, head);
    // If we stop before this is done, the items are sent again, and the hub gives the same answer.
    if (const auto written = database_->write(std::move(writes)); !written) return written.error();
    outbox_size_ = *left;
    return {};
}

Result<void> RocksDaemonStore::receive(Received received) {
    if (!are_rows_sound(received)) return Errc::bad_argument;
    const std::lock_guard lock(writing_);
    const View view = database_->view();
    Writes writes = database_->new_writes(received.delivery.size() + room_for(received.answers) +
                                          kRoomForItem * received.notices.size());
    if (const auto put = arrivals_.put(writes, view, received); !put) {
        if (put.error() == Errc::already_exists) return {};
        return put.error();
    }
    if (const auto fresh = check_not_held(view, received.answers); !fresh) return fresh.error();
    if (const auto put = sent_.put(writes, view, received.answers, next_sequence_); !put) {
        return put.error();
    }
    put_files(writes, received.files);
    writes.put(kMeta, as_bytes(kResumeKey), index_key(received.batch));
    put_head(writes, received.head);
    // If we stop before this is done, the hub still has the delivery in the mailbox and brings it
    // again after the position to resume from, which has not moved.
    if (const auto written = database_->write(std::move(writes)); !written) return written.error();
    // If we stop here, the delivery is here and its answers are in the outbox.
    next_sequence_ += received.answers.size();
    outbox_size_ += received.answers.size();
    return {};
}

Result<Naming> RocksDaemonStore::naming(const Digest& file) const {
    const View view = database_->view();
    const Result<Bytes> named = view.get(kFiles, file.bytes());
    if (named) return Naming::named;
    if (named.error() != Errc::not_found) return named.error();
    const Result<Bytes> whole = view.get(kMeta, as_bytes(kFilesKey));
    if (!whole && whole.error() != Errc::not_found) return whole.error();
    return whole ? Naming::unnamed : Naming::unknown;
}

Result<std::optional<LogIndex>> RocksDaemonStore::resume_position() const {
    const Result<Bytes> value = database_->view().get(kMeta, as_bytes(kResumeKey));
    if (!value && value.error() == Errc::not_found) return std::optional<LogIndex>();
    if (!value) return value.error();
    const Result<LogIndex> batch = decode_index_key(*value);
    if (!batch) return database_->corrupt(kMeta, "bad resume position");
    return std::optional<LogIndex>(*batch);
}

Result<void> RocksDaemonStore::add_state(const AddedState& added) {
    const std::lock_guard lock(writing_);
    Writes writes = database_->new_writes();
    const auto put = arrivals_.put_state(writes, database_->view(), added);
    if (!put) return put.error();
    return database_->write(std::move(writes));
}

Result<std::string> RocksDaemonStore::pinned_head() const {
    const Result<Bytes> value = database_->view().get(kMeta, as_bytes(kHeadKey));
    if (!value && value.error() == Errc::not_found) return std::string();
    if (!value) return value.error();
    return std::string(as_text(*value));
}

Result<void> RocksDaemonStore::pin_head(const std::string& signed_checkpoint) {
    Writes writes = database_->new_writes();
    writes.put(kMeta, as_bytes(kHeadKey), as_bytes(signed_checkpoint));
    return database_->write(std::move(writes));
}

Result<std::vector<RegisterRow>> RocksDaemonStore::read_register() const {
    std::vector<RegisterRow> rows;
    const View view = database_->view();
    Cursor cursor = view.cursor(kRegister);
    for (cursor.seek_first(); cursor.valid(); cursor.next()) {
        const Result<LogIndex> index = decode_index_key(cursor.key());
        Result<Bytes> entry = decode_opaque(cursor.value());
        if (!index || !entry) return corrupt(kRegister, rows.size());
        rows.push_back({*index, std::move(*entry)});
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

Result<void> RocksDaemonStore::append_register(const std::vector<RegisterRow>& rows) {
    const std::lock_guard lock(writing_);
    const View view = database_->view();
    Writes writes = database_->new_writes();
    std::map<LogIndex, BytesView> added;
    for (const RegisterRow& row : rows) {
        const Bytes value = encode_opaque(row.entry);
        const Result<Bytes> known = view.get(kRegister, index_key(row.index));
        if (!known && known.error() != Errc::not_found) return known.error();
        const auto [same, fresh] = added.emplace(row.index, row.entry);
        const bool repeated = fresh || std::equal(same->second.begin(), same->second.end(),
                                                  row.entry.begin(), row.entry.end());
        if ((known && *known != value) || !repeated) return Errc::already_exists;
        writes.put(kRegister, index_key(row.index), value);
    }
    return database_->write(std::move(writes));
}

/// Where nothing was sent or received yet, the record of the files that notices name is whole.
Result<void> begin_files(RocksDb& database, const View& view, std::uint64_t next_sequence) {
    const Result<Bytes> begun = view.get(kMeta, as_bytes(kFilesKey));
    if (begun) return {};
    if (begun.error() != Errc::not_found) return begun.error();
    if (next_sequence != 1) return {};
    const Result<void> empty = RocksArrivals(database, kArrivalFamilies).check_empty(view);
    if (!empty && empty.error() != Errc::already_exists) return empty.error();
    if (!empty) return {};
    Writes writes = database.new_writes();
    writes.put(kMeta, as_bytes(kFilesKey), encode_mark());
    return database.write(std::move(writes));
}

}  // namespace

Result<std::unique_ptr<DaemonStore>> open_daemon_store(const std::filesystem::path& folder,
                                                       std::string& words, FaultReport report) {
    Result<std::unique_ptr<RocksDb>> database =
        RocksDb::open(folder, daemon_shape(), std::move(report), words);
    if (!database) return database.error();
    const View view = (*database)->view();
    const RocksSentItems sent(**database, kSentFamilies);
    const Result<std::uint64_t> next_sequence = sent.next_sequence(view);
    const Result<std::uint64_t> outbox = sent.count_outbox(view);
    const Result<std::uint64_t> held = RocksHeldNotices(**database, kHeld).count(view);
    for (const Result<std::uint64_t>* const each : {&next_sequence, &outbox, &held}) {
        if (*each) continue;
        words = "the outbox can't be read";
        return each->error();
    }
    if (const auto begun = begin_files(**database, view, *next_sequence); !begun) {
        words = "the record of files can't be begun";
        return begun.error();
    }
    return std::unique_ptr<DaemonStore>(std::make_unique<RocksDaemonStore>(
        std::move(*database), RocksDaemonStore::Counts{*next_sequence, *outbox, *held}));
}

}  // namespace tongbao::storage
