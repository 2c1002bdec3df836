#include "protocol/object_reader.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::protocol;

namespace {

JsonDocument value_of(const std::string& text) {
    return *read_json(as_bytes(text), 1 << 16);
}

struct Fault {
    Errc code;
    std::string place;

    explicit Fault(const std::optional<Reason>& reason)
        : code(reason ? reason->code : Errc{}), place(reason ? reason->place : "none") {}
    Fault(Errc what, std::string where) : code(what), place(std::move(where)) {}

    friend bool operator==(const Fault&, const Fault&) = default;
};

/// What is wrong once `read` has read from `{"m": <json>}` at the place `top`.
template <typename Read>
Fault fault_of(const std::string& json, Read read) {
    const JsonDocument value = value_of("{\"m\":" + json + "}");
    ObjectReader reader(value, "top");
    read(reader);
    return Fault(reader.finish());
}

}  // namespace

TEST_SUITE("members read by name and type") {
    TEST_CASE("members of the right type are read and nothing is at fault") {
        const JsonDocument value =
            value_of(R"({"t":"x","i":-5,"b":true,"a":[1],"o":{"k":1},"d":")" +
                     samples::hex_of("01") + R"(","u":"2026-11-22T09:30:00.123Z","id":")" +
                     samples::kActId + R"(","n":"AAEC","f":"tongbao/act/v1"})");
        ObjectReader reader(value, "");
        CHECK(reader.text("t") == "x");
        CHECK(reader.optional_text("none") == std::nullopt);
        CHECK(reader.integer("i", -5, 5) == -5);
        CHECK(reader.boolean("b"));
        CHECK(reader.array("a").size() == 1);
        CHECK(reader.object("o").at(0).name == "k");
        CHECK(reader.digest_hex("d") == samples::digest_of(1));
        CHECK(reader.utc_time("u") == samples::at(9, 30, 0, 123));
        CHECK(reader.uuid("id").text() == samples::kActId);
        CHECK(reader.base64("n", 3) == Bytes{0, 1, 2});
        reader.literal("f", "tongbao/act/v1", Errc::unknown_format);
        CHECK_FALSE(reader.finish().has_value());
    }

    TEST_CASE("a missing member is named with its place") {
        const JsonDocument value = value_of("{}");
        ObjectReader reader(value, "a[1]");
        CHECK(reader.text("m").empty());
        CHECK(Fault(reader.finish()) == Fault(Errc::missing_member, "a[1].m"));
    }

    TEST_CASE("another type is refused by every reader and null too") {
        for (const char* json : {"null", "{}"}) {
            CAPTURE(json);
            const Fault wrong(Errc::wrong_type, "top.m");
            CHECK(fault_of(json, [](auto& r) { r.text("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.optional_text("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.integer("m", 0, 9); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.boolean("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.array("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.digest_hex("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.utc_time("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.uuid("m"); }) == wrong);
            CHECK(fault_of(json, [](auto& r) { r.base64("m"); }) == wrong);
        }
        CHECK(fault_of("[]", [](auto& r) { r.object("m"); }) == Fault(Errc::wrong_type, "top.m"));
        const JsonDocument list = value_of("[]");
        ObjectReader reader(list, "top");
        CHECK(Fault(reader.finish()) == Fault(Errc::wrong_type, "top"));
    }

    TEST_CASE("a value of the right type and the wrong form is refused") {
        const Fault bad(Errc::bad_value, "top.m");
        CHECK(fault_of(R"("")", [](auto& r) { r.text("m"); }) == bad);
        CHECK(fault_of("-1", [](auto& r) { r.integer("m", 0, 9); }) == bad);
        CHECK(fault_of("10", [](auto& r) { r.integer("m", 0, 9); }) == bad);
        CHECK(fault_of(R"("ab")", [](auto& r) { r.digest_hex("m"); }) == bad);
        CHECK(fault_of(R"("2026")", [](auto& r) { r.utc_time("m"); }) == bad);
        CHECK(fault_of(R"("2026")", [](auto& r) { r.uuid("m"); }) == bad);
        CHECK(fault_of(R"("AAE")", [](auto& r) { r.base64("m"); }) == bad);
        CHECK(fault_of(R"("AAEC")", [](auto& r) { r.base64("m", 4); }) == bad);
        CHECK(fault_of(R"("v2")", [](auto& r) { r.literal("m", "v1", Errc::unknown_format); }) ==
              Fault(Errc::unknown_format, "top.m"));
    }

    TEST_CASE("a base64 text of the wrong size still yields that many bytes") {
        const JsonDocument value = value_of(R"({"m":"AAEC"})");
        ObjectReader reader(value, "");
        CHECK(reader.base64("m", 16) == Bytes(16, 0));
    }

    TEST_CASE("the first fault is kept and a member that nobody asked for is the last") {
        const JsonDocument value = value_of(R"({"x":1,"a":1})");
        ObjectReader reader(value, "");
        CHECK(reader.text("a").empty());
        CHECK(reader.text("gone").empty());
        CHECK(Fault(reader.finish()) == Fault(Errc::wrong_type, "a"));

        ObjectReader second(value, "");
        CHECK(second.integer("a", 0, 1) == 1);
        CHECK(Fault(second.finish()) == Fault(Errc::unknown_member, "x"));
    }
}
