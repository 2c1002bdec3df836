#include "hub/notice_api.hpp"

#include "hub/http_answer.hpp"
#include "hub/log_showing.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"
#include "protocol/submission_json.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using transport::Response;

/// Gives a batch to the sequencer and waits until it is durable.
asio::awaitable<Checked<SequencedBatch>> sequence(Sequencer& sequencer, VerifiedBatch batch) {
    // NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved on
    const auto start = [&sequencer](auto handler, VerifiedBatch taken) {
        using Handler = decltype(handler);
        const auto shared = std::make_shared<Handler>(std::move(handler));
        const auto answer = [shared](Checked<SequencedBatch> result) {
            const auto executor = asio::get_associated_executor(*shared);
            asio::post(executor, [shared, result = std::move(result)]() mutable {
                std::move (*shared)(std::move(result));
            });
        };
        const Result<void> submitted = sequencer.submit(std::move(taken), answer);
        if (!submitted) answer(Reason{to_errc(submitted.error()), {}, {}});
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&,
                                            void(Checked<SequencedBatch>)>(
        start, asio::use_awaitable, std::move(batch));
}

void write_digests(protocol::JsonWriter& writer, std::string_view name,
                   const std::vector<Digest>& digests) {
    writer.key(name).begin_array();
    for (const Digest& digest : digests) writer.text(digest.base64());
    writer.end_array();
}

}  // namespace

asio::awaitable<Response> NoticeApi::submit(const Caller& caller,
                                            transport::BodyReader& body) const {
    if (caller.auditor()) co_return problem_answer(Errc::not_found);
    const Result<Bytes> text = co_await body.read_all(protocol::kMaxSubmissionBytes);
    if (!text) co_return problem_answer(to_errc(text.error()));
    Checked<protocol::Submit> submission = protocol::read_submission(*text);
    if (!submission) co_return problem_answer(submission.error().code, {submission.error()});
    auto judge = [this, unit = *caller.unit, taken = *std::move(submission)]() mutable {
        return services_.admission.admit(unit, std::move(taken));
    };
    Checked<VerifiedBatch> batch = co_await program::run_blocking(services_.pool, std::move(judge));
    if (!batch) {
        log_refused(services_.logging, *caller.unit, batch.error());
        co_return problem_answer(batch.error().code, {batch.error()});
    }
    Checked<SequencedBatch> sequenced = co_await sequence(services_.sequencer, *std::move(batch));
    if (!sequenced) co_return problem_answer(sequenced.error().code, {sequenced.error()});
    auto show = [this, taken = *std::move(sequenced)]() mutable {
        LogShowing showing(services_.store, services_.tree, services_.head, TreeSize(0));
        return showing.outcome(0, std::move(taken));
    };
    const Result<protocol::Outcome> outcome =
        co_await program::run_blocking(services_.pool, std::move(show));
    if (!outcome) co_return problem_answer(to_errc(outcome.error()));
    co_return json_answer(200, protocol::write_outcome(*outcome));
}

bool NoticeApi::may_read(const Caller& caller, LogIndex index) const {
    const auto facts = services_.notices.find(index);
    return facts && caller.may_read(**facts, *services_.deployment.charter);
}

