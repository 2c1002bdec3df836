#pragma once

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

/// A stack that owns its elements. The functions of OpenSSL's typed stacks are inline and not
/// usable as a template argument, hence a type for each.
struct FreeX509Stack {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_pop_free(stack, X509_free); }
};
struct FreeX509CrlStack {
    void operator()(STACK_OF(X509_CRL) * stack) const noexcept {
        sk_X509_CRL_pop_free(stack, X509_CRL_free);
    }
};
struct FreeX509ExtensionStack {
    void operator()(STACK_OF(X509_EXTENSION) * stack) const noexcept {
        sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
    }
};
/// A stack that owns nothing but itself: its elements have other owners.
struct FreeX509StackOnly {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
struct FreeX509CrlStackOnly {
    void operator()(STACK_OF(X509_CRL) * stack) const noexcept { sk_X509_CRL_free(stack); }
};
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
using X509ReqHandle = Handle<X509_REQ, &X509_REQ_free>;
using X509NameHandle = Handle<X509_NAME, &X509_NAME_free>;
using X509ExtensionHandle = Handle<X509_EXTENSION, &X509_EXTENSION_free>;
using X509RevokedHandle = Handle<X509_REVOKED, &X509_REVOKED_free>;
using X509StoreHandle = Handle<X509_STORE, &X509_STORE_free>;
using X509StoreCtxHandle = Handle<X509_STORE_CTX, &X509_STORE_CTX_free>;
using X509VerifyParamHandle = Handle<X509_VERIFY_PARAM, &X509_VERIFY_PARAM_free>;
using X509StackHandle = std::unique_ptr<STACK_OF(X509), FreeX509Stack>;
using X509CrlStackHandle = std::unique_ptr<STACK_OF(X509_CRL), FreeX509CrlStack>;
using X509ExtensionStackHandle = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeX509ExtensionStack>;
using X509BorrowedStackHandle = std::unique_ptr<STACK_OF(X509), FreeX509StackOnly>;
using X509CrlBorrowedStackHandle = std::unique_ptr<STACK_OF(X509_CRL), FreeX509CrlStackOnly>;

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
using Asn1Ia5StringHandle = Handle<ASN1_IA5STRING, &ASN1_IA5STRING_free>;
using Asn1TimeHandle = Handle<ASN1_TIME, &ASN1_TIME_free>;
using Asn1TypeHandle = Handle<ASN1_TYPE, &ASN1_TYPE_free>;

using CmsHandle = Handle<CMS_ContentInfo, &CMS_ContentInfo_free>;
using EssCertIdV2Handle = Handle<ESS_CERT_ID_V2, &ESS_CERT_ID_V2_free>;
using EssSigningCertV2Handle = Handle<ESS_SIGNING_CERT_V2, &ESS_SIGNING_CERT_V2_free>;

using SslCtxHandle = Handle<SSL_CTX, &SSL_CTX_free>;

static_assert(sizeof(PkeyHandle) == sizeof(EVP_PKEY*));
static_assert(sizeof(X509StackHandle) == sizeof(void*));

}  // namespace tongbao::crypto
