#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {

/// The labels of blocks that more than one reader or writer knows. Source: RFC 7468.
inline constexpr std::string_view kCertificateLabel = "CERTIFICATE";
inline constexpr std::string_view kRevocationListLabel = "X509 CRL";

/// One `-----BEGIN <label>-----` block, decoded.
struct PemBlock {
    std::string label;
    Bytes data;
};

/// Every block of `text`, in order; text between the blocks is passed over, as
/// `openssl x509 -text` writes it. Not for private keys: what is read here is not wiped.
///
/// Errors: Errc::bad_encoding for a block that is cut off, has headers (encryption among them) or
/// is not base64. Source: RFC 7468.
[[nodiscard]] Result<std::vector<PemBlock>> read_pem(std::string_view text);

/// One block, in lines of 64 characters.
[[nodiscard]] std::string write_pem(std::string_view label, BytesView data);

}  // namespace tongbao::crypto
