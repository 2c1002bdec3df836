#pragma once

#include "transport/http_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace tongbao::bench {

/// How large connections of the load generator may get: as the programs' own.
[[nodiscard]] transport::Limits limits();

/// A connection to a daemon's local API, made when it is first used.
class Local {
public:
    explicit Local(std::string socket) : socket_(std::move(socket)) {}

    /// Throws std::runtime_error, with the answer, unless its status is `expected`.
    [[nodiscard]] boost::asio::awaitable<nlohmann::json> ask(std::string method, std::string target,
                                                             std::string body, unsigned expected);

private:
    std::string socket_;
    std::unique_ptr<transport::HttpClient> client_;
};

/// Drafts of notices of about a kilobyte, from `first` on, to `to`: one as an object of its own,
/// several as an array.
[[nodiscard]] std::string drafts(const std::vector<std::string>& to, std::size_t first,
                                 std::size_t count);

/// The text of their one field, which gives a notice its size.
[[nodiscard]] std::string summary_text(std::size_t number);

}  // namespace tongbao::bench
