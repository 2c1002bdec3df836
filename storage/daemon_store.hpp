#pragma once

#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"
#include "storage/attachment_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::storage {

/// What became of a leaf that this unit signs.
enum class SentState : std::uint8_t {
    queued = 0,    ///< durable here, not yet answered by the hub
    accepted = 1,  ///< has its place in the log
    refused = 2,   ///< refused with reasons; final for these bytes
};

/// A notice or act of this unit, from the moment it was handed over.
struct SentItem {
    std::uint64_t sequence{0};  ///< its place in the outbox; given when it is taken over
    Uuid id;
    bool is_act{false};
    Bytes bytes;
    /// Of a notice, the containers that go with it, DER.
    std::vector<Bytes> endorsements{};
    SentState state{SentState::queued};
    UtcTime queued_at{};
    std::optional<LogIndex> index;  ///< once accepted
    std::string outcome;            ///< the hub's answer, JSON, for whoever shows it

    friend bool operator==(const SentItem&, const SentItem&) = default;
};

/// A notice of this unit that waits for endorsements before it may be sent.
struct HeldNotice {
    Uuid id;
    UtcTime held_at{};
    Bytes bytes;
    /// The containers of those that it has, DER, in the order in which they came.
    std::vector<Bytes> endorsements;

    friend bool operator==(const HeldNotice&, const HeldNotice&) = default;
};

/// What is handed over at once, to be there wholly or not at all.
struct HandedOver {
    std::vector<SentItem> items;   ///< for the outbox, in their order
    std::vector<HeldNotice> held;  ///< to be kept apart until they are endorsed
    std::vector<Digest> files;     ///< those that all of these name

    [[nodiscard]] bool empty() const noexcept { return items.empty() && held.empty(); }
};

/// What becomes of a held notice with one endorsement more.
enum class AfterEndorsement : std::uint8_t { hold, enqueue };

/// A notice that arrived, as a list shows it; its bytes and what proves them are in its delivery.
struct InboxRow {
    LogIndex index;
    LogIndex batch;             ///< which delivery
    std::uint16_t position{0};  ///< which leaf of the batch
    Uuid id;
    UnitId from;
    KindId kind;
    std::string title;
    std::string case_number;  ///< empty if none
    std::optional<Uuid> in_reply_to;
    bool copy{false};
    std::uint8_t state{0};  ///< this unit's acts on it, domain/lifecycle's bits
    UtcTime received_at{};

    friend bool operator==(const InboxRow&, const InboxRow&) = default;
};

/// That somebody says to have done something to the notice logged at `notice`.
struct ActRow {
    LogIndex notice;
    LogIndex act;
    Digest sha256;  ///< the notice's, as the act names it
    ActKind kind{};
    UnitId unit;         ///< who did it; of `closed_by_sender` the recipient at whom it was done
    UtcTime time{};      ///< the log entry's
    std::string reason;  ///< of `declined` and `closed_by_sender`, else empty

    friend bool operator==(const ActRow&, const ActRow&) = default;
};

/// What happened to an arrived notice besides.
struct AddedState {
    LogIndex notice;
    std::uint8_t state{0};  ///< domain/lifecycle's bits

    friend bool operator==(const AddedState&, const AddedState&) = default;
};

/// A register entry, exact bytes.
struct RegisterRow {
    LogIndex index;
    Bytes entry;

    friend bool operator==(const RegisterRow&, const RegisterRow&) = default;
};

/// One delivery, checked, with all that follows from it.
struct Received {
    LogIndex batch;
    Bytes delivery;  ///< as it came, opaque here
    std::vector<InboxRow> notices;
    std::vector<ActRow> acts;
    std::vector<AddedState> states;
    std::vector<SentItem> answers;  ///< the `delivered` act to be signed and sent
    std::string head;               ///< the newest signed checkpoint that was checked
    std::vector<Digest> files;      ///< those that the notices name
};

/// A unit's outbox, inbox and what it knows of the log. Thread-safe. Every method that writes is
/// durable when it returns, wholly or not at all.
///
/// Every method may answer Errc::storage_failure or Errc::storage_corrupt.
class DaemonStore {
public:
    virtual ~DaemonStore() = default;

    /// Puts the items at the end of the outbox and keeps the notices that wait for endorsements,
    /// in one write. `sequence` is ignored and given; `state` is queued, whatever an item says, and
    /// what becomes of an item (index, outcome) is for settle alone.
    ///
    /// Errors: Errc::already_exists if an id was queued before, is held, or is there twice;
    /// Errc::bad_argument if one is no UUID: nothing was written.
    [[nodiscard]] virtual Result<void> take_over(HandedOver handed) = 0;
    /// The same of items that name no file.
    [[nodiscard]] Result<void> enqueue(std::vector<SentItem> items) {
        return take_over({std::move(items), {}, {}});
    }

    /// Errors: Errc::not_found.
    [[nodiscard]] virtual Result<HeldNotice> find_held(const Uuid& id) const = 0;

    /// Notices that are held, in the order of their ids, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<HeldNotice>> list_held(std::size_t limit) const = 0;

    /// How many notices are held.
    [[nodiscard]] virtual std::uint64_t held_size() const = 0;

