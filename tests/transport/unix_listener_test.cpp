#include "tests/transport/loopback.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

using namespace tongbao;
using namespace tongbao::transport;
using namespace tongbao::transport::testing;

namespace {

/// An empty directory of this process, removed at the end; short, since socket paths are.
class Directory {
public:
    Directory() {
        std::string pattern = "/tmp/tongbao-socket-XXXXXX";
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    Directory(Directory&&) = delete;
    Directory& operator=(Directory&&) = delete;
    ~Directory() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

asio::awaitable<Result<void>> try_echo(std::string path) {
    const auto client = co_await connect_unix(std::move(path), wide_limits());
    if (!client) co_return client.error();
    const ClientRequest request = post_request("/echo", to_bytes("hello"));
    const Result<Response> response = co_await (*client)->exchange(request, 100);
    if (!response) co_return response.error();
    CHECK(as_text(response->body) == "hello");
    CHECK(find_field(response->fields, "Peer") == std::to_string(::getpid()));
    co_return Result<void>();
}

Errc listen_error(const std::string& path) {
    asio::io_context context;
    EchoHandler handler;
    const auto body = [](unsigned, Errc) { return std::string(); };
    const auto listener =
        listen_unix(context.get_executor(), path, 0600, {handler, wide_limits(), body, {}});
    REQUIRE(listener.has_error());
    return to_errc(listener.error());
}

/// Leaves a socket behind that nobody serves.
void leave_dead_socket(const std::string& path) {
    asio::io_context context;
    asio::local::stream_protocol::acceptor acceptor(context, path);
}

}  // namespace

TEST_SUITE("unix sockets") {
    TEST_CASE("the server knows the process at the other end") {
        const Directory directory;
        const Server server(wide_limits(), directory.file("api"), 0600);
        CHECK(run(try_echo(directory.file("api"))).has_value());
    }

    TEST_CASE("the socket has the mode that was asked for") {
        const Directory directory;
        mode_t mode = 0;
        SUBCASE("0600") {
            mode = 0600;
        }
        SUBCASE("0660") {
            mode = 0660;
        }
        const Server server(wide_limits(), directory.file("api"), mode);
        struct stat status {};
        REQUIRE(::stat(directory.file("api").c_str(), &status) == 0);
        CHECK(S_ISSOCK(status.st_mode));
        CHECK((status.st_mode & 07777) == mode);
    }

    TEST_CASE("a socket that is served is left alone") {
        const Directory directory;
        const Server server(wide_limits(), directory.file("api"), 0600);
        CHECK(listen_error(directory.file("api")) == Errc::already_running);
        CHECK(run(try_echo(directory.file("api"))).has_value());
        // Without the lock file the socket itself tells.
        std::filesystem::remove(directory.file("api.lock"));
        CHECK(listen_error(directory.file("api")) == Errc::already_running);
        CHECK(run(try_echo(directory.file("api"))).has_value());
    }

    TEST_CASE("a socket that a dead process left is replaced") {
        const Directory directory;
        leave_dead_socket(directory.file("api"));
        REQUIRE(std::filesystem::is_socket(directory.file("api")));
        const Server server(wide_limits(), directory.file("api"), 0600);
        CHECK(run(try_echo(directory.file("api"))).has_value());
    }

    TEST_CASE("what is no socket is never removed") {
        const Directory directory;
        std::ofstream(directory.file("api")) << "a file";
        CHECK(listen_error(directory.file("api")) == Errc::already_exists);
        CHECK(std::filesystem::is_regular_file(directory.file("api")));
        std::filesystem::create_symlink(directory.file("api"), directory.file("link"));
        CHECK(listen_error(directory.file("link")) == Errc::already_exists);
    }

    TEST_CASE("a path that does not fit a socket is refused") {
        CHECK(listen_error("") == Errc::bad_value);
        CHECK(listen_error("/tmp/" + std::string(103, 'a')) == Errc::bad_value);
    }

    TEST_CASE("nobody there is said as such") {
        const Directory directory;
        CHECK(run(try_echo(directory.file("api"))).error() == Errc::not_running);
        leave_dead_socket(directory.file("api"));
        CHECK(run(try_echo(directory.file("api"))).error() == Errc::not_running);
    }

    TEST_CASE("a stopped server takes its socket away") {
        const Directory directory;
        Server server(wide_limits(), directory.file("api"), 0600);
        CHECK(server.stop(std::chrono::seconds(60)).has_value());
        CHECK(!std::filesystem::exists(directory.file("api")));
    }

    TEST_CASE("a websocket works without TLS too") {
        const Directory directory;
        const Server server(wide_limits(), directory.file("api"), 0600);
        const auto session = [&directory]() -> asio::awaitable<Result<void>> {
            const auto client = co_await connect_unix(directory.file("api"), wide_limits());
            if (!client) co_return client.error();
            const auto socket = co_await (*client)->open_websocket("/socket");
            if (!socket) co_return socket.error();
            const Result<void> written = co_await (*socket)->write(Bytes(5000, 7));
            if (!written) co_return written.error();
            const Result<Bytes> back = co_await (*socket)->read();
            if (!back) co_return back.error();
            CHECK(*back == Bytes(5000, 7));
            const Result<void> closed = co_await (*socket)->close(CloseCode::normal, "");
            co_return closed;
        };
        CHECK(run(session()).has_value());
    }
}
