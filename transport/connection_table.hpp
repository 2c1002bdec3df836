#pragma once

#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "transport/limits.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

// Private to transport.

namespace tongbao::transport {

class HttpConnection;

/// The connections of one server, counted against its caps. Any thread.
class ConnectionTable {
public:
    explicit ConnectionTable(const Limits& limits) : limits_(limits) {}

    /// Counts a new connection from `address`; gives its number.
    ///
    /// Errors: Errc::too_many_requests beyond Limits::connections or connections_per_address, or if
    /// too many of this address have not shown yet who they are.
    [[nodiscard]] Result<std::uint64_t> admit(const std::string& address);

    /// Tells that connection `number` has shown who it is, and its certificate; none if the kernel
    /// said it.
    ///
    /// Errors: Errc::too_many_requests beyond Limits::connections_per_certificate.
    [[nodiscard]] Result<void> introduce(std::uint64_t number,
                                         const std::optional<Digest>& certificate);

    void attach(std::uint64_t number, std::weak_ptr<HttpConnection> connection);
    void remove(std::uint64_t number);

    [[nodiscard]] std::size_t size() const;
    /// Those that still live.
    [[nodiscard]] std::vector<std::shared_ptr<HttpConnection>> connections() const;

    struct Certified {
        Digest certificate;
        std::string address;
        std::shared_ptr<HttpConnection> connection;
    };
    /// Those that still live and have shown a certificate.
    [[nodiscard]] std::vector<Certified> certified() const;

private:
    struct Entry {
        std::string address;
        bool introduced = false;
        std::optional<Digest> certificate;
        std::weak_ptr<HttpConnection> connection;
    };

    Limits limits_;
    mutable std::mutex mutex_;
    std::uint64_t next_ = 1;
    std::map<std::uint64_t, Entry> entries_;
    struct FromAddress {
        std::size_t all = 0;
        std::size_t strangers = 0;  ///< not introduced yet
    };

    std::map<std::string, FromAddress> by_address_;
    std::map<Digest, std::size_t> by_certificate_;
};

}  // namespace tongbao::transport
