#pragma once

#include "client/daemon/hub_stream.hpp"
#include "domain/bytes.hpp"
#include "domain/recipient_state.hpp"
#include "protocol/json_writer.hpp"
#include "storage/rocks_daemon_store.hpp"
#include "tests/client/daemon/fake_hub.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/support/fake_space.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// A unit's daemon without network: its own database in a temporary folder, and a hub that says
/// what the test lets it say.
struct DaemonParts {
    /// `hub` outlives the object and is started.
    DaemonParts(HubParts& hub, std::string_view unit);
    ~DaemonParts();

    /// Runs a coroutine to its end and gives what it gave.
    template <typename T>
    T run(boost::asio::awaitable<T> coroutine) {
        std::optional<T> result;
        const auto keep = [&result](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        };
        boost::asio::co_spawn(io, std::move(coroutine), keep);
        io.restart();
        io.run();
        return *std::move(result);
    }

    /// The same, compiled once: what nearly every test runs.
    Result<void> run(boost::asio::awaitable<Result<void>> coroutine);

    /// Serves a stream over `socket` until it ends. Why it did.
    Errc serve();

    /// Keeps a file of the unit's under this digest, whatever is in it.
    void put_file(const Digest& sha256, const Bytes& bytes) const;

    /// Stores a delivery that begins with this notice, as if it had been checked.
    void put_arrived(const Notice& notice, const protocol::Delivery& delivery,
                     RecipientState acts = {}) const;
    /// The same of a delivery of nothing else.
    void put_arrived(const Notice& notice, LogIndex index) const;

    /// As after a restart: what is on disk, nothing else.
    void restart();

    HubParts& hub;
    storage::TemporaryFolder folder;
    storage::TemporaryFolder data;
    client::DaemonConfig config;
    program::Logging logging{"test", program::LogLevel::error};
    std::unique_ptr<storage::DaemonStore> store;
    storage::TemporaryFolder files;
    std::unique_ptr<storage::AttachmentStore> attachments;
    boost::asio::thread_pool pool{1};
    boost::asio::io_context io{1};
    client::Bell outbox_bell{io.get_executor()};
    client::SettledBell settled_bell{io.get_executor()};
    client::Bell room_bell{io.get_executor()};
    client::EventFeed events{io.get_executor()};
    client::SealKeys seals;
    client::TlsKeys tls;
    std::vector<client::OwnCertificate> certificates;
    program::Newest<client::CompromisedKeys> compromised{
        std::make_shared<const client::CompromisedKeys>()};
    program::Newest<EnrolledUnits> enrolled{std::make_shared<const EnrolledUnits>()};
    int registers_seen{0};
    /// A disk with room for whatever a test keeps.
    FakeSpace space{1024 * kMebibyte};
    /// Told when the disk is found full, and to have room again.
    program::SpaceWatermark::Tell space_told;
    program::SpaceWatermark watermark{space, kMebibyte, [this](const program::SpaceState& seen) {
                                          if (space_told) space_told(seen);
                                      }};
    client::HubState state;
    int store_failures{0};
    FakeHub fake;
    std::shared_ptr<FakeSocket> socket;
    std::optional<client::Services> services;
    std::optional<client::LogFollower> follower;
    std::optional<client::KeyCopy> keys;
    client::Retries retries;
    std::optional<client::HubStream> stream;

private:
    void open();
};

}  // namespace tongbao::testing
