#pragma once

#include "hub/caller.hpp"
#include "hub/services.hpp"
#include "transport/body_reader.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace tongbao::hub {

/// Batches in, logged notices out.
class NoticeApi {
public:
    explicit NoticeApi(Services& services) : services_(services) {}

    /// `POST /v1/batches`: a batch as on the stream, in JSON. 200 with each leaf's outcome, a
    /// problem if the statement was refused.
    [[nodiscard]] boost::asio::awaitable<transport::Response> submit(
        const Caller& caller, transport::BodyReader& body) const;

    /// `GET /v1/notices/<index>`: the exact bytes, for those who may read it.
    [[nodiscard]] boost::asio::awaitable<transport::Response> notice(const Caller& caller,
                                                                     LogIndex index) const;

    /// `GET /v1/notices/<index>/trail`: the entries that speak of a notice, its own first, each
    /// with its inclusion proof under the checkpoint that comes along, and that checkpoint's
    /// consistency proof from the size that the caller knows. For those who may read it.
    [[nodiscard]] boost::asio::awaitable<transport::Response> trail(const Caller& caller,
                                                                    LogIndex index,
                                                                    TreeSize known) const;

    /// `GET /v1/batches/<index>`: the statement and leaf hashes of the batch that caused the entry.
    /// For those who may read the log or the notice at that index.
    [[nodiscard]] boost::asio::awaitable<transport::Response> batch(const Caller& caller,
                                                                    LogIndex index) const;

    /// `GET /v1/cases/<number>`: the indexes of a case's notices, those that the caller may read.
    [[nodiscard]] boost::asio::awaitable<transport::Response> notices_of_case(
        const Caller& caller, CaseNumber number) const;

private:
    [[nodiscard]] bool may_read(const Caller& caller, LogIndex index) const;
    /// Whether he may know of an event that was shown so: a party of every restricted notice that
    /// it names. Errors: Errc::not_permitted if not; those of the store.
    [[nodiscard]] Result<void> may_know(const Caller& caller, BytesView shown) const;
    [[nodiscard]] transport::Response read_trail(const Caller& caller, LogIndex index,
                                                 TreeSize known) const;

    Services& services_;
};

}  // namespace tongbao::hub
