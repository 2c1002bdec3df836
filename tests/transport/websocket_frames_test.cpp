// Frames that RFC 6455 does not allow, as bytes over TLS, to the hub's side and to the daemon's.

#include "tests/transport/websocket_frames.hpp"

#include "tests/transport/loopback.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::transport;
using namespace tongbao::transport::testing;

namespace {

const std::size_t kLimit = wide_limits().websocket_message_bytes;

/// The server's end of the handshake for the key in `head`. Source: RFC 6455 section 4.2.2.
std::string upgrade_answer(const std::string& head) {
    const std::string name = "Sec-WebSocket-Key: ";
    const std::size_t begin = head.find(name) + name.size();
    const std::string key = head.substr(begin, head.find("\r\n", begin) - begin);
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    Bytes digest(20);
    REQUIRE(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           to_base64(digest) + "\r\n\r\n";
}

/// An open WebSocket, byte by byte.
struct RawSocket : RawClient {
    explicit RawSocket(const Server& server) : RawClient(server) {
        send(kUpgrade + "\r\n");
        REQUIRE(read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
    }

    /// Whether it is served like any other.
    [[nodiscard]] bool echoes() {
        send(Frame{0x82, "unharmed"}.bytes(true));
        const std::string wanted = Frame{0x82, "unharmed"}.bytes(false);
        return read_until(wanted) == wanted;
    }
};

/// What follows every wrong frame, and may no more be looked at.
const std::vector<Frame> kGoodClose{{0x88, close_payload(1000)}};

/// The close code with which the hub answers `frames`, once it has closed.
std::uint16_t answer_to(const Server& server, const std::string& frames) {
    RawSocket peer(server);
    peer.send(frames + bytes_of(kGoodClose, Sender::client));
    return server_close_code(peer.read_all());
}

/// How a client of ours that reads ends when the hub sends `frames`.
Errc read_of(const std::string& frames, std::uint16_t* told) {
    RawServer hub([&frames](const std::string& head) {
        return upgrade_answer(head) + frames + bytes_of(kGoodClose, Sender::server);
    });
    Errc end{};
    const auto session = [&]() -> asio::awaitable<Result<void>> {
        const auto client = co_await connect(hub.port());
        if (!client) co_return client.error();
        const auto socket = co_await (*client)->open_websocket("/socket");
        if (!socket) co_return socket.error();
        for (;;) {
            const Result<Bytes> message = co_await (*socket)->read();
            if (message) continue;
            end = to_errc(message.error());
            co_return Result<void>();
        }
    };
    CHECK(run(session()).has_value());
    *told = client_close_code(hub.received());
    return end;
}

Errc errc_of(std::uint16_t close_code) {
    return close_code == 1009 ? Errc::too_large : Errc::protocol_violation;
}

}  // namespace

TEST_SUITE("frames of a websocket") {
    TEST_CASE("a hub ends a stream at every frame that is not allowed, and harms no other") {
        Server server;
        RawSocket other(server);
        for (const FrameRow& row : forbidden_frames(kLimit)) {
            INFO(row.name, ", ", bytes_of(row.frames, Sender::client).size(), " bytes");
            CHECK(answer_to(server, bytes_of(row.frames, Sender::client)) == row.close_code);
            CHECK(server.comes_to(1));
            CHECK(server.handler().stream_end() == errc_of(row.close_code));
            CHECK(other.echoes());
        }
    }

    TEST_CASE("a hub refuses a frame without a mask, a daemon one with a mask") {
        Server server;
        RawSocket other(server);
        for (const Frame& frame :
             {Frame{0x82, "a"}, Frame{0x82, ""}, Frame{0x89, "a"}, Frame{0x88, ""},
              Frame{0x88, close_payload(1000)}, Frame{0x02, "a"}}) {
            INFO("first byte ", int{frame.first});
            CHECK(answer_to(server, frame.bytes(false)) == 1002);
            CHECK(server.comes_to(1));
            CHECK(server.handler().stream_end() == Errc::protocol_violation);
            CHECK(other.echoes());

            std::uint16_t told = 0;
            CHECK(read_of(frame.bytes(true), &told) == Errc::protocol_violation);
            CHECK(told == 1002);
        }
    }

    TEST_CASE("a daemon ends a stream at every frame of a hub that is not allowed") {
        for (const FrameRow& row : forbidden_frames(kLimit)) {
            INFO(row.name, ", ", bytes_of(row.frames, Sender::server).size(), " bytes");
            std::uint16_t told = 0;
            CHECK(read_of(bytes_of(row.frames, Sender::server), &told) == errc_of(row.close_code));
            CHECK(told == row.close_code);
        }
    }

    TEST_CASE("every sequence of frames that is allowed is served") {
        Server server;
        for (const LegalRow& row : legal_frames(kLimit)) {
            INFO(row.name, ", ", bytes_of(row.frames, Sender::client).size(), " bytes");
            {
                RawSocket peer(server);
                peer.send(bytes_of(row.frames, Sender::client));
                CHECK(peer.read_all() == bytes_of(row.answers, Sender::server));
            }
            CHECK(server.comes_to(0));
            CHECK(server.handler().stream_end() == Errc::connection_closed);
        }
    }

    TEST_CASE("frames are read wherever the input is cut") {
        Server server;
        const LegalRow row = legal_frames(kLimit)[4];
        const std::string bytes = bytes_of(row.frames, Sender::client);
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
            CAPTURE(cut);
            RawSocket peer(server);
            peer.send(std::string_view(bytes).substr(0, cut));
            peer.send(std::string_view(bytes).substr(cut));
            CHECK(peer.read_all() == bytes_of(row.answers, Sender::server));
        }
    }

    TEST_CASE("a flood of pings is answered one by one and hinders no other") {
        Server server;
        RawSocket other(server);
        RawSocket peer(server);
        constexpr int kRounds = 100;
        constexpr int kPings = 100;
        std::string pings;
        std::string pongs;
        for (int i = 0; i < kPings; ++i) {
            const std::string number = std::to_string(i);
            pings += Frame{0x89, number}.bytes(true);
            pongs += Frame{0x8A, number}.bytes(false);
        }
        for (int round = 0; round < kRounds; ++round) {
            peer.send(pings);
            CHECK(peer.read_until(pongs) == pongs);
            CHECK(other.echoes());
        }
        CHECK(peer.echoes());
    }

    TEST_CASE("a peer that floods with pings and takes no answer is cut at the idle limit") {
        Limits limits = wide_limits();
        limits.idle = std::chrono::milliseconds(300);
        Server server(limits);
        RawSocket peer(server);
        // More than the sockets' buffers hold, there and back; sending ends when the hub cuts.
        const std::string ping = Frame{0x89, std::string(125, 'x')}.bytes(true);
        std::string pings;
        for (int i = 0; i < 8000; ++i) pings += ping;
        for (int i = 0; i < 20; ++i) peer.send(pings);
        CHECK(server.comes_to(0));
        CHECK(server.handler().stream_end() != Errc{});
    }

    TEST_CASE("a message that arrives too slowly is given up, whatever trickles in") {
        Limits limits = wide_limits();
        limits.body = std::chrono::milliseconds(300);
        Server server(limits);
        RawSocket peer(server);
        // A thousand bytes are declared; one comes at a time.
        peer.send(Frame{0x82, std::string(1000, 'a')}.bytes(true).substr(0, 9));
        constexpr std::chrono::milliseconds kTrickle(10);
        for (int i = 0; i < 6000 && !server.handler().stream_ended(kTrickle); ++i) peer.send("a");
        CHECK(server.handler().stream_end() == Errc::timed_out);
    }

    TEST_CASE("a message that begins and does not go on is given up, and no other connection") {
        Limits limits = wide_limits();
        limits.body = std::chrono::milliseconds(300);
        // Silence alone ends nothing here.
        limits.idle = std::chrono::minutes(60);
        const std::string piece = Frame{0x02, "a"}.bytes(true);
        const std::pair<const char*, std::string> rows[] = {
            {"part of a frame", Frame{0x82, "abc"}.bytes(true).substr(0, 7)},
            {"the first frame of two", piece},
            {"the first frame and pings", piece + Frame{0x89, "x"}.bytes(true)}};
        for (const auto& [name, begun] : rows) {
            CAPTURE(std::string(name));
            Server server(limits);
            // What it sent came whole, and before the other's: it would be cut before the other.
            RawSocket silent(server);
            CHECK(silent.echoes());
            RawSocket peer(server);
            peer.send(begun);
            CHECK(server.handler().stream_ended(std::chrono::seconds(60)));
            CHECK(server.handler().stream_end() == Errc::timed_out);
            CHECK(silent.echoes());
            CHECK(server.comes_to(1));
        }
    }

    TEST_CASE("who answers no close is gone soon after") {
        // Beast waits for the idle limit, which is long here.
        Limits limits = wide_limits();
        limits.idle = std::chrono::minutes(60);
        limits.handshake = std::chrono::minutes(60);
        Server server(limits);
        const std::pair<Frame, Errc> rows[] = {
            {{0x82 | 0x40, "a"}, Errc::protocol_violation},
            {{0x81, "a"}, Errc::protocol_violation},
            {{0x82, "a", {}, std::uint64_t{1} << 63}, Errc::too_large}};
        for (const auto& [frame, end] : rows) {
            INFO("first byte ", int{frame.first});
            RawSocket peer(server);
            peer.send(frame.bytes(true));
            // To read is not to answer.
            static_cast<void>(peer.read_all());
            CHECK(server.comes_to(0));
            CHECK(server.handler().stream_end() == end);
        }
    }
}
