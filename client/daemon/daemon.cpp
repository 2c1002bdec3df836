#include "client/daemon/daemon.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/charter_limits.hpp"
#include "client/daemon/hub_link.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/named_files.hpp"
#include "client/daemon/own_files.hpp"
#include "client/daemon/read_models.hpp"
#include "client/daemon/services.hpp"
#include "crypto/sha256.hpp"
#include "program/blocking.hpp"
#include "program/files.hpp"
#include "program/free_space.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/problem.hpp"
#include "storage/attachment_files.hpp"
#include "storage/rocks_daemon_store.hpp"
#include "transport/completion.hpp"
#include "transport/listener.hpp"
#include "transport/system_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kStopLimit{5};
/// How often the disk's room is looked at when nobody brings work.
constexpr std::chrono::seconds kLookAtDisk{5};
constexpr std::chrono::hours kSweepFiles{1};

class RunningDaemon final : public Daemon {
public:
    RunningDaemon(const DaemonConfig& config, const Clock& clock, program::Logging& logging)
        : config_(config), clock_(clock), logging_(logging) {}

    ~RunningDaemon() override {
        pool_.join();
        if (read_models_) read_models_->join();
    }

    Result<void> open(std::string& words) {
        for (const auto step : {&RunningDaemon::read_charter, &RunningDaemon::read_keys,
                                &RunningDaemon::open_stores, &RunningDaemon::open_socket}) {
            const Result<void> done = (this->*step)(words);
            if (!done) return done.error();
        }
        return {};
    }

