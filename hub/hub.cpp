#include "hub/hub.hpp"

#include "crypto/note_signer.hpp"
#include "crypto/sha256.hpp"
#include "domain/bytes.hpp"
#include "hub/clock_start.hpp"
#include "hub/head_check.hpp"
#include "hub/http_api.hpp"
#include "hub/register_start.hpp"
#include "hub/server_settings.hpp"
#include "hub/services.hpp"
#include "hub/trust_watch.hpp"
#include "hub/upload_sweep.hpp"
#include "program/blocking.hpp"
#include "program/files.hpp"
#include "program/free_space.hpp"
#include "program/process.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/problem.hpp"
#include "storage/attachment_files.hpp"
#include "storage/rocks_hub_store.hpp"
#include "transport/completion.hpp"
#include "transport/listener.hpp"
#include "transport/system_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using transport::kAsTuple;

constexpr std::size_t kMaxKeyBytes = 4096;
constexpr std::chrono::seconds kStopLimit{10};
/// How long a stream has to hear why it ends.
constexpr std::chrono::seconds kFarewell{1};
/// How often a test deployment compares the clock with what is due: a test moves it by days.
constexpr std::chrono::milliseconds kLookInTests{500};
/// How often the disk's room is looked at when nobody brings work.
constexpr std::chrono::seconds kLookAtDisk{5};
constexpr std::chrono::hours kSweepUploads{1};

/// The hub's parts in the order in which they depend on each other.
class RunningHub final : public Hub {
public:
    RunningHub(const Config& config, const Clock& clock, program::Logging& logging)
        : config_(config), clock_(clock), logging_(logging) {}

    ~RunningHub() override {
        if (sequencer_) sequencer_->stop();
        pool_.join();
    }

    Result<void> open(std::string& words) {
        for (const auto step : {&RunningHub::read_charter, &RunningHub::read_keys,
                                &RunningHub::open_log, &RunningHub::open_port}) {
            const Result<void> done = (this->*step)(words);
            if (!done) return done.error();
        }
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return listener_->port(); }

