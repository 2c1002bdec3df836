#include "domain/spiffe_id.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tongbao;

TEST_SUITE("SPIFFE id") {
    const TrustDomain kDomain("guangdong-2020.example");

    TEST_CASE("each use has one spelling that is written and read back") {
        const struct {
            SpiffeId id;
            std::string_view text;
        } cases[] = {
            {hub_id(kDomain), "spiffe://guangdong-2020.example/hub"},
            {daemon_id(kDomain, UnitId("hsa")), "spiffe://guangdong-2020.example/unit/hsa/daemon"},
            {sign_id(kDomain, UnitId("hsa")), "spiffe://guangdong-2020.example/unit/hsa/sign"},
            {post_id(kDomain, UnitId("hsa"), PostId("convener")),
             "spiffe://guangdong-2020.example/unit/hsa/post/convener"},
            {encrypt_id(kDomain, UnitId("hsa")),
             "spiffe://guangdong-2020.example/unit/hsa/encrypt"},
            // 990000 is no division: no province's code begins with 99.
            {sign_id(kDomain, UnitId("local.990000.hsa")),
             "spiffe://guangdong-2020.example/unit/local.990000.hsa/sign"},
            {auditor_id(kDomain, "auditor-1"),
             "spiffe://guangdong-2020.example/log-auditor/auditor-1"},
        };
        for (const auto& each : cases) {
            CAPTURE(each.text);
            CHECK(format_spiffe_id(each.id) == each.text);
            const Result<SpiffeId> read = parse_spiffe_id(each.text);
            REQUIRE(read.has_value());
            CHECK(*read == each.id);
        }
    }

    TEST_CASE("any other spelling is refused") {
        const std::string longest(64, 'a');
        for (const std::string& text : {std::string(),
                                        std::string("spiffe://"),
                                        std::string("spiffe:///hub"),
                                        std::string("spiffe://d"),
                                        std::string("spiffe://d/"),
                                        std::string("spiffe://d/hub/"),
                                        std::string("spiffe://d//hub"),
                                        std::string("SPIFFE://d/hub"),
                                        std::string("https://d/hub"),
                                        std::string("spiffe://D/hub"),
                                        std::string("spiffe://d/Hub"),
                                        std::string("spiffe://d:443/hub"),
                                        std::string("spiffe://u@d/hub"),
                                        std::string("spiffe://d/hub?x"),
                                        std::string("spiffe://d/hub#x"),
                                        std::string("spiffe://d/h%75b"),
                                        std::string("spiffe://-d/hub"),
                                        std::string("spiffe://d./hub"),
                                        std::string("spiffe://d/unit"),
                                        std::string("spiffe://d/unit/"),
                                        std::string("spiffe://d/unit/a"),
                                        std::string("spiffe://d/unit/a/"),
                                        std::string("spiffe://d/unit//sign"),
                                        std::string("spiffe://d/unit/a/sign/"),
                                        std::string("spiffe://d/unit/a/hub"),
                                        std::string("spiffe://d/unit/a/post"),
                                        std::string("spiffe://d/unit/a/post/"),
                                        std::string("spiffe://d/unit/a/post/b/c"),
                                        std::string("spiffe://d/unit/A/sign"),
                                        std::string("spiffe://d/unit/a-b/sign"),
                                        std::string("spiffe://d/unit/a/../b/sign"),
                                        std::string("spiffe://d/log-auditor"),
                                        std::string("spiffe://d/log-auditor/"),
                                        std::string("spiffe://d/log-auditor/a/b"),
                                        std::string("spiffe://d/log-auditor/-a"),
                                        "spiffe://d/log-auditor/" + longest,
                                        "spiffe://d/unit/" + longest + "/sign",
                                        std::string("spiffe://d/hub\n"),
                                        std::string("spiffe://d/hub\0", 15),
                                        std::string(" spiffe://d/hub")}) {
            CAPTURE(text);
            CHECK(parse_spiffe_id(text).error() == Errc::certificate_wrong_name);
        }
    }

    TEST_CASE("a trust domain has at most 255 characters") {
        CHECK(parse_trust_domain(std::string(255, 'a')).has_value());
        CHECK(parse_trust_domain(std::string(256, 'a')).error() == Errc::wrong_form);
    }

    TEST_CASE("the name of a use is read back and another name is refused") {
        for (const CertificateUse use :
             {CertificateUse::hub, CertificateUse::daemon, CertificateUse::sign,
              CertificateUse::post, CertificateUse::encrypt, CertificateUse::log_auditor}) {
            CHECK(*parse_use(use_name(use)) == use);
        }
        CHECK(parse_use("server").error() == Errc::unknown_type);
        CHECK(parse_use("").error() == Errc::unknown_type);
    }
}
