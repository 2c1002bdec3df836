#pragma once

#include "tests/support/command.hpp"

#include <string>

namespace tongbao::testing {

/// Another certification authority, made by the openssl command alone in a test's directory: a
/// root, an authority under it, and their revocation lists, good from now on for a month. Throws
/// std::runtime_error with what openssl printed if something can't be made.
class OtherAuthority {
public:
    /// Files `other-*` in the directory, which outlives this.
    explicit OtherAuthority(const TestDirectory& directory);

    /// What a certificate of ours would say; a test changes one thing.
    struct Leaf {
        /// OpenSSL's `subjectAltName`.
        std::string names;
        std::string basic_constraints = "critical,CA:FALSE";
        std::string key_usage = "critical,digitalSignature,nonRepudiation";
        std::string extended_key_usage = "1.3.6.1.5.5.7.3.36,emailProtection";
        /// Of `openssl genpkey`.
        std::string key = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
        /// Of `openssl x509 -req`.
        std::string how = "-days 30 -sha256";
    };

    /// A seal of `unit`, a connection's end.
    [[nodiscard]] static Leaf sign(const std::string& trust_domain, const std::string& unit);
    [[nodiscard]] static Leaf daemon(const std::string& trust_domain, const std::string& unit);

    /// Makes `<name>.key` (0600), `<name>.pem` with the leaf and `<name>-chain.pem` with the leaf
    /// and the authority that issued it.
    void issue(const std::string& name, const Leaf& leaf) const;

    /// Root, authority and both lists: what `others.pem` is to hold.
    [[nodiscard]] std::string trust_pem() const;

private:
    void run(const std::string& command) const;

    const TestDirectory& directory_;
};

}  // namespace tongbao::testing
