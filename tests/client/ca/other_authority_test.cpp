#include "tests/support/other_authority.hpp"

#include "client/ca/enrolment.hpp"
#include "client/ca/fingerprint.hpp"
#include "client/ca/request_answer.hpp"
#include "crypto/certificate_profile.hpp"
#include "crypto/trust_store.hpp"
#include "tests/client/ca/sample_office.hpp"
#include "tests/support/command.hpp"
#include "transport/system_clock.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;
using tongbao::testing::OtherAuthority;
using tongbao::testing::TestDirectory;

namespace {

/// What openssl makes is good from the second on in which it is made.
UtcTime present() {
    return transport::SystemClock().now();
}

/// An office that trusts another authority too.
struct OpenOffice {
    TestDirectory directory;
    CaFolder authority;
    OtherAuthority other;

    explicit OpenOffice(std::string_view name)
        : directory(name),
          authority(*CaFolder::create(directory.path() / "ca", kDomain, present())),
          other(directory) {
        std::filesystem::create_directory(directory.path() / "enrolled");
        directory.write("ca/others.pem", other.trust_pem());
        REQUIRE(authority.renew_lists(present()).has_value());
    }

    [[nodiscard]] crypto::Certificate certificate(const std::string& name) const {
        return *crypto::Certificate::from_pem(directory.read(name + ".pem"));
    }
    [[nodiscard]] EnrolmentRequest request_of(const std::vector<std::string>& names,
                                              const std::string& folder) const {
        EnrolmentOrder order{kDomain, kPolice, {}, {}, directory.path() / folder};
        for (const std::string& name : names) order.certificates.push_back(certificate(name));
        std::optional<Consenter> seal;
        seal.emplace(Consenter{certificate("sign"),
                               *crypto::SigningKey::from_pem(directory.read("sign.key"))});
        const auto made = enrol(order, seal, present());
        REQUIRE(made.has_value());
        return *parse_enrolment_request(directory.read(folder + "/request.json"));
    }
};

struct Misfit {
    const char* name;
    std::function<void(OtherAuthority::Leaf&)> change;
    Errc expected;
};

/// Each a seal as another authority could make it, with one thing that does not fit.
std::vector<Misfit> misfits() {
    const std::string ours = "URI:spiffe://ca-test.example/unit/police/sign";
    using Leaf = OtherAuthority::Leaf;
    return {
        {"no names", [](Leaf& leaf) { leaf.names.clear(); }, Errc::certificate_wrong_name},
        {"two URIs", [ours](Leaf& leaf) { leaf.names = ours + ',' + ours + "x"; },
         Errc::certificate_wrong_name},
        {"a DNS name beside", [ours](Leaf& leaf) { leaf.names = ours + ",DNS:police.example"; },
         Errc::certificate_wrong_name},
        {"an e-mail address beside",
         [ours](Leaf& leaf) { leaf.names = ours + ",email:a@police.example"; },
         Errc::certificate_wrong_name},
        {"no URI of ours", [](Leaf& leaf) { leaf.names = "URI:https://police.example"; },
         Errc::certificate_wrong_name},
        {"another trust domain",
         [](Leaf& leaf) { leaf.names = "URI:spiffe://other.example/unit/police/sign"; },
         Errc::certificate_wrong_name},
        {"no extended usage", [](Leaf& leaf) { leaf.extended_key_usage.clear(); },
         Errc::certificate_wrong_use},
        {"any extended usage", [](Leaf& leaf) { leaf.extended_key_usage = "anyExtendedKeyUsage"; },
         Errc::certificate_wrong_use},
        {"one extended usage more", [](Leaf& leaf) { leaf.extended_key_usage += ",clientAuth"; },
         Errc::certificate_wrong_use},
        {"one usage less", [](Leaf& leaf) { leaf.key_usage = "critical,digitalSignature"; },
         Errc::certificate_wrong_use},
        {"one usage more", [](Leaf& leaf) { leaf.key_usage += ",keyAgreement"; },
         Errc::certificate_wrong_use},
        {"an authority",
         [](Leaf& leaf) {
             leaf.basic_constraints = "critical,CA:TRUE";
             leaf.key_usage += ",keyCertSign";
         },
         Errc::certificate_wrong_use},
        {"an RSA key",
         [](Leaf& leaf) { leaf.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"; },
         Errc::bad_certificate},
        {"a P-384 key",
         [](Leaf& leaf) { leaf.key = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"; },
         Errc::bad_certificate},
        {"signed with SHA-384", [](Leaf& leaf) { leaf.how = "-days 30 -sha384"; },
         Errc::bad_certificate},
        {"a serial number of zero", [](Leaf& leaf) { leaf.how += " -set_serial 0"; },
         Errc::bad_certificate},
        {"a serial number of 21 octets",
         [](Leaf& leaf) { leaf.how += " -set_serial 0x01" + std::string(40, '2'); },
         Errc::bad_certificate},
    };
}

}  // namespace

TEST_SUITE("other authority") {
    TEST_CASE("certificates of another authority that fit are passed on and nothing is issued") {
        OpenOffice office("other-authority-fits");
        office.other.issue("sign", OtherAuthority::sign(kDomain.value(), "police"));
        office.other.issue("daemon", OtherAuthority::daemon(kDomain.value(), "police"));
        CHECK(crypto::profile_faults(office.certificate("sign")).empty());
        const EnrolmentRequest request = office.request_of({"sign", "daemon"}, "request");
        REQUIRE(request.first_key() != nullptr);
        const AnswerOrder order{std::chrono::days(1), office.directory.path() / "out",
                                office.directory.path() / "enrolled",
                                fingerprint_code(request.first_key()->public_key_digest)};
        const auto answered = answer_request(request, office.authority, order, present());
        REQUIRE(answered.has_value());
        CHECK(office.authority.issued().empty());
        for (const std::string name : {"sign", "daemon"}) {
            const crypto::Certificate leaf = office.certificate(name);
            CHECK(office.directory.read("enrolled/" + leaf.serial() + ".pem") == leaf.pem());
            CHECK(std::filesystem::exists(office.directory.path() / "enrolled" /
                                          (leaf.serial() + ".consent")) == (name == "daemon"));
        }
        // Their seal, known to the hub's folder alone, lets the unit's next keys in.
        office.other.issue("daemon-2", OtherAuthority::daemon(kDomain.value(), "police"));
        const EnrolmentRequest next = office.request_of({"daemon-2"}, "next");
        CHECK(next.first_key() == nullptr);
        CHECK(check_request(next, office.authority, std::nullopt, present()).error().code ==
              Errc::signer_not_enrolled);
        CHECK(check_request(next, office.authority, office.directory.path() / "enrolled", present())
                  .has_value());
    }

    TEST_CASE("each misfit is refused by its code and inspected by its words") {
        OpenOffice office("other-authority-misfits");
        const auto trust =
            crypto::TrustStore::from_pem(kDomain, office.directory.read("ca/trust.pem"));
        REQUIRE(trust.has_value());
        for (const Misfit& misfit : misfits()) {
            CAPTURE(std::string(misfit.name));
            OtherAuthority::Leaf leaf = OtherAuthority::sign(kDomain.value(), "police");
            misfit.change(leaf);
            office.other.issue("sign", leaf);
            const crypto::Certificate made = office.certificate("sign");
            const Result<void> checked = trust->check(made, CertificateUse::sign, present());
            REQUIRE(checked.has_error());
            CHECK(code(to_errc(checked.error())) == code(misfit.expected));
            const bool foreign = made.spiffe() && made.spiffe()->trust_domain != kDomain;
            if (!foreign) {
                REQUIRE_FALSE(crypto::profile_faults(made).empty());
                CHECK(code(crypto::profile_faults(made).front().code) == code(misfit.expected));
            }
        }
    }

    TEST_CASE("without the authority in the trust file its certificates are refused") {
        OpenOffice office("other-authority-unknown");
        office.other.issue("sign", OtherAuthority::sign(kDomain.value(), "police"));
        std::filesystem::remove(office.directory.path() / "ca/others.pem");
        REQUIRE(office.authority.renew_lists(present()).has_value());
        const EnrolmentRequest request = office.request_of({"sign"}, "request");
        const auto checked = check_request(request, office.authority, std::nullopt, present());
        REQUIRE(checked.has_error());
        CHECK(checked.error().code == Errc::certificate_untrusted);
        CHECK(checked.error().place == "keys[0].certificate");
    }

    TEST_CASE("a file of other authorities that nobody could read never gets into the trust file") {
        OpenOffice office("other-authority-broken");
        const std::string before = office.directory.read("ca/trust.pem");
        office.other.issue("leaf", OtherAuthority::sign(kDomain.value(), "police"));
        office.directory.write("ca/others.pem", office.directory.read("leaf.pem"));
        const auto renewed = office.authority.renew_lists(present());
        REQUIRE(renewed.has_error());
        CHECK(renewed.error().place.find("others.pem") != std::string::npos);
        CHECK(office.directory.read("ca/trust.pem") == before);
    }
}