    void run() override {
        asio::signal_set signals(io_, SIGINT, SIGTERM);
        signals.async_wait([this](const boost::system::error_code& error, int) {
            if (error) return;
            logging_.info("stopping");
            asio::co_spawn(io_, stop_listening(),
                           [this](const std::exception_ptr&) { io_.stop(); });
        });
        asio::signal_set hangups(files_strand_, SIGHUP);
        look_when_asked(hangups);
        asio::co_spawn(files_strand_, watch_files(), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        look_at_disk();
        sweep_later();
        listener_->start();
        logging_.info("ready", {{"address", config_.address},
                                {"port", std::to_string(port())},
                                {"log", deployment_.origin.value()},
                                {"size", std::to_string(store_->size().value())}});
        std::thread second([this] { io_.run(); });
        io_.run();
        second.join();
        sequencer_->stop();
        logging_.info("stopped", {{"size", std::to_string(store_->size().value())}});
    }

private:
    Result<void> read_charter(std::string& words) {
        words = config_.charter.string();
        Result<std::string> text = program::read_file(config_.charter, protocol::kMaxCharterBytes);
        if (!text) return text.error();
        protocol::LoadedCharter loaded = protocol::load_charter(*text);
        if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
            words += ": " + reasons->front().place + ": " + reasons->front().explanation + " (" +
                     std::to_string(reasons->size()) +
                     " in all: `tongbao charter check` lists them)";
            return reasons->front().code;
        }
        deployment_.charter = std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)));
        deployment_.charter_digest = crypto::sha256(as_bytes(*text));
        deployment_.charter_text = *std::move(text);
        const std::string& domain = deployment_.charter->parts().trust_domain;
        deployment_.trust_domain = TrustDomain(domain);
        deployment_.origin = LogOrigin("hub." + domain + "/log");
        Result<std::shared_ptr<const ClockRules>> rules = load_clock_rules(
            *deployment_.charter, program::ShippedFiles::beside_this_program(), words);
        if (!rules) return rules.error();
        clock_rules_ = *std::move(rules);
        deployment_.zone = clock_rules_->zone;
        return {};
    }

    Result<void> read_keys(std::string& words) {
        watch_.emplace(config_, deployment_, ends_, clock_, logging_);
        Result<program::TlsMaterial> material =
            program::read_tls_files(config_.tls, deployment_.trust_domain, words);
        if (!material) return material.error();
        Result<program::TlsEnd> end = program::make_server_end(*material, clock_);
        if (!end) return end.error();
        deployment_.trust.set(material->trust);
        ends_.set(std::make_shared<const program::TlsEnd>(*std::move(end)));
        words = config_.log_key.string();
        Result<std::string> text = program::read_secret_file(config_.log_key, kMaxKeyBytes);
        if (!text) return text.error();
        Result<crypto::NoteSigner> signer = crypto::NoteSigner::parse_private_key(
            std::string_view(*text).substr(0, text->find('\n')));
        crypto::wipe_memory(std::span<char>(*text));
        if (!signer) return signer.error();
        if (signer->verifier_key().name() != deployment_.origin.value()) {
            words += ": the key is for " + signer->verifier_key().name() + ", the log is " +
                     deployment_.origin.value();
            return Errc::bad_key;
        }
        signer_.emplace(*std::move(signer));
        return {};
    }

    Result<void> open_log(std::string& words) {
        std::error_code error;
        std::filesystem::create_directories(config_.data, error);
        words = config_.data.string();
        if (error) return Errc::storage_failure;
        std::filesystem::permissions(config_.data, std::filesystem::perms::owner_all, error);
        if (error) {
            logging_.warning("data_folder_open_to_others",
                             {{"folder", config_.data.string()},
                              {"words", error.message()},
                              {"do", "let only the hub's user read it: chmod 0700"}});
        }
        // Any thread may meet a damaged record, now and later.
        const auto report = [this](std::string_view fault) {
            logging_.error("storage_fault", {{"words", std::string(fault)}});
            const std::lock_guard lock(fault_mutex_);
            last_fault_ = fault;
        };
        Result<std::unique_ptr<storage::HubStore>> store =
            storage::open_hub_store(config_.data / "database", words, report);
        if (!store) return store.error();
        store_ = *std::move(store);
        Result<std::unique_ptr<storage::HeadFile>> head_file =
            storage::HeadFile::open(config_.head.value_or(config_.data / "head"));
        if (!head_file) {
            words = "the head file";
            return head_file.error();
        }
        head_file_ = *std::move(head_file);
        Result<std::unique_ptr<MerkleLog>> tree = MerkleLog::open(*store_);
        if (!tree) {
            const std::lock_guard lock(fault_mutex_);
            words = last_fault_.empty() ? "the entries and tiles of the log do not have the root "
                                          "of its checkpoint: the database was altered or damaged"
                                        : last_fault_;
            return tree.error();
        }
        tree_ = *std::move(tree);
        const Result<void> checked =
            check_head(*tree_, *head_file_, signer_->verifier_key(), words);
        if (!checked) return checked.error();
        return open_register(words);
    }

    Result<void> open_register(std::string& words) {
        LogParts log{*store_, *head_file_, *tree_, head_, *signer_};
        const Result<void> shown = show_head(log, deployment_.origin);
        if (!shown) return shown.error();
        Result<crypto::KeyRegister> keys = replay_register(*store_, words);
        if (!keys) return keys.error();
        deployment_.keys.set(std::make_shared<const crypto::KeyRegister>(*std::move(keys)));
        const Result<void> current =
            bring_register_up_to_date(deployment_, log, config_.enrolled, clock_, words);
        if (!current) return current.error();
        const Result<UtcTime> last = last_entry_time(*store_);
        if (!last) return last.error();
        const Result<void> clocks = open_clocks(deployment_, clock_rules_, *store_,
                                                std::max(*last, clock_.now()), logging_);
        if (!clocks) return clocks.error();
        notices_.emplace(*store_);
        Result<std::unique_ptr<storage::AttachmentStore>> attachments =
            storage::open_attachment_files(config_.data / "attachments", room());
        if (!attachments) return attachments.error();
        attachments_ = *std::move(attachments);
        words = (config_.data / "attachments").string();
        const Result<void> swept = sweep();
        if (!swept) return swept.error();
        admission_.emplace(deployment_, *attachments_, clock_);
        sequencer_.emplace(
            deployment_, log, *notices_, clock_, *last, logging_,
            [this](const std::set<UnitId>& units) { bell_.ring(units); },
            SequencerSettings{.refusals_per_hour = config_.refused_entries_per_hour,
                              .room = room(),
                              .logged = [this](const Notice& notice) { uploads_.named_by(notice); },
                              .clock_told = log_clocks(logging_),
                              .look_every = config_.test_deployment ? kLookInTests : kLookAtDue});
        return {};
    }

    Result<void> open_port(std::string& words) {
        services_.emplace(Services{deployment_, *store_, *attachments_, *tree_, head_, *notices_,
                                   *admission_, *sequencer_, bell_, streams_, pool_, logging_,
                                   uploads_, clock_});
        api_.emplace(*services_);
        const auto admit = [this](const crypto::Certificate& certificate) {
            return may_connect(*deployment_.keys.get(), certificate.digest());
        };
        words = config_.address + ':' + std::to_string(config_.port);
        const std::size_t connections =
            connections_that_fit(config_.connections, program::descriptor_limit());
        if (connections < config_.connections) {
            logging_.warning("connections_lowered",
                             {{"connections", std::to_string(connections)},
                              {"reason", "the process may not open more files (ulimit -n)"}});
        }
        const auto error_body = [](unsigned status, Errc errc) {
            return protocol::write_problem(status, errc);
        };
        Result<std::unique_ptr<transport::Listener>> listener = transport::listen_tls(
            io_.get_executor(), config_.address, config_.port,
            program::server_side(ends_, clock_, admit),
            {*api_, limits_of(config_, connections), error_body, hooks_to(logging_)});
        if (!listener) return listener.error();
        listener_ = *std::move(listener);
        words.clear();
        return {};
    }

    std::function<Result<void>(std::uint64_t)> room() {
        return [this](std::uint64_t bytes) { return watermark_.admit(bytes); };
    }

    /// Now and from time to time, so that the running log says it when it happens.
    void look_at_disk() {
        static_cast<void>(watermark_.look());
        disk_timer_.expires_after(kLookAtDisk);
        disk_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) look_at_disk();
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

    /// Takes over what changes in the files, and ends the connections of certificates that do not
    /// count any more: streams are told why, then all are cut. Until the program ends.
    asio::awaitable<void> watch_files() {
        const auto may_stay = [this](const Digest& certificate) {
            return watch_->may_stay(certificate);
        };
        const auto look = [this] {
            watch_->look(*sequencer_);
            return Result<void>();
        };
        for (;;) {
            files_timer_.expires_after(program::kLookAtFiles - kFarewell);
            // Over or cancelled, it is time.
            static_cast<void>(co_await files_timer_.async_wait(kAsTuple));
            static_cast<void>(co_await program::run_blocking(pool_, look));
            streams_.end_unless(may_stay);
            files_timer_.expires_after(kFarewell);
            static_cast<void>(co_await files_timer_.async_wait(kAsTuple));
            listener_->cut_unless(may_stay);
        }
    }

    /// Also counts what was uploaded before this start.
    Result<void> sweep() {
        const Result<storage::Swept> swept =
            sweep_uploads(*attachments_, *store_, uploads_, machine_clock_.now());
        if (!swept) return swept.error();
        if (swept->files > 0) {
            logging_.info("unnamed_uploads_removed",
                          {{"files", std::to_string(swept->files)},
                           {"mib", std::to_string(swept->bytes / kMebibyte)},
                           {"reason", "no notice named them within a day"}});
        }
        return {};
    }

    /// From time to time, on a worker.
    void sweep_later() {
        sweep_timer_.expires_after(kSweepUploads);
        sweep_timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            asio::post(pool_, [this] {
                const Result<void> swept = sweep();
                if (swept) return;
                logging_.error("unnamed_uploads_not_removed",
                               {{"code", std::string(code(to_errc(swept.error())))},
                                {"consequence", "it is tried again within the hour"}});
            });
            sweep_later();
        });
    }

    asio::awaitable<void> stop_listening() {
        const Result<void> stopped = co_await listener_->stop(kStopLimit);
        if (!stopped) {
            logging_.warning("connections_cut", {{"what", "requests had not ended in time"}});
        }
    }

    const Config config_;
    const Clock& clock_;
    program::Logging& logging_;
    const program::DiskSpace space_{config_.data};
    program::SpaceWatermark watermark_{space_, config_.free_space_bytes,
                                       program::log_space(logging_, config_.data)};
    /// Files bear its times, whatever clock the hub judges by.
    const transport::SystemClock machine_clock_;
    UploadLedger uploads_{machine_clock_, config_.unnamed_upload_bytes};
    std::mutex fault_mutex_;
    std::string last_fault_;

    Deployment deployment_;
    std::shared_ptr<const ClockRules> clock_rules_;
    program::Newest<program::TlsEnd> ends_;
    std::optional<TrustWatch> watch_;
    std::optional<crypto::NoteSigner> signer_;
    std::unique_ptr<storage::HubStore> store_;
    std::unique_ptr<storage::HeadFile> head_file_;
    std::unique_ptr<storage::AttachmentStore> attachments_;
    std::unique_ptr<MerkleLog> tree_;
    LogHead head_;
    std::optional<NoticeIndex> notices_;
    std::optional<Admission> admission_;
    MailBell bell_;
    OpenStreams streams_;
    std::optional<Sequencer> sequencer_;
    asio::thread_pool pool_{2};
    asio::io_context io_;
    asio::steady_timer disk_timer_{io_};
    asio::strand<asio::io_context::executor_type> files_strand_{asio::make_strand(io_)};
    asio::steady_timer files_timer_{files_strand_};
    asio::steady_timer sweep_timer_{io_};
    std::optional<Services> services_;
    std::optional<HttpApi> api_;
    std::unique_ptr<transport::Listener> listener_;
};

}  // namespace

Result<std::unique_ptr<Hub>> Hub::open(const Config& config, const Clock& clock,
                                       program::Logging& logging, std::string& words) {
    auto hub = std::make_unique<RunningHub>(config, clock, logging);
    const Result<void> opened = hub->open(words);
    if (!opened) return opened.error();
    return std::unique_ptr<Hub>(std::move(hub));
}

}  // namespace tongbao::hub
