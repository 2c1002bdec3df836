#pragma once

#include "domain/errc.hpp"

#include <string>
#include <vector>

// Requests and answers that could be read in two ways, as data: one table for the readers and for
// both ends of a connection.

namespace tongbao::transport::testing {

/// One message that is refused by `expected`. Wherever a row stands, it is refused.
struct HttpRow {
    const char* name;
    std::string bytes;
    Errc expected;
};

/// Heads of requests, whole, with the body that the first of their readings would have.
[[nodiscard]] const std::vector<HttpRow>& bad_request_heads();

/// Bodies that are no chunked ones, behind a head that is good and says chunked.
[[nodiscard]] const std::vector<HttpRow>& bad_chunks();

/// Answers of a server, whole.
[[nodiscard]] const std::vector<HttpRow>& bad_answers();

/// Requests that look odd and are none the worse, and how each is answered by EchoHandler.
struct LegalHttpRow {
    const char* name;
    std::string bytes;
    const char* statuses;
};
[[nodiscard]] const std::vector<LegalHttpRow>& legal_requests();

}  // namespace tongbao::transport::testing
