#pragma once

#include "hub/caller.hpp"
#include "hub/services.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tongbao::hub {

/// The log in the tlog-tiles layout, and its register entries.
class LogApi {
public:
    explicit LogApi(Services& services) : services_(services) {}

    /// `GET /log/<path>`: `checkpoint`, `tile/<L>/<N>[.p/<W>]`, and for those who may read the log
    /// `tile/entries/<N>[.p/<W>]`. A tile is served for every width up to what the newest
    /// checkpoint covers. Source: C2SP tlog-tiles 0.1.0.
    [[nodiscard]] boost::asio::awaitable<transport::Response> log(const Caller& caller,
                                                                  std::string path) const;

    /// `GET /v1/register`: every register entry with its index, for all; with `?after=<index>`
    /// those behind that place.
    [[nodiscard]] boost::asio::awaitable<transport::Response> register_entries(
        std::optional<LogIndex> after) const;

    /// `GET /v1/charter`: the charter's file, byte for byte.
    [[nodiscard]] transport::Response charter() const;

    /// `GET /v1/status`: the log's name and size, the charter in force, the caller as the hub sees
    /// him.
    [[nodiscard]] transport::Response status(const Caller& caller) const;

private:
    [[nodiscard]] transport::Response tile(const Caller& caller, std::string_view path) const;

    Services& services_;
};

}  // namespace tongbao::hub
