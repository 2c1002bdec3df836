#include "client/daemon/outbox.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/batch_check.hpp"
#include "client/daemon/clock_check.hpp"
#include "client/daemon/own_state.hpp"
#include "client/daemon/restricted_leaves.hpp"
#include "client/daemon/store_write.hpp"
#include "crypto/merkle_tree.hpp"
#include "program/blocking.hpp"
#include "protocol/leaf_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/submission_json.hpp"

#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

void add_attachments(const protocol::Leaf& leaf, std::set<Digest>& digests) {
    const auto* const notice = std::get_if<Notice>(&leaf);
    if (notice == nullptr) return;
    for (const AttachmentItem& each : notice->attachments) {
        const auto* const attachment = std::get_if<Attachment>(&each);
        if (attachment != nullptr) digests.insert(attachment->sha256);
    }
}

}  // namespace

asio::awaitable<Result<std::optional<protocol::Submit>>> Outbox::next() {
    using Next = std::optional<protocol::Submit>;
    Batch batch;
    std::set<Digest> attachments;
    std::optional<Result<protocol::Submit>> submit;
    const auto prepare = [this, &batch, &attachments, &submit]() -> Result<void> {
        const Result<void> done = read(batch, attachments);
        if (!done) return done.error();
        if (attachments.empty() && !batch.items.empty()) submit = sign(batch);
        return {};
    };
    const Result<void> prepared = co_await run_blocking(services_.pool, prepare);
    if (!prepared) co_return prepared.error();
    if (batch.items.empty()) co_return Next();
    if (!attachments.empty()) {
        const Result<void> uploaded = co_await upload(std::move(attachments));
        if (!uploaded) co_return uploaded.error();
        const auto make = [this, &batch] { return sign(batch); };
        submit = co_await run_blocking(services_.pool, make);
    }
    if (!*submit) co_return submit->error();
    last_sequence_ = batch.items.back().sequence;
    under_way_.push_back(std::move(batch));
    co_return Next(**std::move(submit));
}

Result<void> Outbox::read(Batch& batch, std::set<Digest>& attachments) const {
    Result<std::vector<storage::SentItem>> items = services_.store.read_outbox(
        last_sequence_, protocol::kPreferredBatchLeaves, protocol::kMaxBatchBytes);
    if (!items) return items.error();
    batch.items = *std::move(items);
    batch.leaves.reserve(batch.items.size());
    const RestrictedLeaves restricted(*services_.charter, services_.store);
    for (std::size_t at = 0; at < batch.items.size(); ++at) {
        const storage::SentItem& item = batch.items[at];
        std::optional<protocol::Leaf> kept;
        if (std::optional<Notice> held = services_.read_notices->take(item.id)) {
            kept = *std::move(held);
        } else if (Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes)) {
            kept = *std::move(leaf);
        }
        const Result<Restricted> found = kept ? restricted.contains(*kept) : Restricted::no;
        if (!found) return found.error();
        const bool alone = *found == Restricted::yes;
        // What is beside it in a batch would tell others whose it is.
        if (alone && at > 0) {
            batch.items.resize(at);
            return {};
        }
        if (kept) add_attachments(*kept, attachments);
        batch.leaves.push_back(std::move(kept));
        if (alone) batch.items.resize(1);
    }
    return {};
}

asio::awaitable<Result<void>> Outbox::upload(std::set<Digest> digests) {
    for (const Digest& digest : digests) {
        const Result<void> uploaded = co_await requests_.upload(digest);
        if (uploaded) continue;
        const Errc errc = to_errc(uploaded.error());
        // The file is gone or changed here: the notice that names it is refused by the hub, and
        // nothing waits behind it.
        if (errc != Errc::not_found && errc != Errc::attachment_mismatch) co_return errc;
        services_.logging.error(
            "attachment_not_uploaded",
            {{"sha256", digest.hex()},
             {"code", std::string(code(errc))},
             {"what", std::string(sentence(errc))},
             {"consequence", "its notice waits, and is tried again by itself"}});
    }
    co_return Result<void>();
}

Result<protocol::Submit> Outbox::sign(Batch& batch) const {
    protocol::Submit submit;
    std::vector<Digest>& hashes = batch.leaf_hashes;
    hashes.clear();
    hashes.reserve(batch.items.size());
    submit.leaves.reserve(batch.items.size());
    for (const storage::SentItem& item : batch.items) {
        hashes.push_back(crypto::leaf_hash(item.bytes));
        if (!item.endorsements.empty()) {
            batch.endorsements.resize(batch.items.size());
            batch.endorsements[submit.leaves.size()] = item.endorsements;
            submit.endorsements.push_back(
                {static_cast<std::uint16_t>(submit.leaves.size()), item.endorsements});
        }
        submit.leaves.push_back(item.bytes);
    }
    const std::shared_ptr<const crypto::StatementSigner> seal = services_.seals.in_use();
    const crypto::Statement statement{
        LogOrigin(services_.log_key.name()), format_spiffe_id(*seal->certificate().spiffe()),
        std::string(crypto::kSubmitRole), hashes.size(), crypto::tree_root(hashes)};
    Result<Bytes> container = seal->sign(statement, services_.clock.now());
    if (!container) return container.error();
    batch.statement = *container;
    batch.signer = seal->certificate().digest();
    submit.statement = *std::move(container);
    return submit;
}

