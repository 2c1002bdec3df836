#include "tests/client/daemon/daemon_parts.hpp"

#include "protocol/message_codec.hpp"
#include "storage/attachment_files.hpp"

#include <stdexcept>

namespace tongbao::testing {
namespace {

/// The hub's parts own it.
std::shared_ptr<const crypto::StatementSigner> seal_of(HubParts& parts, std::string_view unit) {
    return {std::shared_ptr<void>(), &parts.signers.find(unit)->second};
}

}  // namespace

DaemonParts::DaemonParts(HubParts& parts, std::string_view unit)
    : hub(parts), seals(seal_of(parts, unit)), fake(parts) {
    config.unit = UnitId(std::string(unit));
    config.data = data.path();
    open();
}

DaemonParts::~DaemonParts() {
    pool.join();
}

void DaemonParts::open() {
    std::string words;
    store = must(storage::open_daemon_store(folder.path(), words));
    attachments = must(storage::open_attachment_files(
        files.path(), [this](std::uint64_t bytes) { return watermark.admit(bytes); }));
    socket = std::make_shared<FakeSocket>(io.get_executor());
    const auto connect =
        [this]() -> boost::asio::awaitable<Result<std::unique_ptr<transport::HttpClient>>> {
        co_return fake.connect();
    };
    services.emplace(client::Services{
        config,
        hub.clock,
        logging,
        hub.deployment.charter,
        hub.deployment.charter_digest,
        hub.deployment.charter_text,
        hub.deployment.trust,
        seals,
        tls,
        hub.signer.verifier_key(),
        connect,
        *store,
        *attachments,
        pool,
        outbox_bell,
        settled_bell,
        state,
        [this] { ++store_failures; },
        watermark,
        room_bell,
        events,
        [this] { return certificates; },
        compromised,
        enrolled,
        [this](const crypto::KeyRegister& seen) {
            seals.settle(seen);
            compromised.set(
                std::make_shared<const client::CompromisedKeys>(client::compromised_keys(seen)));
            ++registers_seen;
        }});
    follower.emplace(must(
        client::LogFollower::from_pinned(hub.signer.verifier_key(), must(store->pinned_head()))));
    keys.emplace(must(client::KeyCopy::open(*services)));
}

void DaemonParts::restart() {
    stream.reset();
    keys.reset();
    services.reset();
    store.reset();
    state = {};
    open();
}

void DaemonParts::put_file(const Digest& sha256, const Bytes& bytes) const {
    const auto writer = must(attachments->create(config.unit));
    if (!writer->write(bytes) || !writer->keep(sha256)) throw std::runtime_error("no file");
}

void DaemonParts::put_arrived(const Notice& notice, const protocol::Delivery& delivery,
                              RecipientState acts) const {
    storage::Received received;
    received.batch = delivery.batch;
    received.delivery = protocol::encode(delivery);
    storage::InboxRow row;
    row.index = row.batch = delivery.batch;
    row.id = notice.id.value();
    row.from = notice.from;
    row.kind = notice.kind;
    row.state = acts.bits();
    received.notices = {row};
    must(store->receive(received));
}

void DaemonParts::put_arrived(const Notice& notice, LogIndex index) const {
    protocol::Delivery delivery;
    delivery.batch = index;
    delivery.leaves = {protocol::DeliveredLeaf{index, leaf_of(notice)}};
    put_arrived(notice, delivery);
}

Result<void> DaemonParts::run(boost::asio::awaitable<Result<void>> coroutine) {
    return run<Result<void>>(std::move(coroutine));
}

Errc DaemonParts::serve() {
    stream.emplace(*services, *follower, *keys, retries, socket);
    return to_errc(run(stream->serve()).error());
}

}  // namespace tongbao::testing