    void run() override {
        asio::signal_set signals(io_, SIGINT, SIGTERM);
        signals.async_wait([this, &signals](const boost::system::error_code& error, int) {
            if (error) return;
            stop();
            // Who asks twice does not want to wait.
            signals.async_wait([this](const boost::system::error_code& again, int) {
                if (!again) io_.stop();
            });
        });
        look_at_disk();
        sweep();
        asio::co_spawn(io_, watch_expiry(services_->certificates, clock_, logging_),
                       [](const std::exception_ptr& error) {
                           if (error) std::rethrow_exception(error);
                       });
        asio::signal_set hangups(io_, SIGHUP);
        look_when_asked(hangups);
        asio::co_spawn(io_, watch_files(), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        read_models_->start(io_);
        listener_->start();
        logging_.info("ready",
                      {{"unit", config_.unit.value()}, {"socket", config_.socket.string()}});
        asio::co_spawn(io_, link_->run(),
                       [this](const std::exception_ptr& error) { part_ended("hub link", error); });
        io_.run();
        logging_.info("stopped");
    }

private:
    void stop() {
        logging_.info("stopping");
        stopping_ = true;
        disk_timer_.cancel();
        files_timer_.cancel();
        sweep_timer_.cancel();
        events_.close();
        read_models_->stop();
        link_->stop();
        asio::co_spawn(io_, stop_listening(),
                       [this](const std::exception_ptr& error) { part_ended("listener", error); });
    }

    /// The register as it is known now, on the pool's thread.
    void on_register(const crypto::KeyRegister& keys) {
        if (!keys.head()) return;  // nothing of it was shown yet
        files_->settle(keys);
        enrolled_.set(keys.local_units());
        compromised_.set(std::make_shared<const CompromisedKeys>(compromised_keys(keys)));
        const Result<void> kept = enrolments_->know(files_->public_keys());
        if (!kept) {
            logging_.error("own_keys_not_kept",
                           {{"folder", config_.data.string()},
                            {"consequence", "after a restart they may raise an alarm"}});
        }
        asio::post(io_, [this, unasked = enrolments_->unasked(keys)]() mutable {
            set_unasked(*services_, std::move(unasked));
        });
    }

    /// SIGHUP: the files are looked at now.
    void look_when_asked(asio::signal_set& hangups) {
        hangups.async_wait([this, &hangups](const boost::system::error_code& error, int) {
            if (error) return;
            files_timer_.cancel();
            look_when_asked(hangups);
        });
    }

    /// Takes over what changes in the unit's own files, until the program ends.
    asio::awaitable<void> watch_files() {
        const auto look = [this] {
            const bool waits = files_->look();
            const bool requested = enrolments_->look();
            if (waits || requested) on_register(keys_->keys());
            return Result<void>();
        };
        const auto begin = [this] {
            on_register(keys_->keys());
            return Result<void>();
        };
        static_cast<void>(co_await program::run_blocking(pool_, begin));
        while (!stopping_) {
            files_timer_.expires_after(program::kLookAtFiles);
            // Over or cancelled, it is time.
            static_cast<void>(co_await files_timer_.async_wait(transport::kAsTuple));
            static_cast<void>(co_await program::run_blocking(pool_, look));
        }
    }

    /// The link and the listener: when both have ended, nothing is left to run. An exception goes
    /// on to whoever runs the daemon: without one of them it would seem to work and do nothing.
    void part_ended(const std::string& part, const std::exception_ptr& error) {
        if (error) {
            logging_.error("part_failed", {{"part", part}, {"consequence", "the daemon ends"}});
            std::rethrow_exception(error);
        }
        if (++parts_ended_ == 2) io_.stop();
    }

    /// Now and from time to time: the running log says it when it happens, and what waits for room
    /// goes on.
    void look_at_disk() {
        if (!watermark_.look().full) room_bell_.ring();
        disk_timer_.expires_after(kLookAtDisk);
        disk_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error && !stopping_) look_at_disk();
        });
    }

    /// Now and from time to time, on the worker.
    void sweep() {
        asio::post(pool_, [this] {
            // Files bear the machine's times, whatever clock the daemon judges by.
            static_cast<void>(
                sweep_files(*attachments_, *store_, transport::SystemClock().now(), logging_));
        });
        sweep_timer_.expires_after(kSweepFiles);
        sweep_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error && !stopping_) sweep();
        });
    }

    asio::awaitable<void> stop_listening() {
        const Result<void> stopped = co_await listener_->stop(kStopLimit);
        if (!stopped) {
            logging_.warning("connections_cut",
                             {{"what", "requests at the local API had not ended in time"}});
        }
    }

    Result<void> read_charter(std::string& words) {
        words = config_.charter.string();
        Result<std::string> text = program::read_file(config_.charter, protocol::kMaxCharterBytes);
        if (!text) return text.error();
        protocol::LoadedCharter loaded = protocol::load_charter(*text);
        if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
            words += ": " + reasons->front().place + ": " + reasons->front().explanation;
            return reasons->front().code;
        }
        charter_ = std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)));
        charter_text_ = *std::move(text);
        return {};
    }

    Result<void> read_keys(std::string& words) {
        files_.emplace(config_, TrustDomain(charter_->parts().trust_domain), clock_, logging_);
        const Result<void> opened = files_->open(words);
        if (!opened) return opened.error();
        Result<crypto::VerifierKey> log_key = crypto::VerifierKey::parse(config_.log_key);
        if (!log_key) return log_key.error();
        log_key_.emplace(*std::move(log_key));
        return {};
    }

    /// One that is there already keeps its mode, which its owner chose.
    Result<void> make_data_folder() const {
        namespace fs = std::filesystem;
        std::error_code error;
        if (config_.data.has_parent_path())
            fs::create_directories(config_.data.parent_path(), error);
        if (error) return Errc::storage_failure;
        const bool created = fs::create_directory(config_.data, error);
        if (error) return Errc::storage_failure;
        if (created) fs::permissions(config_.data, fs::perms::owner_all, error);
        if (error) return Errc::storage_failure;
        return {};
    }

    /// A write to the store failed: nobody knows what of it is on disk.
    void end_at_once() {
        logging_.error(
            "store_write_failed",
            {{"consequence", "the daemon ends; start it again to recover what is on disk"}});
        logging_.flush();
        std::abort();
    }

    Result<void> open_stores(std::string& words) {
        words = config_.data.string();
        const Result<void> folder = make_data_folder();
        if (!folder) return folder.error();
        Result<std::unique_ptr<storage::DaemonStore>> store = storage::open_daemon_store(
            config_.data / "database", words, [this](std::string_view fault) {
                logging_.error("storage_fault", {{"words", std::string(fault)}});
            });
        if (!store) return store.error();
        store_ = *std::move(store);
        Result<std::unique_ptr<storage::AttachmentStore>> attachments =
            storage::open_attachment_files(
                config_.data / "attachments",
                [this](std::uint64_t bytes) { return watermark_.admit(bytes); });
        if (!attachments) return attachments.error();
        attachments_ = *std::move(attachments);
        words = (config_.data / "own-keys").string();
        enrolments_.emplace(config_.unit, config_.data / "own-keys", config_.requests, logging_);
        const Result<void> known = enrolments_->open();
        if (!known) return known.error();
        const Result<std::string> pinned = store_->pinned_head();
        if (!pinned) return pinned.error();
        words = "the head of the log that is pinned in " + config_.data.string();
        Result<LogFollower> follower = LogFollower::from_pinned(*log_key_, *pinned);
        if (!follower) return follower.error();
        follower_.emplace(*std::move(follower));
        return {};
    }

    Result<void> open_socket(std::string& words) {
        const auto connect = [this] {
            // One end for the whole connection: another may take its place meanwhile.
            const auto next = [end = files_->tls().next()] { return end; };
            return transport::connect_https({config_.hub_host, config_.hub_port, config_.hub_name},
                                            program::client_side(next, clock_), hub_limits());
        };
        services_.emplace(Services{config_,
                                   clock_,
                                   logging_,
                                   charter_,
                                   crypto::sha256(as_bytes(charter_text_)),
                                   charter_text_,
                                   files_->trust(),
                                   files_->seals(),
                                   files_->tls(),
                                   *log_key_,
                                   connect,
                                   *store_,
                                   *attachments_,
                                   pool_,
                                   outbox_bell_,
                                   settled_bell_,
                                   hub_,
                                   [this] { end_at_once(); },
                                   watermark_,
                                   room_bell_,
                                   events_,
                                   [this] { return files_->certificates(); },
                                   compromised_,
                                   enrolled_,
                                   [this](const crypto::KeyRegister& keys) { on_register(keys); }});
        services_->limits =
            load_charter_limits(*charter_, program::ShippedFiles::beside_this_program(), logging_);
        read_models_.emplace(*services_);
        words = "the copy of the register in " + config_.data.string();
        Result<KeyCopy> keys = KeyCopy::open(*services_);
        if (!keys) return keys.error();
        keys_.emplace(*std::move(keys));
        link_.emplace(*services_, *follower_, *keys_, io_.get_executor());
        peers_.emplace(::geteuid(), config_.api_group, groups_);
        api_.emplace(*services_, *follower_, *peers_);
        words = config_.socket.string();
        transport::Limits limits = hub_limits();
        limits.connections = limits.connections_per_address = limits.connections_per_certificate =
            kMaxLocalConnections;
        const auto error_body = [](unsigned status, Errc errc) {
            return protocol::write_problem(status, errc);
        };
        Result<std::unique_ptr<transport::Listener>> listener = transport::listen_unix(
            io_.get_executor(), config_.socket.string(), 0600, {*api_, limits, error_body, {}});
        if (!listener) return listener.error();
        if (!config_.api_group.empty()) {
            words += ": can't be given to the group " + config_.api_group;
            const Result<void> opened = open_to_group(config_.socket, config_.api_group);
            if (!opened) return opened.error();
        }
        listener_ = *std::move(listener);
        words.clear();
        return {};
    }

    static constexpr std::size_t kMaxLocalConnections = 256;

    const DaemonConfig config_;
    const Clock& clock_;
    program::Logging& logging_;
    const program::DiskSpace space_{config_.data};
    program::SpaceWatermark watermark_{space_, config_.free_space_bytes,
                                       program::log_space(logging_, config_.data)};
    std::shared_ptr<const Charter> charter_;
    std::string charter_text_;
    std::optional<OwnFiles> files_;
    std::optional<OwnEnrolments> enrolments_;
    program::Newest<EnrolledUnits> enrolled_{std::make_shared<const EnrolledUnits>()};
    program::Newest<CompromisedKeys> compromised_{std::make_shared<const CompromisedKeys>()};
    std::optional<crypto::VerifierKey> log_key_;
    std::unique_ptr<storage::DaemonStore> store_;
    std::unique_ptr<storage::AttachmentStore> attachments_;
    std::optional<LogFollower> follower_;
    asio::thread_pool pool_{1};
    /// Outlives what waits for it in `io_`.
    std::optional<ReadModels> read_models_;
    asio::io_context io_{1};
    Bell outbox_bell_{io_.get_executor()};
    SettledBell settled_bell_{io_.get_executor()};
    Bell room_bell_{io_.get_executor()};
    EventFeed events_{io_.get_executor()};
    const SystemGroups groups_{};
    std::optional<PeerCheck> peers_;
    asio::steady_timer disk_timer_{io_};
    asio::steady_timer files_timer_{io_};
    asio::steady_timer sweep_timer_{io_};
    bool stopping_{false};
    HubState hub_;
    std::optional<Services> services_;
    std::optional<KeyCopy> keys_;
    std::optional<HubLink> link_;
    std::optional<LocalApi> api_;
    std::unique_ptr<transport::Listener> listener_;
    int parts_ended_{0};
};

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::open(const DaemonConfig& config, const Clock& clock,
                                             program::Logging& logging, std::string& words) {
    auto daemon = std::make_unique<RunningDaemon>(config, clock, logging);
    const Result<void> opened = daemon->open(words);
    if (!opened) return opened.error();
    return std::unique_ptr<Daemon>(std::move(daemon));
}

}  // namespace tongbao::client