asio::awaitable<Result<void>> Outbox::settle(protocol::Outcome outcome, const LogFollower& log,
                                             KeyCopy& keys) {
    Batch batch = std::move(under_way_.front());
    under_way_.pop_front();
    std::optional<Reason> fault;
    const auto check = [this, &outcome, &log, &keys, &batch, &fault]() -> Result<void> {
        SubmittedBatch ours{{},           batch.statement,    batch.signer,
                            batch.leaves, batch.endorsements, batch.leaf_hashes};
        for (const storage::SentItem& item : batch.items) ours.leaves.emplace_back(item.bytes);
        const Checked<CheckedOutcome> checked =
            check_outcome(outcome, ours, log, keys.keys(), *services_.charter);
        if (!checked) {
            fault = checked.error();
            return fault->code;
        }
        const Checked<void> hidden = check_hidden(batch, checked->entries);
        if (!hidden) {
            fault = hidden.error();
            return fault->code;
        }
        if (checked->register_head) {
            const Result<void> kept = written(services_, keys.keep(*checked->register_head));
            if (!kept) return kept.error();
        }
        return keep_outcome(batch, outcome, checked->entries, log.note());
    };
    const Result<void> kept = co_await run_blocking(services_.pool, check);
    if (fault) {
        const std::string what = "answer to " + batch.items.front().id.text();
        co_return raise_alarm(services_, what, *fault);
    }
    if (!kept) co_return kept.error();
    if (const std::optional<Errc> before = std::exchange(services_.hub.refused, std::nullopt)) {
        services_.logging.info("batches_taken_again", {{"code", std::string(code(*before))}});
    }
    compare_with_answer(services_, outcome, batch.items);
    services_.hub.answered.add(services_.clock.now(), batch.items.size());
    for (const storage::SentItem& item : batch.items) services_.settled_bell.ring(item.id);
    services_.events.ring();
    co_return Result<void>();
}

Checked<void> Outbox::check_hidden(
    const Batch& batch, std::span<const std::optional<CheckedOutcome::Entry>> entries) const {
    const RestrictedLeaves restricted(*services_.charter, services_.store);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!entries[i] || !entries[i]->hidden_by_other || !batch.leaves[i]) continue;
        const std::string place = "leaves[" + std::to_string(i) + ']';
        const Result<Restricted> rightly = restricted.contains(*batch.leaves[i]);
        if (!rightly) return Reason{to_errc(rightly.error()), place, {}};
        if (*rightly == Restricted::no)
            return Reason{Errc::entry_mismatch, place, "its entry hides it"};
    }
    return {};
}

Result<void> Outbox::keep_outcome(Batch& batch, const protocol::Outcome& outcome,
                                  std::span<const std::optional<CheckedOutcome::Entry>> entries,
                                  const std::string& head) const {
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
        storage::SentItem& item = batch.items[i];
        item.outcome =
            entries[i] ? protocol::write_leaf_outcome(outcome.leaves[i], entries[i]->case_number,
                                                      entries[i]->logged_at, entries[i]->late)
                       : protocol::write_leaf_outcome(outcome.leaves[i]);
        if (const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome.leaves[i])) {
            item.state = storage::SentState::accepted;
            item.index = accepted->index;
            // If we stop before the item is settled, it is accepted once more and this done again.
            if (!batch.leaves[i]) continue;
            const Result<void> marked = mark_done(services_, *batch.leaves[i]);
            if (!marked) return marked.error();
            continue;
        }
        const protocol::LeafRefused& refused = std::get<protocol::LeafRefused>(outcome.leaves[i]);
        item.state = storage::SentState::refused;
        item.index = refused.index;
        for (const Reason& reason : refused.reasons) {
            services_.logging.warning(
                "refused_by_hub", {{"id", item.id.text()},
                                   {"code", std::string(code(reason.code))},
                                   {"what", std::string(sentence(reason.code))},
                                   {"place", reason.place},
                                   {"do", "tongbao explain " + std::string(code(reason.code))}});
        }
    }
    return written(services_, services_.store.settle(batch.items, head));
}

void Outbox::refuse(const protocol::BatchRefused& answer) {
    under_way_.pop_front();
    refused_ = true;
    services_.hub.last_error = code(answer.reason.code);
    // Tried again for as long as it takes, each time with the same answer.
    if (std::exchange(services_.hub.refused, answer.reason.code) == answer.reason.code) return;
    services_.logging.error("batch_refused_by_hub",
                            {{"code", std::string(code(answer.reason.code))},
                             {"place", answer.reason.place},
                             {"what", std::string(sentence(answer.reason.code))},
                             {"words", answer.reason.explanation},
                             {"consequence", "all of it waits, and is tried again by itself"},
                             {"do", "tongbao explain " + std::string(code(answer.reason.code))}});
}

void Outbox::begin_again() noexcept {
    last_sequence_ = 0;
    refused_ = false;
}

}  // namespace tongbao::client
