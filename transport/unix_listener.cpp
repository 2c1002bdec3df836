#include "transport/accept_loop.hpp"
#include "transport/listener.hpp"
#include "transport/unix_stream.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tongbao::transport {
namespace {

using Local = asio::local::stream_protocol;
using LocalAcceptor = asio::basic_socket_acceptor<Local>;

/// All peers of a Unix socket count as one address.
constexpr const char* kAddress = "unix";

/// A file that is locked while the server lives. Two servers that start at once could each take
/// the other's new socket for a dead one; of the lock there is only one.
class LockFile {
public:
    /// Errors: Errc::already_running if another process holds it; Errc::connection_failed.
    static Result<std::unique_ptr<LockFile>> take(const std::string& path) {
        const int descriptor =
            ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
        if (descriptor < 0) return Errc::connection_failed;
        auto lock = std::make_unique<LockFile>(descriptor);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
        return errno == EWOULDBLOCK ? Errc::already_running : Errc::connection_failed;
    }

    explicit LockFile(int descriptor) noexcept : descriptor_(descriptor) {}
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    LockFile(LockFile&&) = delete;
    LockFile& operator=(LockFile&&) = delete;
    ~LockFile() { ::close(descriptor_); }

private:
    int descriptor_;
};

/// Makes `path` free: nothing is there, or a socket that nobody serves is removed.
///
/// Errors: Errc::already_running, Errc::already_exists, Errc::connection_failed.
Result<void> clear_path(const asio::any_io_executor& executor, const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno != ENOENT) return Errc::connection_failed;
        return {};
    }
    if (!S_ISSOCK(status.st_mode)) return Errc::already_exists;
    Local::socket probe(executor);
    boost::system::error_code error;
    probe.open(Local(), error);
    // A live server with a full queue must not hold us.
    if (!error) probe.non_blocking(true, error);
    if (error) return Errc::connection_failed;
    probe.connect(Local::endpoint(path), error);
    if (error != asio::error::connection_refused) return Errc::already_running;
    if (::unlink(path.c_str()) != 0) return Errc::connection_failed;
    return {};
}

class UnixListener final : public Listener {
public:
    UnixListener(std::shared_ptr<ServerState> server, std::shared_ptr<LocalAcceptor> acceptor,
                 std::unique_ptr<LockFile> lock, std::string path)
        : server_(std::move(server)),
          acceptor_(std::move(acceptor)),
          lock_(std::move(lock)),
          path_(std::move(path)) {}

    void start() override {
        const auto serve = [server = server_](Local::socket socket) {
            const Result<std::uint64_t> number = server->table.admit(kAddress);
            if (number) {
                start_connection(server, *number, make_unix_stream(std::move(socket)), kAddress);
            } else if (server->settings.hooks.on_refused) {
                const Errc errc = to_errc(number.error());
                server->settings.hooks.on_refused(kAddress, errc, sentence(errc));
            }
        };
        start_accepting<Local>(server_, acceptor_, serve);
    }

    asio::awaitable<Result<void>> stop(std::chrono::milliseconds within) override {
        // Nobody shall find a socket that is not served any more. If this fails, the next server
        // finds a dead socket and replaces it.
        const int removed = ::unlink(path_.c_str());
        static_cast<void>(removed);
        return stop_server<Local>(server_, acceptor_, within);
    }

    void cut_unless(const std::function<Result<void>(const Digest&)>& keep) override {
        cut_connections(*server_, keep);
    }

    [[nodiscard]] std::uint16_t port() const noexcept override { return 0; }
    [[nodiscard]] std::size_t connections() const override { return server_->table.size(); }

private:
    std::shared_ptr<ServerState> server_;
    std::shared_ptr<LocalAcceptor> acceptor_;
    std::unique_ptr<LockFile> lock_;
    std::string path_;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen_unix(const asio::any_io_executor& executor,
                                              const std::string& path, mode_t mode,
                                              ServerSettings settings) {
    if (path.empty() || path.size() > kMaxSocketPath) return Errc::bad_value;
    Result<std::unique_ptr<LockFile>> lock = LockFile::take(path + ".lock");
    if (!lock) return lock.error();
    const Result<void> cleared = clear_path(executor, path);
    if (!cleared) return cleared.error();

    const auto server = std::make_shared<ServerState>(executor, std::move(settings));
    const auto acceptor = std::make_shared<LocalAcceptor>(server->strand);
    boost::system::error_code error;
    acceptor->open(Local(), error);
    if (!error) acceptor->bind(Local::endpoint(path), error);
    if (error) return Errc::connection_failed;
    // Before listen() every connection is refused: there is no moment with other rights.
    if (::chmod(path.c_str(), mode) != 0) return Errc::connection_failed;
    acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error) return Errc::connection_failed;
    return std::unique_ptr<Listener>(
        std::make_unique<UnixListener>(server, acceptor, *std::move(lock), path));
}

}  // namespace tongbao::transport
