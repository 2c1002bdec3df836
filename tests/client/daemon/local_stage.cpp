#include "tests/client/daemon/local_stage.hpp"

#include "client/daemon/openapi.hpp"
#include "tests/client/daemon/json_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

namespace tongbao::testing {

GivenBody::GivenBody(Bytes bytes) : rest_(std::move(bytes)) {}

asio::awaitable<Result<std::size_t>> GivenBody::read_some(std::span<std::uint8_t> into) {
    const std::size_t count = std::min(into.size(), rest_.size());
    const auto end = rest_.begin() + static_cast<std::ptrdiff_t>(count);
    std::copy(rest_.begin(), end, into.begin());
    rest_.erase(rest_.begin(), end);
    co_return count;
}

asio::awaitable<Result<void>> Answered::send(transport::Response whole) {
    response = std::move(whole);
    co_return Result<void>();
}

asio::awaitable<Result<void>> Answered::begin(unsigned status, transport::Fields fields,
                                              std::optional<std::uint64_t> /*length*/) {
    response.status = status;
    response.fields = std::move(fields);
    co_return Result<void>();
}

asio::awaitable<Result<void>> Answered::write(BytesView piece) {
    response.body.insert(response.body.end(), piece.begin(), piece.end());
    if (on_piece) co_return on_piece(as_text(piece));
    co_return Result<void>();
}

asio::awaitable<Result<void>> Answered::finish() {
    co_return Result<void>();
}

Asking::Asking() {
    arrives(numbered_alarm(1), 7);
}

Asking::~Asking() = default;

void Asking::arrives(const Notice& notice, std::uint64_t index) {
    daemon.put_arrived(notice, LogIndex(index));
}

transport::Response Asking::ask(const std::string& method, const std::string& target,
                                const std::string& body) {
    transport::RequestHead request;
    request.method = method;
    request.target = target;
    GivenBody given(to_bytes(body));
    Answered answered;
    const Result<void> done = daemon.run(api.handle(caller, request, given, answered));
    if (!done) answered.response.status = transport::status_of(to_errc(done.error()));
    return answered.response;
}

nlohmann::json Asking::checked(const char* method, const std::string& path,
                               const std::string& target, unsigned status) {
    CAPTURE(target);
    const transport::Response response = ask(method, target);
    CHECK(response.status == status);
    nlohmann::json answer = body_of(response);
    static const nlohmann::json kDocument = nlohmann::json::parse(openapi_json());
    const nlohmann::json& responses = kDocument.at("paths")
                                          .at(path)
                                          .at(std::string(method) == "GET" ? "get" : "post")
                                          .at("responses");
    const bool good = status == 200;
    const nlohmann::json& schema = responses.at(good ? "200" : "default")
                                       .at("content")
                                       .at(good ? "application/json" : "application/problem+json")
                                       .at("schema");
    const auto faults = schema_faults(kDocument, schema, answer);
    const std::string first = faults.empty() ? "" : faults.front();
    CHECK(first == "");
    return answer;
}

nlohmann::json Asking::body_of(const transport::Response& response) {
    return nlohmann::json::parse(as_text(response.body));
}

}  // namespace tongbao::testing
