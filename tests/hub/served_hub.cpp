#include "tests/hub/served_hub.hpp"

#include "crypto/sha256.hpp"
#include "protocol/message_codec.hpp"
#include "protocol/submission_json.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "transport/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace tongbao::testing {
namespace {

namespace asio = boost::asio;

/// A body that comes in small pieces.
class TestBody final : public transport::BodyReader {
public:
    explicit TestBody(BytesView bytes) : rest_(bytes) {}

    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
        constexpr std::size_t kPiece = 1000;
        const std::size_t size = std::min({rest_.size(), into.size(), kPiece});
        std::copy_n(rest_.begin(), size, into.begin());
        rest_ = rest_.subspan(size);
        co_return size;
    }

private:
    BytesView rest_;
};

class TestResponder final : public transport::Responder {
public:
    explicit TestResponder(Answered& answer) : answer_(answer) {}

    asio::awaitable<Result<void>> send(transport::Response response) override {
        answer_ = {response.status, std::move(response.content_type), std::move(response.fields),
                   std::move(response.body)};
        co_return Result<void>();
    }
    asio::awaitable<Result<void>> begin(unsigned status, transport::Fields fields,
                                        std::optional<std::uint64_t> length) override {
        answer_.status = status;
        answer_.fields = std::move(fields);
        length_ = length.value_or(0);
        co_return Result<void>();
    }
    asio::awaitable<Result<void>> write(BytesView piece) override {
        answer_.body.insert(answer_.body.end(), piece.begin(), piece.end());
        co_return Result<void>();
    }
    asio::awaitable<Result<void>> finish() override {
        if (answer_.body.size() != length_) co_return Errc::wrong_length;
        co_return Result<void>();
    }
    [[nodiscard]] bool begun() const noexcept override { return answer_.status != 0; }

private:
    Answered& answer_;
    std::uint64_t length_{0};
};

transport::Peer peer_of(const SpiffeId& caller, const Digest& certificate = Digest()) {
    return {"192.0.2.1", transport::PeerId{format_spiffe_id(caller), certificate}};
}

}  // namespace

TestSocket::TestSocket(asio::any_io_executor executor)
    : executor_(std::move(executor)), arrived_(executor_, asio::steady_timer::time_point::max()) {}

void TestSocket::send(const protocol::Message& message) {
    send_bytes(protocol::encode(message));
}

void TestSocket::send_bytes(Bytes frame) {
    asio::post(executor_, [this, frame = std::move(frame)]() mutable {
        inbox_.push_back(std::move(frame));
        arrived_.cancel();
    });
}

std::optional<protocol::Message> TestSocket::receive() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !outbox_.empty() || ended_; });
    if (outbox_.empty()) return std::nullopt;
    const Bytes frame = std::move(outbox_.front());
    outbox_.pop_front();
    return *protocol::decode(frame);
}

void TestSocket::leave() {
    asio::post(executor_, [this] { end(); });
}

std::pair<transport::CloseCode, std::string> TestSocket::closed_with() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_.has_value(); });
    return *closed_;
}

asio::awaitable<Result<Bytes>> TestSocket::read() {
    while (inbox_.empty()) {
        {
            const std::lock_guard lock(mutex_);
            if (ended_) break;
        }
        arrived_.expires_at(asio::steady_timer::time_point::max());
        const auto [woken] = co_await arrived_.async_wait(transport::kAsTuple);
        if (woken && woken != asio::error::operation_aborted) co_return woken;
    }
    if (inbox_.empty()) co_return Errc::connection_closed;
    Bytes frame = std::move(inbox_.front());
    inbox_.pop_front();
    co_return frame;
}

asio::awaitable<Result<void>> TestSocket::write(Bytes message) {
    const std::lock_guard lock(mutex_);
    if (ended_) co_return Errc::connection_closed;
    outbox_.push_back(std::move(message));
    changed_.notify_all();
    co_return Result<void>();
}

asio::awaitable<Result<void>> TestSocket::close(transport::CloseCode code, std::string reason) {
    {
        const std::lock_guard lock(mutex_);
        if (ended_) co_return Errc::connection_closed;
        closed_.emplace(code, std::move(reason));
    }
    end();
    co_return Result<void>();
}

