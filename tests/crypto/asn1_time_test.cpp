#include "crypto/asn1_time.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace tongbao;
using namespace tongbao::crypto;

namespace {

std::optional<UtcTime> read(const char* text, int type) {
    const Handle<ASN1_STRING, &ASN1_STRING_free> time(ASN1_STRING_type_new(type));
    REQUIRE(ASN1_STRING_set(time.get(), text, static_cast<int>(std::strlen(text))) == 1);
    return read_asn1_time(time.get());
}

}  // namespace

TEST_SUITE("time in certificates") {
    TEST_CASE("the two forms of RFC 5280 are read") {
        // RFC 5280, 4.1.2.5.1: two digits below 50 are of the 2000s.
        CHECK(format_utc(read("260101000000Z", V_ASN1_UTCTIME).value()) ==
              "2026-01-01T00:00:00.000Z");
        CHECK(format_utc(read("500101000000Z", V_ASN1_UTCTIME).value()) ==
              "1950-01-01T00:00:00.000Z");
        CHECK(format_utc(read("20520229235959Z", V_ASN1_GENERALIZEDTIME).value()) ==
              "2052-02-29T23:59:59.000Z");
    }

    TEST_CASE("other forms of X.680 and moments that are none are refused") {
        for (const char* text : {"2601010000Z", "260101000000+0800", "260101000000",
                                 "261301000000Z", "260230000000Z", "26010100000 Z", ""}) {
            CAPTURE(text);
            CHECK_FALSE(read(text, V_ASN1_UTCTIME).has_value());
        }
        for (const char* text :
             {"20520101000000.5Z", "20520101000000+0100", "205201010000Z", "20520101000000",
              "20520101240000Z", "2052010100000aZ", "-0520101000000Z"}) {
            CAPTURE(text);
            CHECK_FALSE(read(text, V_ASN1_GENERALIZEDTIME).has_value());
        }
        CHECK_FALSE(read_asn1_time(nullptr).has_value());
    }
}
