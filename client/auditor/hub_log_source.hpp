#pragma once

#include "client/auditor/log_source.hpp"
#include "domain/spiffe_id.hpp"
#include "transport/http_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace tongbao::client {

/// A hub as the source of its log: one request after the other on one connection, which is made
/// anew when the hub has closed it.
///
/// Beside those that answer_lacking() knows, its errors are Errc::not_permitted for entries that a
/// unit asks for (log auditors and the office may read them), what the hub answers by another code,
/// and those of transport::connect_https and HttpClient::exchange.
class HubLogSource final : public LogSource {
public:
    /// `caller` is the use of the certificate in `tls`: daemon or log_auditor. A log auditor reads
    /// no contents, so that the hub is not asked for notices then.
    HubLogSource(transport::HttpsAddress address, transport::TlsSide tls, CertificateUse caller);

    [[nodiscard]] Result<std::string> checkpoint() override;
    [[nodiscard]] Result<Bytes> tile(std::uint8_t level, std::uint64_t number,
                                     std::uint16_t width) override;
    [[nodiscard]] Result<Bytes> entries(std::uint64_t number, std::uint16_t width) override;
    [[nodiscard]] Result<BatchRecord> batch(LogIndex index) override;
    [[nodiscard]] Result<std::vector<RegisterRow>> register_entries() override;
    [[nodiscard]] Result<Bytes> notice(LogIndex index) override;

private:
    /// The body of `GET target`.
    [[nodiscard]] Result<Bytes> get(const std::string& target, std::size_t max_body);
    /// The same of a tile, or of the full one that has taken its place.
    [[nodiscard]] Result<Bytes> get_tile(bool entries, std::uint8_t level, std::uint64_t number,
                                         std::uint16_t width, std::size_t max_body);
    [[nodiscard]] Result<transport::Response> ask(const std::string& target, std::size_t max_body);
    [[nodiscard]] boost::asio::awaitable<Result<void>> exchange(std::string target,
                                                                std::size_t max_body);

    boost::asio::io_context context_{1};
    transport::HttpsAddress address_;
    transport::TlsSide tls_;
    CertificateUse caller_;
    std::unique_ptr<transport::HttpClient> client_;
    transport::Response response_;
};

}  // namespace tongbao::client
