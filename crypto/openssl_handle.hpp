#pragma once

#include "domain/bytes.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <memory>

namespace tongbao::crypto {

/// Deletes with the function that OpenSSL documents for the type.
template <auto Free>
struct FreeWith {
    template <typename T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

/// Owns an OpenSSL object from the line that creates it. As large as the pointer.
template <typename T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

/// Memory that OpenSSL allocated and handed over, such as the output of an i2d function.
struct FreeOpensslBuffer {
    void operator()(unsigned char* buffer) const noexcept { OPENSSL_free(buffer); }
};

using MdHandle = Handle<EVP_MD, &EVP_MD_free>;
using MdCtxHandle = Handle<EVP_MD_CTX, &EVP_MD_CTX_free>;
using PkeyHandle = Handle<EVP_PKEY, &EVP_PKEY_free>;
using PkeyCtxHandle = Handle<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using BignumHandle = Handle<BIGNUM, &BN_free>;
/// Frees a chain of BIOs; a single one is a chain of one.
using BioHandle = Handle<BIO, &BIO_free_all>;
using OpensslBufferHandle = std::unique_ptr<unsigned char, FreeOpensslBuffer>;

using X509Handle = Handle<X509, &X509_free>;
using X509CrlHandle = Handle<X509_CRL, &X509_CRL_free>;
using X509NameHandle = Handle<X509_NAME, &X509_NAME_free>;
using X509ExtensionHandle = Handle<X509_EXTENSION, &X509_EXTENSION_free>;
using X509RevokedHandle = Handle<X509_REVOKED, &X509_REVOKED_free>;
using X509StoreHandle = Handle<X509_STORE, &X509_STORE_free>;
using X509StoreCtxHandle = Handle<X509_STORE_CTX, &X509_STORE_CTX_free>;

using GeneralNameHandle = Handle<GENERAL_NAME, &GENERAL_NAME_free>;
using GeneralNamesHandle = Handle<GENERAL_NAMES, &GENERAL_NAMES_free>;
using BasicConstraintsHandle = Handle<BASIC_CONSTRAINTS, &BASIC_CONSTRAINTS_free>;
using ExtendedKeyUsageHandle = Handle<EXTENDED_KEY_USAGE, &EXTENDED_KEY_USAGE_free>;
using AuthorityKeyIdHandle = Handle<AUTHORITY_KEYID, &AUTHORITY_KEYID_free>;

using Asn1IntegerHandle = Handle<ASN1_INTEGER, &ASN1_INTEGER_free>;
using Asn1EnumeratedHandle = Handle<ASN1_ENUMERATED, &ASN1_ENUMERATED_free>;
using Asn1ObjectHandle = Handle<ASN1_OBJECT, &ASN1_OBJECT_free>;
using Asn1StringHandle = Handle<ASN1_STRING, &ASN1_STRING_free>;
using Asn1OctetStringHandle = Handle<ASN1_OCTET_STRING, &ASN1_OCTET_STRING_free>;
using Asn1BitStringHandle = Handle<ASN1_BIT_STRING, &ASN1_BIT_STRING_free>;
using Asn1TimeHandle = Handle<ASN1_TIME, &ASN1_TIME_free>;

using CmsHandle = Handle<CMS_ContentInfo, &CMS_ContentInfo_free>;

static_assert(sizeof(PkeyHandle) == sizeof(EVP_PKEY*));

/// The contents of `string`, which keeps them.
[[nodiscard]] inline BytesView bytes_of(const ASN1_STRING* string) {
    return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

}  // namespace tongbao::crypto
