#include "tests/crypto/statement_data.hpp"

#include "tests/support/project_paths.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tongbao::testing {

std::string statement_data(const std::string& name) {
    std::ifstream file(testing::source_dir() + "/tests/data/statement/" + name, std::ios::binary);
    if (!file) throw std::runtime_error("can't read " + name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

crypto::Certificate statement_signer_certificate() {
    return crypto::Certificate::from_pem(statement_data("signer.pem")).value();
}

crypto::CertificateFinder only(crypto::Certificate certificate) {
    return [certificate](const Digest& digest) -> std::optional<crypto::Certificate> {
        if (digest != certificate.digest()) return std::nullopt;
        return certificate;
    };
}

}  // namespace tongbao::testing
