#include "domain/uuid.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace tongbao;

TEST_SUITE("UUIDv7") {
    // RFC 9562 appendix A.6: the example value and its Unix time 0x017F22E279B0.
    constexpr std::string_view kExample = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

    TEST_CASE("the example of RFC 9562 is read, written and dated") {
        const Result<Uuid> uuid = Uuid::parse(kExample);
        REQUIRE(uuid.has_value());
        CHECK(uuid->text() == kExample);
        CHECK(uuid->time() == UtcTime(std::chrono::milliseconds(0x017F22E279B0)));
    }

    TEST_CASE("the example of RFC 9562 is made from its time and random bits") {
        const Uuid uuid = Uuid::make(UtcTime(std::chrono::milliseconds(0x017F22E279B0)),
                                     {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f});
        CHECK(uuid.text() == kExample);
    }

    TEST_CASE("another version, another variant or another spelling is refused") {
        for (const std::string_view text :
             {"", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
              "017f22e2-79b0-7cc3-d8c4-dc0c0c07398f", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
              "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
              "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
              "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}"}) {
            CAPTURE(text);
            CHECK(Uuid::parse(text).error() == Errc::bad_value);
        }
    }
}
