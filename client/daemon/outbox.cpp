#include "client/daemon/outbox.hpp"

#include "client/daemon/batch_check.hpp"
#include "client/daemon/evidence.hpp"
#include "crypto/merkle_tree.hpp"
#include "program/blocking.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/submission_json.hpp"

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

/// The attachments that the notices among `items` bring.
std::vector<Digest> attachments_of(const std::vector<storage::SentItem>& items) {
    std::vector<Digest> digests;
    for (const storage::SentItem& item : items) {
        if (item.is_act) continue;
        const Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
        const auto* const notice = leaf ? std::get_if<Notice>(&*leaf) : nullptr;
        if (notice == nullptr) continue;
        for (const AttachmentItem& each : notice->attachments) {
            const auto* const attachment = std::get_if<Attachment>(&each);
            if (attachment != nullptr) digests.push_back(attachment->sha256);
        }
    }
    return digests;
}

}  // namespace

asio::awaitable<Result<std::optional<protocol::Submit>>> Outbox::next() {
    using Next = std::optional<protocol::Submit>;
    const auto read = [this] {
        return services_.store.read_outbox(last_sequence_, protocol::kPreferredBatchLeaves,
                                           protocol::kMaxBatchBytes);
    };
    Result<std::vector<storage::SentItem>> items = co_await run_blocking(services_.pool, read);
    if (!items) co_return items.error();
    if (items->empty()) co_return Next();
    for (const Digest& digest : attachments_of(*items)) {
        const Result<void> uploaded = co_await requests_.upload(digest);
        if (!uploaded) co_return uploaded.error();
    }
    Batch batch;
    const auto make = [this, &items, &batch] { return sign(*items, batch); };
    Result<protocol::Submit> submit = co_await run_blocking(services_.pool, make);
    if (!submit) co_return submit.error();
    last_sequence_ = items->back().sequence;
    batch.items = *std::move(items);
    under_way_.push_back(std::move(batch));
    co_return Next(*std::move(submit));
}

Result<protocol::Submit> Outbox::sign(const std::vector<storage::SentItem>& items,
                                      Batch& batch) const {
    protocol::Submit submit;
    std::vector<Digest> hashes;
    for (const storage::SentItem& item : items) {
        hashes.push_back(crypto::leaf_hash(item.bytes));
        submit.leaves.push_back(item.bytes);
    }
    const crypto::Statement statement{LogOrigin(services_.log_key.name()),
                                      format_spiffe_id(*services_.signer.certificate().spiffe()),
                                      std::string(crypto::kSubmitRole), hashes.size(),
                                      crypto::tree_root(hashes)};
    Result<Bytes> container = services_.signer.sign(statement, services_.clock.now());
    if (!container) return container.error();
    batch.statement = *container;
    submit.statement = *std::move(container);
    return submit;
}

asio::awaitable<Result<void>> Outbox::settle(protocol::Outcome outcome, const LogFollower& log) {
    Batch batch = std::move(under_way_.front());
    under_way_.pop_front();
    auto keep = [this, &outcome, &log, batch = std::move(batch)]() mutable -> Result<void> {
        SubmittedBatch ours{{}, batch.statement, services_.signer.certificate().digest()};
        for (const storage::SentItem& item : batch.items) ours.leaves.emplace_back(item.bytes);
        const Checked<void> checked = check_outcome(outcome, ours, log);
        if (!checked) return checked.error().code;
        return keep_outcome(std::move(batch), outcome, log.note());
    };
    const Result<void> kept = co_await run_blocking(services_.pool, std::move(keep));
    if (!kept) co_return kept.error();
    services_.settled_bell.ring();
    co_return Result<void>();
}

Result<void> Outbox::keep_outcome(Batch batch, const protocol::Outcome& outcome,
                                  const std::string& head) const {
    std::vector<Digest> hashes;
    for (const storage::SentItem& item : batch.items) {
        hashes.push_back(crypto::leaf_hash(item.bytes));
    }
    const crypto::MerkleTree tree(std::move(hashes));
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
        storage::SentItem& item = batch.items[i];
        item.outcome = protocol::write_leaf_outcome(outcome.leaves[i]);
        if (const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome.leaves[i])) {
            item.state = storage::SentState::accepted;
            item.index = accepted->index;
            item.evidence = to_bytes(write_evidence({batch.statement, i, tree.path(i)}));
            continue;
        }
        const protocol::LeafRefused& refused = std::get<protocol::LeafRefused>(outcome.leaves[i]);
        item.state = storage::SentState::refused;
        item.index = refused.index;
        for (const Reason& reason : refused.reasons) {
            services_.logging.warning("refused_by_hub", {{"id", item.id.text()},
                                                         {"code", std::string(code(reason.code))},
                                                         {"place", reason.place}});
        }
    }
    return services_.store.settle(batch.items, head);
}

Errc Outbox::refuse(const protocol::BatchRefused& refused) {
    under_way_.pop_front();
    services_.logging.error("batch_refused_by_hub",
                            {{"code", std::string(code(refused.reason.code))},
                             {"place", refused.reason.place},
                             {"words", refused.reason.explanation}});
    return refused.reason.code;
}

}  // namespace tongbao::client
