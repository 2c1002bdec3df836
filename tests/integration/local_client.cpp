#include "tests/integration/local_client.hpp"

#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace tongbao::testing {

LocalClient::LocalClient(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the form of connect(2)
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket_);
        throw std::runtime_error("can't connect to " + path);
    }
}

LocalClient::~LocalClient() {
    ::close(socket_);
}

std::string LocalClient::post(const std::string& target, const std::string& body, int status) {
    return exchange("POST " + target +
                        " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body,
                    status);
}

std::string LocalClient::get(const std::string& target) {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 200);
}

std::string LocalClient::exchange(const std::string& request, int status) {
    for (std::size_t sent = 0; sent < request.size();) {
        const ssize_t count =
            ::send(socket_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) throw std::runtime_error("the daemon takes no request");
        sent += static_cast<std::size_t>(count);
    }
    std::string answer;
    std::size_t end = std::string::npos;
    std::size_t whole = 0;
    while (end == std::string::npos || answer.size() < whole) {
        std::array<char, 16 * 1024> buffer{};
        const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (count <= 0) throw std::runtime_error("the daemon's answer ends in " + answer);
        answer.append(buffer.data(), static_cast<std::size_t>(count));
        if (end != std::string::npos) continue;
        end = answer.find("\r\n\r\n");
        if (end == std::string::npos) continue;
        std::string head = answer.substr(0, end);
        std::transform(head.begin(), head.end(), head.begin(),
                       [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
        const std::string name = "content-length: ";
        const std::size_t length = head.find(name);
        if (length == std::string::npos) throw std::runtime_error("no length in " + head);
        whole = end + 4 + std::stoul(head.substr(length + name.size()));
    }
    if (std::stoi(answer.substr(answer.find(' '))) != status) throw std::runtime_error(answer);
    return answer.substr(end + 4);
}

std::string status_at(const std::string& socket) {
    try {
        return LocalClient(socket).get("/v1/status");
    } catch (const std::runtime_error&) {
        return {};
    }
}

std::vector<std::string> inbox_ids(const std::string& socket) {
    constexpr std::size_t kRows = 1000;
    LocalClient daemon(socket);
    std::vector<std::string> ids;
    std::string before;
    for (;;) {
        const auto page =
            nlohmann::json::parse(daemon.get("/v1/inbox?limit=" + std::to_string(kRows) + before));
        const auto& rows = page.at("notices");
        for (const auto& row : rows) ids.push_back(row.at("id"));
        if (rows.size() < kRows) break;
        before = "&before=" + std::to_string(rows.back().at("index").get<std::uint64_t>());
    }
    std::reverse(ids.begin(), ids.end());
    return ids;
}

}  // namespace tongbao::testing
