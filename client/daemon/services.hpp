#pragma once

#include "client/auditor/compromised_keys.hpp"
#include "client/daemon/bell.hpp"
#include "client/daemon/charter_limits.hpp"
#include "client/daemon/config.hpp"
#include "client/daemon/events.hpp"
#include "client/daemon/expiry.hpp"
#include "client/daemon/own_enrolments.hpp"
#include "client/daemon/read_notices.hpp"
#include "client/daemon/recent_count.hpp"
#include "client/daemon/seal_keys.hpp"
#include "client/daemon/tls_keys.hpp"
#include "client/daemon/tray_memory.hpp"
#include "crypto/key_register.hpp"
#include "crypto/statement.hpp"
#include "crypto/trust_store.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"
#include "domain/reach.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "program/free_space.hpp"
#include "program/logging.hpp"
#include "program/newest.hpp"
#include "storage/attachment_store.hpp"
#include "storage/daemon_store.hpp"
#include "transport/http_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

class LedgerDesk;
class SearchDesk;

/// How many reminders there were at a look.
struct RemindedCount {
    std::uint64_t reminders{0};
    /// In the office's tray; 0 elsewhere.
    std::uint64_t drafts{0};
    UtcTime at{};
};

/// How the daemon stands with its hub, for whoever asks.
struct HubState {
    bool connected{false};
    /// Why the last connection ended or was not made, or why the last batch was not sent or taken;
    /// empty after a success.
    std::string last_error;
    /// Set when the hub showed a log that can't be the one known, or a delivery or an answer that
    /// does not verify: it stays until the daemon is started anew, after a person looked.
    std::string alarm;
    /// Why the hub takes no batches, since it last took one: said in the running log once.
    std::optional<Errc> refused{};
    /// How far the hub's clock is ahead of this computer's, as far as the log shows it (behind if
    /// negative); none while they agree (clock_check.hpp).
    std::optional<std::chrono::milliseconds> clock_ahead{};
    /// Keys in force for this unit that it did not ask for, in log order.
    std::vector<UnaskedKey> unasked{};
    /// Notices and acts that were delivered and stored, and those that the hub answered.
    RecentCount received{};
    RecentCount answered{};
    /// What the unit's posts were last seen to be reminded of; none before the first look.
    std::optional<RemindedCount> reminded{};
};

/// What to do about Errc::storage_full at the local API.
inline constexpr std::string_view kMakeRoom =
    "make room on the disk of this unit's daemon, then do it again";

/// Makes a connection to the hub. Errors: those of transport::connect_https.
using HubConnector =
    std::function<boost::asio::awaitable<Result<std::unique_ptr<transport::HttpClient>>>()>;

/// What the daemon's parts share. All coroutines run on one thread; what blocks goes to `pool`,
/// whose threads touch only what is thread-safe (the stores, the keys, the charter).
struct Services {
    const DaemonConfig& config;
    const Clock& clock;
    program::Logging& logging;
    std::shared_ptr<const Charter> charter;
    Digest charter_digest;
    std::string charter_text;
    const program::Newest<crypto::TrustStore>& trust;
    const SealKeys& seals;
    TlsKeys& tls;
    crypto::VerifierKey log_key;
    HubConnector connect;
    storage::DaemonStore& store;
    storage::AttachmentStore& attachments;
    boost::asio::thread_pool& pool;
    /// Rung when something entered the outbox.
    Bell& outbox_bell;
    /// Rung when something left the outbox.
    SettledBell& settled_bell;
    HubState& hub;
    /// Ends the process: see store_write.hpp. From any thread.
    std::function<void()> store_failed;
    /// The room on the disk: asked before new work is taken.
    program::SpaceWatermark& space;
    /// Rung when the disk may have room again.
    Bell& room_bell;
    /// Told what happens, for the readers of GET /v1/events.
    EventFeed& events;
    /// What this daemon shows and signs with, or will. From any thread.
    std::function<std::vector<OwnCertificate>()> certificates;
    /// The keys that others may have had, as the register says now.
    const program::Newest<CompromisedKeys>& compromised;
    /// The local units that are enrolled, as the register says now.
    const program::Newest<EnrolledUnits>& enrolled;
    /// Told of the register each time the hub has shown it; called by the pool.
    std::function<void(const crypto::KeyRegister&)> register_seen;
    /// What the notices say that were handed over and wait to be sent.
    std::unique_ptr<ReadNotices> read_notices{std::make_unique<ReadNotices>()};
    /// For the office's tray.
    std::unique_ptr<TrayMemory> tray{
        std::make_unique<TrayMemory>(config.data / "discarded-drafts")};
    /// By what limits are counted here; nullptr where the charter's zone is not known.
    std::shared_ptr<const CharterLimits> limits{};
    /// The case ledger; nullptr where none is kept, as in a test of other parts.
    LedgerDesk* ledger{nullptr};
    /// What can be found; nullptr where there is no index, as in a test of other parts.
    SearchDesk* search{nullptr};
};

}  // namespace tongbao::client
