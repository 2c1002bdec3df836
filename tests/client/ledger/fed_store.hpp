#pragma once

#include "crypto/sha256.hpp"
#include "protocol/act_json.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/message_codec.hpp"
#include "protocol/submission_json.hpp"
#include "storage/rocks_daemon_store.hpp"
#include "tests/client/ledger/feeding_charter.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::testing {

inline std::string text_of_leaf(const LoggedLeaf& leaf) {
    if (const auto* const act = std::get_if<Act>(&leaf.leaf)) return protocol::write_act(*act);
    return protocol::write_notice(std::get<Notice>(leaf.leaf));
}

/// The leaf as it is stored: named by the digest of its bytes, an act by an identifier.
inline LoggedLeaf as_stored(LoggedLeaf leaf) {
    if (auto* const act = std::get_if<Act>(&leaf.leaf)) {
        act->id = ActId(
            fed_notice("x", "y", {}, 0x8000U + static_cast<std::uint32_t>(leaf.ref.index.value()))
                .id.value());
        act->issued_at = leaf.at;
    }
    leaf.ref.sha256 = crypto::sha256(as_bytes(text_of_leaf(leaf)));
    return leaf;
}

/// A daemon's database, filled as a hub and the daemon's outbox would have filled it.
class FedStore {
public:
    FedStore() : store_(must(storage::open_daemon_store(folder_.path(), words_))) {}

    /// A delivery of these leaves, which stand one behind the other in the log.
    void deliver(const std::vector<LoggedLeaf>& leaves) const {
        protocol::Delivery delivery;
        delivery.batch = delivery.run.first = leaves.front().ref.index;
        for (const LoggedLeaf& leaf : leaves) {
            delivery.leaves.emplace_back(
                protocol::DeliveredLeaf{leaf.ref.index, to_bytes(text_of_leaf(leaf))});
            delivery.run.entries.emplace_back(to_bytes(protocol::write_log_entry(entry_of(leaf))));
        }
        storage::Received received;
        received.batch = delivery.batch;
        received.delivery = protocol::encode(delivery);
        must(store_->receive(std::move(received)));
    }

    /// One that this unit sent itself, as the log accepted it.
    void settle(const LoggedLeaf& leaf) const {
        storage::SentItem item;
        item.is_act = std::holds_alternative<Act>(leaf.leaf);
        item.id = item.is_act ? std::get<Act>(leaf.leaf).id.value()
                              : std::get<Notice>(leaf.leaf).id.value();
        item.bytes = to_bytes(text_of_leaf(leaf));
        must(store_->enqueue({item}));
        item.state = storage::SentState::accepted;
        item.index = leaf.ref.index;
        protocol::LeafAccepted accepted;
        accepted.index = leaf.ref.index;
        item.outcome = protocol::write_leaf_outcome(accepted, leaf.case_number, leaf.at);
        must(store_->settle({item}, ""));
    }

    [[nodiscard]] storage::DaemonStore& store() const { return *store_; }

private:
    static void must(const Result<void>& done) {
        if (!done) throw std::runtime_error(done.error().message());
    }
    template <typename T>
    static T must(Result<T> result) {
        return tongbao::testing::must(std::move(result));
    }

    static LogEntry entry_of(const LoggedLeaf& leaf) {
        LogEntry entry;
        entry.time = leaf.at;
        SignedLeaf named;
        named.sha256 = leaf.ref.sha256;
        if (const auto* const act = std::get_if<Act>(&leaf.leaf)) {
            entry.event = ActEvent{named, act->kind, act->from, act->notices, Digest()};
            return entry;
        }
        const Notice& notice = std::get<Notice>(leaf.leaf);
        LoggedEvent logged;
        logged.leaf = named;
        logged.from = notice.from;
        logged.to = notice.to;
        logged.kind = notice.kind;
        logged.charter = notice.charter;
        logged.charter_version = notice.charter_version;
        logged.case_number = leaf.case_number;
        logged.opens_case = leaf.case_number.has_value() && !notice.case_number;
        entry.event = std::move(logged);
        return entry;
    }

    const storage::TemporaryFolder folder_{storage::memory_path()};
    std::string words_;
    std::unique_ptr<storage::DaemonStore> store_;
};

}  // namespace tongbao::testing
