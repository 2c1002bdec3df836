#include "crypto/host_names.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "domain/bytes.hpp"

#include <arpa/inet.h>

#include <array>

namespace tongbao::crypto {
namespace {

constexpr std::size_t kIpv4Size = 4;
constexpr std::size_t kIpv6Size = 16;

std::string address_text(BytesView bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (bytes.size() != kIpv4Size && bytes.size() != kIpv6Size) return {};
    const int family = bytes.size() == kIpv4Size ? AF_INET : AF_INET6;
    const char* const written =
        ::inet_ntop(family, bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
    return written == nullptr ? std::string() : std::string(written);
}

}  // namespace

HostNames host_names(const Certificate& certificate) {
    const GeneralNamesHandle names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate.native(), NID_subject_alt_name, nullptr, nullptr)));
    clear_openssl_errors();
    HostNames hosts;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int type = 0;
        const void* const value =
            GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
        if (type != GEN_DNS && type != GEN_IPADD) continue;
        const BytesView bytes = bytes_of(static_cast<const ASN1_STRING*>(value));
        if (type == GEN_DNS) {
            hosts.dns_names.emplace_back(as_text(bytes));
        } else {
            hosts.ip_addresses.push_back(address_text(bytes));
        }
    }
    return hosts;
}

}  // namespace tongbao::crypto
