#include "client/ca/enrolment.hpp"

#include "client/ca/fingerprint.hpp"
#include "client/ca/request_answer.hpp"
#include "crypto/key_consent.hpp"
#include "crypto/trust_store.hpp"
#include "tests/client/ca/sample_office.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;
using std::chrono::days;
using tongbao::testing::TestDirectory;

namespace {

/// An office with its authority, and a unit, in one folder of the test.
struct OfficeAndUnit {
    TestDirectory directory;
    CaFolder authority;
    std::filesystem::path enrolled;

    explicit OfficeAndUnit(std::string_view name)
        : directory(name),
          authority(*CaFolder::create(directory.path() / "ca", kDomain, kNow)),
          enrolled(directory.path() / "enrolled") {
        std::filesystem::create_directory(enrolled);
    }

    [[nodiscard]] EnrolmentOrder order(const std::string& folder) const {
        return {kDomain,
                kPolice,
                {sign_id(kDomain, kPolice), daemon_id(kDomain, kPolice)},
                {},
                directory.path() / folder};
    }
    /// A request that travelled as a file.
    [[nodiscard]] EnrolmentRequest carried(const std::string& folder) const {
        const auto request = parse_enrolment_request(directory.read(folder + "/request.json"));
        REQUIRE(request.has_value());
        return *request;
    }
    [[nodiscard]] AnswerOrder answer(const std::string& out,
                                     std::optional<std::string> code = std::nullopt) const {
        return {days(100), directory.path() / out, enrolled, std::move(code)};
    }
    /// The unit's first keys, in `first`, with their certificates.
    void join() {
        REQUIRE(enrol(order("first"), std::nullopt, kNow).has_value());
        const EnrolmentRequest request = carried("first");
        const auto answered = answer_request(
            request, authority,
            answer("first", fingerprint_code(request.first_key()->public_key_digest)), kNow);
        REQUIRE(answered.has_value());
    }
    [[nodiscard]] crypto::Certificate certificate(const std::string& file) const {
        return crypto::read_certificates(directory.read(file))->front();
    }
    [[nodiscard]] Consenter consenter(const std::string& folder) const {
        return {certificate(folder + "/sign.pem"),
                *crypto::SigningKey::from_pem(directory.read(folder + "/sign.key"))};
    }
    [[nodiscard]] std::set<std::string> enrolled_files() const {
        std::set<std::string> names;
        for (const auto& item : std::filesystem::directory_iterator(enrolled)) {
            names.insert(item.path().filename().string());
        }
        return names;
    }
};

}  // namespace

