#include "tests/support/other_authority.hpp"

#include <stdexcept>

namespace tongbao::testing {
namespace {

constexpr const char* kConfiguration = R"([req]
distinguished_name = name
prompt = no
[name]
O = Province
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = lists
[lists]
database = other-index.txt
crlnumber = other-number
default_md = sha256
default_crl_days = 30
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
)";

constexpr const char* kKey = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ";

}  // namespace

OtherAuthority::OtherAuthority(const TestDirectory& directory) : directory_(directory) {
    directory_.write("other.cnf", kConfiguration);
    directory_.write("other-index.txt", "");
    directory_.write("other-number", "01\n");
    run(std::string(kKey) + "other-root.key");
    run("openssl req -x509 -new -config other.cnf -extensions authority -key other-root.key "
        "-subj '/O=Province/CN=Root' -days 60 -sha256 -out other-root.pem");
    run(std::string(kKey) + "other-mid.key");
    run("openssl req -new -config other.cnf -key other-mid.key -subj '/O=Province/CN=Issuing' "
        "-out other-mid.csr");
    run("openssl x509 -req -in other-mid.csr -CA other-root.pem -CAkey other-root.key -days 60 "
        "-sha256 -set_serial 0x1001 -extfile other.cnf -extensions authority -out other-mid.pem");
    for (const std::string name : {"root", "mid"}) {
        run("openssl ca -gencrl -config other.cnf -cert other-" + name + ".pem -keyfile other-" +
            name + ".key -out other-" + name + ".crl");
    }
}

OtherAuthority::Leaf OtherAuthority::sign(const std::string& trust_domain,
                                          const std::string& unit) {
    Leaf leaf;
    leaf.names = "URI:spiffe://" + trust_domain + "/unit/" + unit + "/sign";
    return leaf;
}

OtherAuthority::Leaf OtherAuthority::daemon(const std::string& trust_domain,
                                            const std::string& unit) {
    Leaf leaf;
    leaf.names = "URI:spiffe://" + trust_domain + "/unit/" + unit + "/daemon";
    leaf.key_usage = "critical,digitalSignature";
    leaf.extended_key_usage = "clientAuth";
    return leaf;
}

void OtherAuthority::issue(const std::string& name, const Leaf& leaf) const {
    std::string extensions =
        "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\nbasicConstraints = " +
        leaf.basic_constraints + "\nkeyUsage = " + leaf.key_usage + '\n';
    if (!leaf.extended_key_usage.empty()) {
        extensions += "extendedKeyUsage = " + leaf.extended_key_usage + '\n';
    }
    if (!leaf.names.empty()) extensions += "subjectAltName = " + leaf.names + '\n';
    directory_.write(name + ".cnf", extensions);
    run("umask 077 && openssl genpkey " + leaf.key + " -out " + name + ".key");
    run("openssl req -new -config other.cnf -key " + name + ".key -subj /CN=" + name + " -out " +
        name + ".csr");
    run("openssl x509 -req -in " + name + ".csr -CA other-mid.pem -CAkey other-mid.key " +
        leaf.how + " -extfile " + name + ".cnf -out " + name + ".pem");
    run("cat " + name + ".pem other-mid.pem > " + name + "-chain.pem");
}

std::string OtherAuthority::trust_pem() const {
    std::string text;
    for (const std::string part : {"root.pem", "mid.pem", "root.crl", "mid.crl"}) {
        text += directory_.read("other-" + part);
    }
    return text;
}

void OtherAuthority::run(const std::string& command) const {
    const CommandResult done = directory_.run(command);
    if (done.exit_code != 0) throw std::runtime_error(command + ": " + done.output);
}

}  // namespace tongbao::testing
