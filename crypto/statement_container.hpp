#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace tongbao::crypto {

/// The parts of a statement's CMS SignedData that differ from one to another; all else is fixed.
/// They point into the bytes that were read.
struct StatementContainer {
    BytesView content;
    /// The signer's subject key identifier.
    BytesView key_id;
    /// The signed attributes, with the tag and length that they have in the container.
    BytesView signed_attributes;
    BytesView message_digest;
    UtcTime signing_time;
    /// From signing-certificate-v2: the SHA-256 of the signer's certificate.
    Digest certificate;
    /// Also from there: the issuer's Name and the contents of the serial number, or both empty.
    BytesView issuer;
    BytesView serial;
    /// An ECDSA-Sig-Value, not looked into.
    BytesView signature;
};

/// Takes a container apart. What it must be, in DER and with nothing else in it:
///
///     ContentInfo signedData
///       version 3, digestAlgorithms { sha256 without parameters }
///       encapContentInfo: data, content inside
///       no certificates, no revocation lists
///       one SignerInfo: version 3, subjectKeyIdentifier, sha256 without parameters,
///         signedAttrs: contentType data, signingTime, messageDigest, signingCertificateV2
///                      with one SHA-256 (each once, in the order of DER)
///         ecdsa-with-SHA256 without parameters, signature, no unsignedAttrs
///
/// Errors: Errc::bad_statement. Source: RFC 5652 sections 5 and 11; RFC 5035 sections 3 and 4;
/// RFC 5754 section 2; X.690 section 11.6 for the order.
[[nodiscard]] Result<StatementContainer> read_statement_container(BytesView der);

}  // namespace tongbao::crypto