TEST_SUITE("enrolment") {
    TEST_CASE("a unit's first request is for keys that never leave it") {
        const OfficeAndUnit both("enrolment-first");
        const auto made = enrol(both.order("keys"), std::nullopt, kNow);
        REQUIRE(made.has_value());
        for (const std::string name : {"keys/sign.key", "keys/daemon.key"}) {
            CHECK(mode_of(both.directory.path() / name) == 0600U);
        }
        const std::string text = both.directory.read("keys/request.json");
        CHECK(text.find("PRIVATE") == std::string::npos);
        const EnrolmentRequest request = both.carried("keys");
        REQUIRE(request.first_key() != nullptr);
        CHECK(request.first_key()->id == sign_id(kDomain, kPolice));
        CHECK(request.consenting_key() == request.first_key()->public_key_digest);
        // The key in the request is the file's, says openssl.
        const auto digest = both.directory.run(
            "openssl pkey -in keys/sign.key -pubout -outform DER | openssl dgst -sha256 -r | "
            "cut -c1-64 | tr -d '\\n'");
        CHECK(request.first_key()->public_key_digest.hex() == digest.output);
    }

    TEST_CASE("the office answers a first request only with the code that the unit read out") {
        OfficeAndUnit both("enrolment-code");
        REQUIRE(enrol(both.order("keys"), std::nullopt, kNow).has_value());
        const EnrolmentRequest request = both.carried("keys");
        const std::string code = fingerprint_code(request.first_key()->public_key_digest);
        CHECK(answer_request(request, both.authority, both.answer("out"), kNow).error().code ==
              Errc::bad_argument);
        CHECK(answer_request(request, both.authority, both.answer("out", "1234"), kNow)
                  .error()
                  .code == Errc::bad_argument);
        std::string other = code;
        other.back() = other.back() == '0' ? '1' : '0';
        CHECK(
            answer_request(request, both.authority, both.answer("out", other), kNow).error().code ==
            Errc::fingerprint_mismatch);
        CHECK(both.authority.issued().empty());
        CHECK(both.enrolled_files().empty());

        const auto answered =
            answer_request(request, both.authority, both.answer("out", code), kNow);
        REQUIRE(answered.has_value());
        CHECK(both.authority.issued().size() == 2);
        const crypto::Certificate sign = both.certificate("out/sign.pem");
        const crypto::Certificate daemon = both.certificate("out/daemon.pem");
        CHECK(sign.public_key_digest() == request.first_key()->public_key_digest);
        // The seal is confirmed by people; the other key has its consent.
        CHECK(both.enrolled_files() == std::set<std::string>{sign.serial() + ".pem",
                                                             daemon.serial() + ".pem",
                                                             daemon.serial() + ".consent"});
        const auto consent = crypto::parse_consent_file(
            both.directory.read("enrolled/" + daemon.serial() + ".consent"));
        REQUIRE(consent.has_value());
        CHECK(crypto::open_key_consent(*consent, sign.public_key_der()).has_value());
        for (const std::string name : {"out/trust.pem", "out/log.vkey"}) {
            CHECK(std::filesystem::exists(both.directory.path() / name));
        }
        // A second time nothing is overwritten.
        CHECK(
            answer_request(request, both.authority, both.answer("out", code), kNow).error().code ==
            Errc::already_exists);
    }

    TEST_CASE("later keys need the consent of the unit's seal and no telephone") {
        OfficeAndUnit both("enrolment-next");
        both.join();
        REQUIRE(enrol(both.order("next"), both.consenter("first"), kNow).has_value());
        const EnrolmentRequest request = both.carried("next");
        CHECK(request.first_key() == nullptr);
        const auto answered = answer_request(request, both.authority, both.answer("next"), kNow);
        REQUIRE(answered.has_value());
        for (const AnsweredKey& each : *answered) {
            CHECK(both.enrolled_files().contains(each.certificate.serial() + ".consent"));
        }
        // And so on, from the second seal.
        REQUIRE(enrol(both.order("third"), both.consenter("next"), kNow).has_value());
        CHECK(answer_request(both.carried("third"), both.authority, both.answer("third"), kNow)
                  .has_value());
    }

    TEST_CASE("who has a seal is issued no other one without it") {
        OfficeAndUnit both("enrolment-impostor");
        both.join();
        REQUIRE(enrol(both.order("impostor"), std::nullopt, kNow).has_value());
        const EnrolmentRequest request = both.carried("impostor");
        const std::string code = fingerprint_code(request.first_key()->public_key_digest);
        CHECK(answer_request(request, both.authority, both.answer("x", code), kNow).error().code ==
              Errc::consent_missing);
        // After the seal was revoked the unit joins anew.
        for (const IssuedCertificate& each :
             std::vector<IssuedCertificate>(both.authority.issued())) {
            if (each.spiffe != format_spiffe_id(sign_id(kDomain, kPolice))) continue;
            REQUIRE(both.authority.revoke({each.serial}, kNow).has_value());
        }
        CHECK(answer_request(request, both.authority, both.answer("x", code), kNow).has_value());
    }

    TEST_CASE("a seal that was revoked or that nobody knows consents to nothing") {
        OfficeAndUnit both("enrolment-revoked");
        both.join();
        REQUIRE(enrol(both.order("next"), both.consenter("first"), kNow).has_value());
        const EnrolmentRequest request = both.carried("next");
        SUBCASE("revoked") {
            const std::string serial = both.certificate("first/sign.pem").serial();
            REQUIRE(both.authority.revoke({serial}, kNow).has_value());
            CHECK(check_request(request, both.authority, both.enrolled, kNow).error().code ==
                  Errc::certificate_revoked);
        }
        SUBCASE("unknown") {
            OfficeAndUnit other("enrolment-unknown");
            CHECK(check_request(request, other.authority, other.enrolled, kNow).error().code ==
                  Errc::signer_not_enrolled);
        }
    }

    TEST_CASE("a key is named by its own unit or by nobody") {
        OfficeAndUnit both("enrolment-order");
        both.join();
        EnrolmentOrder order = both.order("bad");
        order.make = {daemon_id(kDomain, kPolice)};
        CHECK(enrol(order, std::nullopt, kNow).error().code == Errc::consent_missing);
        order.make.clear();
        CHECK(enrol(order, std::nullopt, kNow).error().code == Errc::bad_argument);
        order = both.order("bad");
        order.certificates = {both.certificate("first/sign.pem")};
        order.unit = UnitId("hsa");
        CHECK(enrol(order, std::nullopt, kNow).error().code == Errc::certificate_wrong_name);
        order = both.order("bad");
        std::optional<Consenter> mixed = both.consenter("first");
        mixed->certificate = both.certificate("first/daemon.pem");
        CHECK(enrol(order, mixed, kNow).error().code == Errc::wrong_signer);
        mixed = both.consenter("first");
        mixed->key = *crypto::SigningKey::generate();
        CHECK(enrol(order, mixed, kNow).error().code == Errc::wrong_signer);
        CHECK_FALSE(std::filesystem::exists(both.directory.path() / "bad" / "sign.key"));
        CHECK(enrol(both.order("first"), std::nullopt, kNow).error().code == Errc::already_exists);
    }

    TEST_CASE("a request that somebody changed is refused where it was changed") {
        OfficeAndUnit both("enrolment-changed");
        REQUIRE(enrol(both.order("keys"), std::nullopt, kNow).has_value());
        EnrolmentOrder of_hsa = both.order("hsa");
        of_hsa.unit = UnitId("hsa");
        of_hsa.make = {sign_id(kDomain, UnitId("hsa")), daemon_id(kDomain, UnitId("hsa"))};
        REQUIRE(enrol(of_hsa, std::nullopt, kNow).has_value());
        REQUIRE(enrol(both.order("again"), std::nullopt, kNow).has_value());
        using Json = nlohmann::json;
        const Json good = Json::parse(both.directory.read("keys/request.json"));
        const Json hsa = Json::parse(both.directory.read("hsa/request.json"));
        const Json again = Json::parse(both.directory.read("again/request.json"));
        const auto refused = [](const Json& json, Errc code, std::string_view place) {
            CAPTURE(json.dump());
            const auto request = parse_enrolment_request(json.dump());
            REQUIRE(request.has_error());
            CHECK(request.error().code == code);
            CHECK(request.error().place == place);
        };
        CHECK(parse_enrolment_request(good.dump()).has_value());
        Json json = good;
        json["keys"][1] = again["keys"][1];
        refused(json, Errc::consent_invalid, "consent");
        json = good;
        json["keys"].erase(1);
        refused(json, Errc::consent_invalid, "consent");
        json = good;
        json["keys"][0] = again["keys"][0];
        refused(json, Errc::consent_invalid, "consent");
        json = good;
        json["consent"]["signature"] = again["consent"]["signature"];
        refused(json, Errc::consent_invalid, "consent");
        json = good;
        json["consent"]["text"] = "x";
        refused(json, Errc::consent_invalid, "consent");
        json = good;
        json.erase("consent");
        refused(json, Errc::consent_missing, "consent");
        json = good;
        json["keys"][1]["spiffe"] = hsa["keys"][1]["spiffe"];
        refused(json, Errc::certificate_wrong_name, "keys[1]");
        json = good;
        json["keys"][1] = hsa["keys"][1];
        refused(json, Errc::certificate_wrong_name, "keys[1]");
        json = good;
        json["keys"].push_back(good["keys"][1]);
        refused(json, Errc::already_exists, "keys[2]");
        json = good;
        json["keys"] = Json::array();
        refused(json, Errc::bad_value, "keys");
        json = good;
        json["keys"][0]["request"] = "none";
        refused(json, Errc::bad_request, "keys[0].request");
        json = good;
        json["keys"][0]["certificate"] = "none";
        refused(json, Errc::missing_member, "keys[0]");
        json = good;
        json["keys"][0]["key"] = "x";
        refused(json, Errc::unknown_member, "keys[0].key");
        json = good;
        json["unit"] = "hsa";
        refused(json, Errc::certificate_wrong_name, "keys[0]");
        json = good;
        json["trust_domain"] = "other.example";
        refused(json, Errc::certificate_wrong_name, "keys[0]");
        json = good;
        json["format"] = "tongbao/enrolment-request/v2";
        refused(json, Errc::unknown_format, "format");
    }

    TEST_CASE("the request of another trust domain is not for this office") {
        OfficeAndUnit both("enrolment-domain");
        EnrolmentOrder order = both.order("keys");
        order.trust_domain = TrustDomain("other.example");
        order.make = {sign_id(order.trust_domain, kPolice)};
        REQUIRE(enrol(order, std::nullopt, kNow).has_value());
        const EnrolmentRequest request = both.carried("keys");
        CHECK_FALSE(request.consent.has_value());
        CHECK(check_request(request, both.authority, both.enrolled, kNow).error().code ==
              Errc::certificate_wrong_name);
    }

    TEST_CASE("without the hub's folder the files to enrol lie in one of their own") {
        OfficeAndUnit both("enrolment-apart");
        REQUIRE(enrol(both.order("keys"), std::nullopt, kNow).has_value());
        const EnrolmentRequest request = both.carried("keys");
        AnswerOrder order =
            both.answer("out", fingerprint_code(request.first_key()->public_key_digest));
        order.enrolled.reset();
        REQUIRE(answer_request(request, both.authority, order, kNow).has_value());
        CHECK(both.enrolled_files().empty());
        const auto folder = both.directory.path() / "out" / "enrol";
        CHECK(std::distance(std::filesystem::directory_iterator(folder),
                            std::filesystem::directory_iterator()) == 3);
    }
}
