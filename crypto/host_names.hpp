#pragma once

#include "crypto/certificate.hpp"

#include <string>
#include <vector>

namespace tongbao::crypto {

/// The DNS names and IP addresses among a certificate's names, as CertificateRequest takes them.
struct HostNames {
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
};

/// Those of the hub's certificate; of others none, if they fit their profile.
[[nodiscard]] HostNames host_names(const Certificate& certificate);

}  // namespace tongbao::crypto
