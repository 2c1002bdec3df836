#include "hub/log_api.hpp"

#include "hub/http_answer.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/tile_path.hpp"

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using transport::Response;

constexpr const char* kImmutable = "max-age=31536000, immutable";
/// No cache that others share may keep what only some may read.
constexpr const char* kImmutablePrivate = "private, max-age=31536000, immutable";

Response octets(Bytes bytes, const char* caching) {
    return {200, "application/octet-stream", {{"Cache-Control", caching}}, std::move(bytes)};
}

/// An entry bundle: each entry after its length in two bytes, big-endian.
Bytes bundle_of(const std::vector<Bytes>& entries) {
    Bytes bundle;
    for (const Bytes& entry : entries) {
        bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
        bundle.push_back(static_cast<std::uint8_t>(entry.size()));
        bundle.insert(bundle.end(), entry.begin(), entry.end());
    }
    return bundle;
}

}  // namespace

asio::awaitable<Response> LogApi::log(const Caller& caller, std::string path) const {
    if (path == "checkpoint") {
        co_return Response{200,
                           "text/plain; charset=utf-8",
                           {{"Cache-Control", "no-cache"}},
                           to_bytes(services_.head.get()->note)};
    }
    const auto read = [this, caller, path = std::move(path)] { return tile(caller, path); };
    co_return co_await program::run_blocking(services_.pool, read);
}

Response LogApi::tile(const Caller& caller, std::string_view text) const {
    const std::optional<protocol::TilePath> path = protocol::parse_tile_path(text);
    // Only what a published checkpoint covers is shown: the tree may be ahead of it by a commit.
    const TreeSize size = services_.head.get()->checkpoint.size;
    if (!path || path->width > protocol::tile_width(path->level, path->number, size)) {
        return problem_answer(Errc::not_found);
    }
    if (path->entries) {
        if (!caller.may_read_log(*services_.deployment.charter)) {
            return problem_answer(Errc::not_found);
        }
        const LogIndex first(path->number * protocol::kTileWidth);
        const Result<std::vector<Bytes>> entries = services_.store.read_entries(first, path->width);
        if (!entries) return problem_answer(to_errc(entries.error()));
        return octets(bundle_of(*entries), kImmutablePrivate);
    }
    const Result<std::vector<Digest>> hashes =
        services_.tree.tile(path->level, path->number, path->width);
    if (!hashes) return problem_answer(to_errc(hashes.error()));
    Bytes bytes;
    for (const Digest& hash : *hashes) {
        bytes.insert(bytes.end(), hash.array().begin(), hash.array().end());
    }
    return octets(std::move(bytes), kImmutable);
}

asio::awaitable<Response> LogApi::register_entries(std::optional<LogIndex> after) const {
    const auto read = [this, after]() -> Response {
        const Result<std::vector<LogIndex>> indexes = services_.store.read_register();
        if (!indexes) return problem_answer(to_errc(indexes.error()));
        protocol::JsonWriter writer;
        writer.begin_object().key("entries").begin_array();
        for (const LogIndex index : *indexes) {
            if (after && index <= *after) continue;
            const Result<std::vector<Bytes>> entry = services_.store.read_entries(index, 1);
            if (!entry) return problem_answer(to_errc(entry.error()));
            writer.begin_object()
                .key("index")
                .number(index.value())
                .member("entry", to_base64(entry->front()))
                .end_object();
        }
        writer.end_array().end_object();
        return json_answer(200, writer.take());
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

Response LogApi::charter() const {
    return json_answer(200, services_.deployment.charter_text);
}

Response LogApi::status(const Caller& caller) const {
    const std::shared_ptr<const SignedHead> head = services_.head.get();
    const Deployment& deployment = services_.deployment;
    protocol::JsonWriter writer;
    writer.begin_object()
        .member("log", deployment.origin.value())
        .key("size")
        .number(head->checkpoint.size.value());
    writer.key("charter")
        .begin_object()
        .member("id", deployment.charter->id().value())
        .key("version")
        .number(std::uint64_t{deployment.charter->version().value()})
        .member("sha256", deployment.charter_digest.hex())
        .end_object();
    writer.member("caller", caller.unit ? caller.unit->value() : std::string("log-auditor"));
    writer.end_object();
    return json_answer(200, writer.take());
}

}  // namespace tongbao::hub