void TestSocket::abort() noexcept {
    end();
}

void TestSocket::end() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    arrived_.cancel();
}

ServedHub::ServedHub(const Step& prepare, const Step& started)
    : kept(must(storage::open_attachment_files(files.path() / "attachments"))),
      work(asio::make_work_guard(io)) {
    if (prepare) prepare(*this);
    start();
    if (started) started(*this);
    admitting.emplace(deployment, *kept, clock);
    sequencer.emplace(
        deployment, log(), notices, clock, must(hub::last_entry_time(store)), logging,
        [this](const std::set<UnitId>& units) { bell.ring(units); },
        hub::SequencerSettings{.logged = [this](const Notice& each) { uploads.named_by(each); }});
    services.emplace(hub::Services{deployment, store, *kept, *tree, head, notices, *admitting,
                                   *sequencer, bell, streams, pool, logging, uploads, clock});
    api.emplace(*services);
    thread = std::thread([this] { io.run(); });
}

ServedHub::~ServedHub() {
    work.reset();
    thread.join();
    sequencer->stop();
    pool.join();
}

SpiffeId ServedHub::daemon(std::string_view unit) const {
    return daemon_id(pki.trust_domain(), UnitId(std::string(unit)));
}

SpiffeId ServedHub::auditor() const {
    return auditor_id(pki.trust_domain(), *parse_auditor_name("one"));
}

Answered ServedHub::ask(const SpiffeId& caller, std::string method, std::string target,
                        BytesView body) {
    const transport::Peer peer = peer_of(caller);
    transport::RequestHead request;
    request.method = std::move(method);
    request.target = std::move(target);
    TestBody reader(body);
    Answered answer;
    TestResponder responder(answer);
    std::future<Result<void>> handled = asio::co_spawn(
        asio::make_strand(io), api->handle(peer, request, reader, responder), asio::use_future);
    const Result<void> result = handled.get();
    // The connection answers for a handler that did not.
    if (answer.status == 0) answer.status = transport::status_of(to_errc(result.error()));
    return answer;
}

Digest ServedHub::upload(std::string_view unit, std::string_view text) {
    const Digest sha256 = crypto::sha256(as_bytes(text));
    const Answered answer =
        ask(daemon(unit), "PUT", "/v1/attachments/" + sha256.hex(), as_bytes(text));
    if (answer.status / 100 != 2) throw std::runtime_error(std::string(answer.text()));
    return sha256;
}

Answered ServedHub::submit(std::string_view unit, std::vector<Bytes> leaves) {
    const protocol::Submit submit = submission(unit, std::move(leaves));
    return ask(daemon(unit), "POST", "/v1/batches", as_bytes(protocol::write_submission(submit)));
}

LogIndex ServedHub::logged_alarm(std::uint16_t number, const std::vector<const char*>& copies) {
    Notice notice = numbered_alarm(number);
    for (const char* const unit : copies) notice.cc.emplace_back(unit);
    Attachment& chart = std::get<Attachment>(notice.attachments.front());
    chart.sha256 = upload("lake", "ten bytes.");
    const LogIndex index = next_index(store.size());
    const Answered answer = submit("lake", {leaf_of(notice)});
    if (answer.status != 200 || store.size().value() != index.value() + 1) {
        throw std::runtime_error(std::string(answer.text()));
    }
    return index;
}

std::shared_ptr<TestSocket> ServedHub::open_stream(const SpiffeId& caller,
                                                   const Digest& certificate) {
    const auto socket = std::make_shared<TestSocket>(asio::make_strand(io));
    const auto serve = [](hub::HttpApi& handler, transport::Peer peer,
                          std::shared_ptr<TestSocket> opened) -> asio::awaitable<void> {
        const transport::RequestHead request;
        const Result<void> served = co_await handler.stream(peer, request, opened);
        const Result<void> closed =
            co_await opened->close(transport::CloseCode::normal, served ? "" : "ended");
        if (!closed) opened->abort();
    };
    asio::co_spawn(socket->executor(), serve(*api, peer_of(caller, certificate), socket),
                   [](const std::exception_ptr&) {});
    return socket;
}

}  // namespace tongbao::testing