asio::awaitable<Response> NoticeApi::notice(const Caller& caller, LogIndex index) const {
    const auto read = [this, caller, index]() -> Response {
        if (!may_read(caller, index)) return problem_answer(Errc::not_found);
        Result<LoggedNotice> logged = services_.notices.read(index);
        if (!logged) return problem_answer(to_errc(logged.error()));
        return {
            200, "application/json", {}, std::move(logged->batch.leaves[logged->position].bytes)};
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

asio::awaitable<Response> NoticeApi::trail(const Caller& caller, LogIndex index,
                                           TreeSize known) const {
    const auto read = [this, caller, index, known]() -> Response {
        if (!may_read(caller, index)) return problem_answer(Errc::not_found);
        return read_trail(caller, index, known);
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

Result<void> NoticeApi::may_know(const Caller& caller, BytesView shown) const {
    const protocol::ShownEntry parts = protocol::split_shown_entry(shown);
    if (!parts.record) return {};
    const Checked<LogEntry> record = protocol::read_log_entry(*parts.record);
    if (!record) return Errc::storage_corrupt;
    for (const NoticeRef& named : notices_named(record->event)) {
        const Result<SharedFacts> facts = services_.notices.find(named.index);
        if (!facts) return facts.error();
        if ((*facts)->restricted && !(*facts)->party(*caller.unit)) return Errc::not_permitted;
    }
    return {};
}

Response NoticeApi::read_trail(const Caller& caller, LogIndex index, TreeSize known) const {
    Result<std::vector<LogIndex>> events = services_.store.read_trail(index);
    if (!events) return problem_answer(to_errc(events.error()));
    events->insert(events->begin(), index);
    LogShowing showing(services_.store, services_.tree, services_.head, known);
    const Result<protocol::HeadUpdate> head = showing.update();
    if (!head) return problem_answer(to_errc(head.error()));
    protocol::JsonWriter writer;
    writer.begin_object().member("checkpoint", head->checkpoint);
    write_digests(writer, "consistency", head->consistency);
    writer.key("entries").begin_array();
    for (const LogIndex event : *events) {
        const Result<protocol::ProvedEntry> proved = showing.prove(event);
        // Logged after the head was read: the next question shows it.
        if (!proved && proved.error() == Errc::not_in_tree) break;
        if (!proved) return problem_answer(to_errc(proved.error()));
        const Result<void> may = may_know(caller, proved->entry);
        if (!may && may.error() == Errc::not_permitted) continue;
        if (!may) return problem_answer(to_errc(may.error()));
        writer.begin_object().key("index").number(event.value());
        writer.member("entry", to_base64(proved->entry));
        write_digests(writer, "proof", proved->path);
        writer.end_object();
    }
    writer.end_array().end_object();
    return json_answer(200, writer.take());
}

asio::awaitable<Response> NoticeApi::batch(const Caller& caller, LogIndex index) const {
    const auto read = [this, caller, index]() -> Response {
        const Result<std::optional<Bytes>> record = services_.store.read_record(index);
        if (!record) return problem_answer(to_errc(record.error()));
        const bool all = caller.may_read_log(*services_.deployment.charter) && !*record;
        if (!all && !may_read(caller, index)) return problem_answer(Errc::not_found);
        const Result<storage::StoredBatch> batch = services_.store.read_batch(index);
        if (!batch) return problem_answer(to_errc(batch.error()));
        protocol::JsonWriter writer;
        writer.begin_object()
            .key("first")
            .number(batch->first.value())
            .key("entries")
            .number(std::uint64_t{batch->entry_count})
            .member("signer", batch->signer.hex())
            .member("statement", to_base64(batch->statement));
        writer.key("leaves").begin_array();
        for (const storage::StoredLeaf& leaf : batch->leaves) {
            writer.begin_object().member("leaf_hash", leaf.leaf_hash.hex());
            if (leaf.index) writer.key("index").number(leaf.index->value());
            // Who endorsed says what kind of notice it is, which is nobody's business but its own.
            if (!leaf.endorsements.empty() && (all || may_read(caller, *leaf.index))) {
                writer.key("endorsements").begin_array();
                for (const Bytes& each : leaf.endorsements) writer.text(to_base64(each));
                writer.end_array();
            }
            writer.end_object();
        }
        writer.end_array().end_object();
        return json_answer(200, writer.take());
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

asio::awaitable<Response> NoticeApi::notices_of_case(const Caller& caller,
                                                     CaseNumber number) const {
    if (caller.auditor()) co_return problem_answer(Errc::not_found);
    const auto read = [this, caller, number = std::move(number)]() -> Response {
        const Result<std::vector<LogIndex>> indexes = services_.store.read_case(number);
        if (!indexes) return problem_answer(to_errc(indexes.error()));
        protocol::JsonWriter writer;
        writer.begin_object().member("case", number.value()).key("notices").begin_array();
        for (const LogIndex index : *indexes) {
            if (may_read(caller, index)) writer.number(index.value());
        }
        writer.end_array().end_object();
        return json_answer(200, writer.take());
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

}  // namespace tongbao::hub
