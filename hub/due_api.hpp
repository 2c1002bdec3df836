#pragma once

#include "hub/caller.hpp"
#include "hub/services.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace tongbao::hub {

/// What is owed, and until when.
class DueApi {
public:
    explicit DueApi(Services& services) : services_(services) {}

    /// `GET /v1/due?unit=&until=&after=`: the clocks that are waited for and that the caller has a
    /// part in: of notices that its unit received or sent; for the office all but those of kinds
    /// that it is not to know of. 400 for a query that can't be read; 404 for log auditors, whom
    /// the log tells.
    [[nodiscard]] boost::asio::awaitable<transport::Response> due(const Caller& caller,
                                                                  std::string target) const;

private:
    Services& services_;
};

}  // namespace tongbao::hub
