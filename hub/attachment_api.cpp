#include "hub/attachment_api.hpp"

#include "crypto/sha256.hpp"
#include "hub/http_answer.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using transport::Response;

Response kept(unsigned status, const Digest& sha256, std::uint64_t size) {
    protocol::JsonWriter writer;
    writer.begin_object().member("sha256", sha256.hex()).key("size").number(size).end_object();
    return json_answer(status, writer.take());
}

}  // namespace

asio::awaitable<Response> AttachmentApi::put(const Caller& caller, Digest sha256,
                                             transport::BodyReader& body) const {
    if (caller.auditor()) co_return problem_answer(Errc::not_found);
    const UnitId unit = *caller.unit;
    // Whoever is told that it is there may name it as if it had come now.
    const auto find = [this, &unit, &sha256] { return services_.attachments.touch(unit, sha256); };
    const Result<std::uint64_t> there = co_await program::run_blocking(services_.pool, find);
    if (there) co_return kept(200, sha256, *there);
    Result<UploadLedger::Upload> upload = services_.uploads.begin(unit);
    if (!upload) co_return problem_answer(to_errc(upload.error()));
    const auto create = [this, &unit] { return services_.attachments.create(unit); };
    const auto writer = co_await program::run_blocking(services_.pool, create);
    if (!writer) co_return problem_answer(to_errc(writer.error()));
    crypto::Sha256 hash;
    std::uint64_t size = 0;
    Bytes buffer(storage::kAttachmentPieceBytes);
    for (;;) {
        const Result<std::size_t> count = co_await body.read_some(buffer);
        if (!count) co_return problem_answer(to_errc(count.error()));
        if (*count == 0) break;
        size += *count;
        if (size > protocol::kMaxAttachmentBytes) co_return problem_answer(Errc::too_large);
        const auto store = [&, piece = BytesView(buffer).first(*count)] {
            hash.update(piece);
            return (*writer)->write(piece);
        };
        const Result<void> written = co_await program::run_blocking(services_.pool, store);
        if (!written) co_return problem_answer(to_errc(written.error()));
    }
    if (hash.finish() != sha256) co_return problem_answer(Errc::attachment_mismatch);
    const auto keep = [&writer, &sha256] { return (*writer)->keep(sha256); };
    const Result<void> done = co_await program::run_blocking(services_.pool, keep);
    if (!done) co_return problem_answer(to_errc(done.error()));
    upload->keep(sha256, size);
    co_return kept(201, sha256, size);
}

Result<std::unique_ptr<storage::AttachmentReader>> AttachmentApi::open(const Caller& caller,
                                                                       LogIndex index,
                                                                       const Digest& sha256) const {
    const auto facts = services_.notices.find(index);
    if (!facts || !caller.may_read(**facts, *services_.deployment.charter)) return Errc::not_found;
    const Result<LoggedNotice> logged = services_.notices.read(index);
    if (!logged) return logged.error();
    const auto& items = logged->notice.attachments;
    const bool named = std::any_of(items.begin(), items.end(), [&sha256](const auto& item) {
        const auto* const attachment = std::get_if<Attachment>(&item);
        return attachment != nullptr && attachment->sha256 == sha256;
    });
    if (!named) return Errc::not_found;
    return services_.attachments.open((*facts)->from, sha256);
}

asio::awaitable<Result<void>> AttachmentApi::get(const Caller& caller, LogIndex index,
                                                 Digest sha256,
                                                 transport::Responder& responder) const {
    const auto find = [this, caller, index, sha256] { return open(caller, index, sha256); };
    const auto reader = co_await program::run_blocking(services_.pool, find);
    if (!reader) co_return co_await responder.send(problem_answer(to_errc(reader.error())));
    transport::Fields fields{{"Content-Type", "application/octet-stream"}};
    const Result<void> begun = co_await responder.begin(200, std::move(fields), (*reader)->size());
    if (!begun) co_return begun.error();
    Bytes buffer(storage::kAttachmentPieceBytes);
    for (;;) {
        const auto read = [&reader, &buffer] { return (*reader)->read_some(buffer); };
        const Result<std::size_t> count = co_await program::run_blocking(services_.pool, read);
        if (!count) co_return count.error();
        if (*count == 0) break;
        const Result<void> written = co_await responder.write(BytesView(buffer).first(*count));
        if (!written) co_return written.error();
    }
    co_return co_await responder.finish();
}

}  // namespace tongbao::hub
