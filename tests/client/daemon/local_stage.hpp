#pragma once

#include "client/daemon/local_api.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The local API of a daemon, asked without a socket.
namespace tongbao::testing {

using namespace client;
namespace asio = boost::asio;

class GivenBody final : public transport::BodyReader {
public:
    explicit GivenBody(Bytes bytes);
    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override;

private:
    Bytes rest_;
};

/// Keeps the answer.
class Answered final : public transport::Responder {
public:
    transport::Response response;
    /// Called with each piece of the body; its error is the connection's.
    std::function<Result<void>(std::string_view)> on_piece;

    asio::awaitable<Result<void>> send(transport::Response whole) override;
    asio::awaitable<Result<void>> begin(unsigned status, transport::Fields fields,
                                        std::optional<std::uint64_t> length) override;
    asio::awaitable<Result<void>> write(BytesView piece) override;
    asio::awaitable<Result<void>> finish() override;
    [[nodiscard]] bool begun() const noexcept override { return false; }
};

/// Dike's daemon, to which lake's alarm came as entry 7.
struct Asking {
    StartedHub hub;
    DaemonParts daemon{hub, "dike"};
    /// The group `clerks` has the user 4711 in it.
    struct Clerks final : LocalGroups {
        [[nodiscard]] bool contains(const std::string& group,
                                    const transport::LocalPeer& peer) const override {
            return group == "clerks" && peer.uid == 4711;
        }
    };
    Clerks groups;
    PeerCheck peers{1000, "clerks", groups};
    LocalApi api{*daemon.services, *daemon.follower, peers};
    transport::Peer caller{"unix:uid=1000", transport::LocalPeer{1000, 1000, 1}};

    Asking();
    ~Asking();
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

    void arrives(const Notice& notice, std::uint64_t index);

    transport::Response ask(const std::string& method, const std::string& target,
                            const std::string& body = {});
    /// The answer to `target`, held against what the OpenAPI document says of `path`.
    nlohmann::json checked(const char* method, const std::string& path, const std::string& target,
                           unsigned status = 200);
    static nlohmann::json body_of(const transport::Response& response);
};

}  // namespace tongbao::testing
