#pragma once

#include "hub/caller.hpp"
#include "hub/services.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace tongbao::hub {

/// The register of dispatches: to whom the hub delivers nothing, and how notices went there.
class DispatchApi {
public:
    explicit DispatchApi(Services& services) : services_(services) {}

    /// `GET /v1/dispatches?state=&after=&known_size=`: the items of what the caller's unit sent;
    /// for the office those of all units but of kinds that it is not to know of. Each with the
    /// entries that speak of it, proved under the checkpoint that comes along, and with the acts'
    /// exact bytes for the sender, and for the office where it sees all of the kind. 400 for a
    /// query that can't be read; 404 for log auditors, whom the log tells.
    [[nodiscard]] boost::asio::awaitable<transport::Response> list(const Caller& caller,
                                                                   std::string target) const;

    /// `GET /v1/dispatches/count`: how many of them are open, and how many are registered without
    /// evidence: at most kMostCounted of each are counted.
    [[nodiscard]] boost::asio::awaitable<transport::Response> count(const Caller& caller) const;

    static constexpr std::size_t kMostCounted = 1000;

private:
    Services& services_;
};

}  // namespace tongbao::hub