    /// Adds an endorsement to a held notice that has `before` of them; then it stays, or goes to
    /// the end of the outbox with all of them, in the same write.
    ///
    /// Errors: Errc::not_found; Errc::stale_size if it has another number of them by now.
    [[nodiscard]] virtual Result<void> endorse(const Uuid& id, std::size_t before, Bytes statement,
                                               AfterEndorsement then) = 0;

    /// Gives a held notice up: it is never sent. Errors: Errc::not_found.
    [[nodiscard]] virtual Result<void> withdraw(const Uuid& id) = 0;

    /// Queued items after `after` (0 for the start), in order: at most `max_items`, and no more
    /// than `max_bytes` in all unless the first alone is larger.
    [[nodiscard]] virtual Result<std::vector<SentItem>> read_outbox(
        std::uint64_t after, std::size_t max_items, std::size_t max_bytes) const = 0;

    /// Stores what became of items (found by the sequence that read_outbox gave, or, where that is
    /// 0, by id): state, index, outcome; those not queued any more leave the outbox. `head`, if not
    /// empty, becomes the pinned head in the same write. Errors: Errc::not_found if one whose
    /// sequence is 0 was never queued: nothing was written.
    /// Of an item with a sequence, is_act is as read_outbox gave it.
    [[nodiscard]] virtual Result<void> settle(const std::vector<SentItem>& items,
                                              const std::string& head) = 0;

    /// Errors: Errc::not_found.
    [[nodiscard]] virtual Result<SentItem> find_sent(const Uuid& id) const = 0;

    /// The sent notice (no act) that settle gave this place in the log. Errors: Errc::not_found.
    [[nodiscard]] virtual Result<SentItem> find_sent_at(LogIndex index) const = 0;

    /// Sent notices (no acts), newest first, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<SentItem>> list_sent(std::size_t limit) const = 0;

    /// Settled items with a sequence number over `after`, ascending, at most `limit`; none behind
    /// an item that is still queued. So whoever goes on behind the last one misses none.
    [[nodiscard]] virtual Result<std::vector<SentItem>> read_settled(std::uint64_t after,
                                                                     std::size_t limit) const = 0;

    /// The last sequence number up to which every item is settled; 0 if the first is queued.
    [[nodiscard]] virtual Result<std::uint64_t> settled_through() const = 0;

    /// Whether something that was handed over, or a notice that was received, names the file.
    [[nodiscard]] virtual Result<Naming> naming(const Digest& file) const = 0;

    /// How many items wait in the outbox.
    [[nodiscard]] virtual std::uint64_t outbox_size() const = 0;

    /// Stores a delivery, its rows and answers, the head, and `batch` as the position to resume
    /// from. A delivery that is there already changes nothing. An empty head leaves the pinned one.
    /// Errors: Errc::already_exists if the id of an answer was queued before or is held,
    /// Errc::bad_argument if an id is no UUID, or if a notice does not stand behind all that came
    /// with earlier deliveries, each at its own place: nothing was written.
    [[nodiscard]] virtual Result<void> receive(Received received) = 0;

    /// The batch of the last delivery; none before the first.
    [[nodiscard]] virtual Result<std::optional<LogIndex>> resume_position() const = 0;

    /// Errors: Errc::not_found.
    [[nodiscard]] virtual Result<Bytes> read_delivery(LogIndex batch) const = 0;

    /// The batches of deliveries, ascending, at most `limit`: the last one that begins at or before
    /// `index`, if there is such, and those behind it.
    [[nodiscard]] virtual Result<std::vector<LogIndex>> list_deliveries(
        LogIndex index, std::size_t limit) const = 0;

    /// Arrived notices, newest first, at most `limit`; those below `before` if given.
    [[nodiscard]] virtual Result<std::vector<InboxRow>> list_inbox(std::optional<LogIndex> before,
                                                                   std::size_t limit) const = 0;

    /// Arrived notices with this id: usually none or one; more if two senders chose the same.
    [[nodiscard]] virtual Result<std::vector<InboxRow>> find_received(const Uuid& id) const = 0;

    /// The first of these ids that an arrived notice has, if any has: one look for a whole
    /// delivery.
    [[nodiscard]] virtual Result<std::optional<Uuid>> first_received(
        std::span<const Uuid> ids) const = 0;

    /// Adds to the state bits of an arrived notice: what has happened to it stays, whoever says so
    /// at the same time. Errors: Errc::not_found.
    [[nodiscard]] virtual Result<void> add_state(const AddedState& added) = 0;

    /// The acts that name the notice at this place, in log order.
    [[nodiscard]] virtual Result<std::vector<ActRow>> read_acts(LogIndex notice) const = 0;

    /// The signed checkpoint last checked; empty before the first.
    [[nodiscard]] virtual Result<std::string> pinned_head() const = 0;
    [[nodiscard]] virtual Result<void> pin_head(const std::string& signed_checkpoint) = 0;

    /// Register entries, ascending.
    [[nodiscard]] virtual Result<std::vector<RegisterRow>> read_register() const = 0;
    /// Adds entries; one that is there already may come again.
    /// Errors: Errc::already_exists if other bytes are there: nothing was written.
    [[nodiscard]] virtual Result<void> append_register(const std::vector<RegisterRow>& rows) = 0;
};

}  // namespace tongbao::storage
