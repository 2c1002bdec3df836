#include "transport/http_message.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::transport;

TEST_SUITE("targets") {
    TEST_CASE("a path is cut at its slashes and decoded") {
        // The UTF-8 of U+6587 is E6 96 87.
        CHECK(*path_segments("/a/%E6%96%87/b-c?x=/") ==
              std::vector<std::string>{"a", "\xE6\x96\x87", "b-c"});
        CHECK(path_segments("/")->empty());
        CHECK(path_segments("/?a=b")->empty());
    }

    TEST_CASE("a path that could be read in two ways is refused") {
        for (const char* const target :
             {"/a/../b", "/..",    "/a/%2e%2e/b", "/a/%2E./b", "/a/./b",
              "/a/%2e",  "/a%2Fb", "/a%2fb",      "/a%5Cb",    "/a%00b",
              "/%0A",    "/%7F",   "//a",         "/a//b",     "/a/",
              "/a%",     "/a%4",   "/a%zz",       "/%FF",      "/%C0%AE%C0%AE/b",
              "",        "a"}) {
            CAPTURE(target);
            const auto segments = path_segments(target);
            REQUIRE(segments.has_error());
            CHECK(segments.error() == Errc::bad_request);
        }
    }

    TEST_CASE("what is decoded is not decoded again") {
        CHECK(*path_segments("/%252e%252e") == std::vector<std::string>{"%2e%2e"});
    }

    TEST_CASE("a query is read in its order and a plus sign stays one") {
        CHECK(*query_fields("/a?x=1+2&y&x=%26%3D&z=") ==
              Fields{{"x", "1+2"}, {"y", ""}, {"x", "&="}, {"z", ""}});
        CHECK(query_fields("/a")->empty());
    }

    TEST_CASE("a control character in a query is refused") {
        CHECK(query_fields("/a?x=%00").error() == Errc::bad_request);
        CHECK(query_fields("/a?%0d=1").error() == Errc::bad_request);
    }

    TEST_CASE("encoding keeps only the unreserved characters") {
        CHECK(percent_encode("a-Z._~9 /%+\xE6\x96\x87") == "a-Z._~9%20%2F%25%2B%E6%96%87");
    }

    TEST_CASE("field names match in any case") {
        const Fields fields{{"Content-Type", "text/plain"}};
        CHECK(find_field(fields, "content-TYPE") == "text/plain");
        CHECK(!find_field(fields, "content-typ"));
    }
}
