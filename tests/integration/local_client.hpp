#pragma once

#include <string>
#include <vector>

namespace tongbao::testing {

/// A connection to a daemon's Unix socket that is kept for one request after the other: what a
/// program does that hands over thousands of notices. For one thread. Throws std::runtime_error if
/// the daemon does not answer.
class LocalClient {
public:
    explicit LocalClient(const std::string& socket);
    ~LocalClient();
    LocalClient(const LocalClient&) = delete;
    LocalClient& operator=(const LocalClient&) = delete;
    LocalClient(LocalClient&&) = delete;
    LocalClient& operator=(LocalClient&&) = delete;

    /// `POST target` with a JSON body; the body of the answer, which must have `status`.
    std::string post(const std::string& target, const std::string& body, int status);
    /// `GET target`; the body of the answer, which must have the status 200.
    std::string get(const std::string& target);

private:
    std::string exchange(const std::string& request, int status);

    int socket_{-1};
};

/// What the daemon at `socket` says of itself (GET /v1/status); empty if none answers there. Costs
/// less than the command.
[[nodiscard]] std::string status_at(const std::string& socket);

/// The ids in the inbox of the daemon at `socket`, oldest first.
[[nodiscard]] std::vector<std::string> inbox_ids(const std::string& socket);

}  // namespace tongbao::testing
