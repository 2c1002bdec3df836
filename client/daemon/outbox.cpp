#include "client/daemon/outbox.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/batch_check.hpp"
#include "client/daemon/clock_check.hpp"
#include "client/daemon/own_state.hpp"
#include "client/daemon/store_write.hpp"
#include "crypto/merkle_tree.hpp"
#include "program/blocking.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/submission_json.hpp"

#include <set>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

/// The attachments that the notices among `items` bring, each once.
std::set<Digest> attachments_of(const std::vector<storage::SentItem>& items) {
    std::set<Digest> digests;
    for (const storage::SentItem& item : items) {
        if (item.is_act) continue;
        const Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
        const auto* const notice = leaf ? std::get_if<Notice>(&*leaf) : nullptr;
        if (notice == nullptr) continue;
        for (const AttachmentItem& each : notice->attachments) {
            const auto* const attachment = std::get_if<Attachment>(&each);
            if (attachment != nullptr) digests.insert(attachment->sha256);
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
    const Result<void> uploaded = co_await upload(*items);
    if (!uploaded) co_return uploaded.error();
    Batch batch;
    const auto make = [this, &items, &batch] { return sign(*items, batch); };
    Result<protocol::Submit> submit = co_await run_blocking(services_.pool, make);
    if (!submit) co_return submit.error();
    last_sequence_ = items->back().sequence;
    batch.items = *std::move(items);
    under_way_.push_back(std::move(batch));
    co_return Next(*std::move(submit));
}

asio::awaitable<Result<void>> Outbox::upload(const std::vector<storage::SentItem>& items) {
    const auto list = [&items] { return attachments_of(items); };
    const std::set<Digest> digests = co_await run_blocking(services_.pool, list);
    for (const Digest& digest : digests) {
        const Result<void> uploaded = co_await requests_.upload(digest);
        if (uploaded) continue;
        const Errc errc = to_errc(uploaded.error());
        // The file is gone or changed here: the notice that names it is refused by the hub, and
        // nothing waits behind it.
        if (errc != Errc::not_found && errc != Errc::attachment_mismatch) co_return errc;
        services_.logging.error("attachment_not_uploaded",
                                {{"sha256", digest.hex()}, {"code", std::string(code(errc))}});
    }
    co_return Result<void>();
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

asio::awaitable<Result<void>> Outbox::settle(protocol::Outcome outcome, const LogFollower& log,
                                             KeyCopy& keys) {
    Batch batch = std::move(under_way_.front());
    under_way_.pop_front();
    const auto check = [this, &outcome, &log, &keys, &batch] {
        SubmittedBatch ours{{}, batch.statement, services_.signer.certificate().digest()};
        for (const storage::SentItem& item : batch.items) ours.leaves.emplace_back(item.bytes);
        return check_outcome(outcome, ours, log, keys.keys());
    };
    const Checked<std::optional<Digest>> checked = co_await run_blocking(services_.pool, check);
    if (!checked) {
        const std::string what = "answer to " + batch.items.front().id.text();
        co_return raise_alarm(services_, what, checked.error());
    }
    compare_with_answer(services_, outcome, batch.items);
    const auto keep = [this, &outcome, &log, &keys, &batch, &checked]() -> Result<void> {
        if (*checked) {
            const Result<void> kept = written(services_, keys.keep(**checked));
            if (!kept) return kept.error();
        }
        return keep_outcome(std::move(batch), outcome, log.note());
    };
    const Result<void> kept = co_await run_blocking(services_.pool, keep);
    if (!kept) co_return kept.error();
    services_.settled_bell.ring();
    co_return Result<void>();
}

Result<void> Outbox::keep_outcome(Batch batch, const protocol::Outcome& outcome,
                                  const std::string& head) const {
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
        storage::SentItem& item = batch.items[i];
        item.outcome = protocol::write_leaf_outcome(outcome.leaves[i]);
        if (const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome.leaves[i])) {
            item.state = storage::SentState::accepted;
            item.index = accepted->index;
            // If we stop before the item is settled, it is accepted once more and this done again.
            const Result<void> marked = mark_done(services_, item.bytes);
            if (!marked) return marked.error();
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
    return written(services_, services_.store.settle(batch.items, head));
}

void Outbox::refuse(const protocol::BatchRefused& answer) {
    under_way_.pop_front();
    refused_ = true;
    services_.hub.last_error = code(answer.reason.code);
    services_.logging.error("batch_refused_by_hub",
                            {{"code", std::string(code(answer.reason.code))},
                             {"place", answer.reason.place},
                             {"words", answer.reason.explanation}});
}

void Outbox::begin_again() noexcept {
    last_sequence_ = 0;
    refused_ = false;
}

}  // namespace tongbao::client
