#include "crypto/revocation_list.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"

namespace tongbao::crypto {
namespace {

std::string serial_text(const ASN1_INTEGER* serial) {
    return to_hex(bytes_of(serial));
}

std::string name_text(const X509_NAME* name) {
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

std::optional<ListedRevocation> read_revocation(const X509_REVOKED* line) {
    const auto time = read_asn1_time(X509_REVOKED_get0_revocationDate(line));
    if (!time) return std::nullopt;
    const Asn1EnumeratedHandle reason(static_cast<ASN1_ENUMERATED*>(
        X509_REVOKED_get_ext_d2i(line, NID_crl_reason, nullptr, nullptr)));
    const Asn1TimeHandle since(static_cast<ASN1_TIME*>(
        X509_REVOKED_get_ext_d2i(line, NID_invalidity_date, nullptr, nullptr)));
    const bool compromised =
        !reason || ASN1_ENUMERATED_get(reason.get()) == CRL_REASON_KEY_COMPROMISE;
    return ListedRevocation{*time,
                            compromised && since ? read_asn1_time(since.get()) : std::nullopt};
}

Result<RevocationListText> read_revocation_list(BytesView der) {
    const unsigned char* position = der.data();
    const X509CrlHandle list(d2i_X509_CRL(nullptr, &position, static_cast<long>(der.size())));
    const bool read = list && position == der.data() + der.size();
    const auto this_update =
        read ? read_asn1_time(X509_CRL_get0_lastUpdate(list.get())) : std::nullopt;
    const auto next_update =
        read ? read_asn1_time(X509_CRL_get0_nextUpdate(list.get())) : std::nullopt;
    if (!this_update || !next_update) {
        clear_openssl_errors();
        return Errc::crl_unusable;
    }
    RevocationListText text{
        name_text(X509_CRL_get_issuer(list.get())), *this_update, *next_update, {}};
    STACK_OF(X509_REVOKED)* const lines = X509_CRL_get_REVOKED(list.get());
    for (int i = 0; i < sk_X509_REVOKED_num(lines); ++i) {
        const X509_REVOKED* const line = sk_X509_REVOKED_value(lines, i);
        const auto revocation = read_revocation(line);
        if (!revocation) return Errc::crl_unusable;
        text.lines.push_back({serial_text(X509_REVOKED_get0_serialNumber(line)), *revocation});
    }
    clear_openssl_errors();
    return text;
}

}  // namespace tongbao::crypto
