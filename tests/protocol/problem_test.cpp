#include "protocol/problem.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace tongbao;
using namespace tongbao::protocol;

namespace {

Checked<Problem> read_problem_text(const std::string& text) {
    return read_problem(as_bytes(text));
}

}  // namespace

TEST_SUITE("problem details") {
    TEST_CASE("a problem names its type and title and status and code") {
        const auto json = nlohmann::json::parse(write_problem(Errc::unknown_kind));
        CHECK(json.size() == 4);
        CHECK(json.at("type") == "urn:tongbao:problem:unknown_kind");
        CHECK(json.at("title") == "The charter has no notice kind of this name.");
        CHECK(json.at("status") == 422);
        CHECK(json.at("code") == "unknown_kind");
    }

    TEST_CASE("the status in a problem is the one it is sent under") {
        const auto json = nlohmann::json::parse(write_problem(431, Errc::too_large));
        CHECK(json.at("status") == 431);
        CHECK(json.at("code") == "too_large");
    }

    TEST_CASE("each reason has its code and where and what was expected") {
        const Reasons reasons{{Errc::missing_field, "fields.amount", ""},
                              {Errc::malformed_field, "fields.\"x\"", "a \\ b\n"}};
        const auto json = nlohmann::json::parse(write_problem(Errc::check_failed, reasons));
        REQUIRE(json.at("reasons").size() == 2);
        const auto& first = json.at("reasons")[0];
        CHECK(first.size() == 3);
        CHECK(first.at("code") == "missing_field");
        CHECK(first.at("place") == "fields.amount");
        CHECK(first.at("title") == "A field that must be there is missing.");
        const auto& second = json.at("reasons")[1];
        CHECK(second.at("place") == "fields.\"x\"");
        CHECK(second.at("explanation") == "a \\ b\n");
        CHECK(nlohmann::json::parse(write_reasons(reasons)) == json.at("reasons"));
    }

    TEST_CASE("every code is read back with its reasons") {
        for (const Errc errc : all_errcs()) {
            CAPTURE(code(errc));
            const Reasons reasons{{errc, "a[1].b", "x"}, {errc, "", ""}};
            const Checked<Problem> problem = read_problem_text(write_problem(errc, reasons));
            REQUIRE(problem.has_value());
            CHECK(problem->code == errc);
            CHECK(problem->reasons == reasons);
            const unsigned status = http_status(errc);
            CHECK(((status >= 400 && status <= 422) || status == 429 || status == 500 ||
                   status == 503 || status == 507));
        }
    }

    TEST_CASE("the status says who is to blame") {
        CHECK(http_status(Errc::malformed_json) == 400);
        CHECK(http_status(Errc::unsupported_version) == 400);
        CHECK(http_status(Errc::not_permitted) == 403);
        CHECK(http_status(Errc::not_found) == 404);
        CHECK(http_status(Errc::unsupported_method) == 405);
        CHECK(http_status(Errc::id_conflict) == 409);
        CHECK(http_status(Errc::too_large) == 413);
        CHECK(http_status(Errc::wrong_check_digit) == 422);
        CHECK(http_status(Errc::act_out_of_order) == 422);
        CHECK(http_status(Errc::bad_signature) == 422);
        CHECK(http_status(Errc::too_many_requests) == 429);
        CHECK(http_status(Errc::storage_failure) == 500);
        CHECK(http_status(Errc::log_forked) == 500);
        CHECK(http_status(Errc::bad_configuration) == 500);
        CHECK(http_status(Errc::hub_unavailable) == 503);
        CHECK(http_status(Errc::storage_full) == 507);
    }

    TEST_CASE("members that are not known are passed over") {
        const Checked<Problem> problem = read_problem_text(
            R"({"code":"not_found","instance":"x","reasons":[{"code":"bad_value","more":{}}]})");
        REQUIRE(problem.has_value());
        CHECK(problem->code == Errc::not_found);
        CHECK(problem->reasons == Reasons{{Errc::bad_value, "", ""}});
    }

    TEST_CASE("a problem of another form is refused") {
        struct Case {
            const char* text;
            Errc code;
        };
        const Case cases[] = {
            {"", Errc::malformed_json},
            {"[]", Errc::wrong_type},
            {"{}", Errc::missing_member},
            {R"({"code":7})", Errc::wrong_type},
            {R"({"code":"no_such_code"})", Errc::bad_value},
            {R"({"code":"not_found","reasons":{}})", Errc::wrong_type},
            {R"({"code":"not_found","reasons":[1]})", Errc::wrong_type},
            {R"({"code":"not_found","reasons":[{}]})", Errc::missing_member},
            {R"({"code":"not_found","reasons":[{"code":"nothing"}]})", Errc::bad_value},
            {R"({"code":"not_found","reasons":[{"code":"bad_value","place":1}]})",
             Errc::wrong_type},
        };
        for (const Case& each : cases) {
            CAPTURE(each.text);
            CHECK(read_problem_text(each.text).error().code == each.code);
        }
    }
}
