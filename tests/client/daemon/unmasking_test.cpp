#include "client/daemon/unmasking.hpp"

#include "client/daemon/local_routes.hpp"
#include "tests/support/captured_log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::client {
namespace {

Checked<Masking> wanted_by(const std::string& query) {
    const Result<transport::Fields> fields = transport::query_fields("/v1/x?" + query);
    REQUIRE(fields.has_value());
    return masking_wanted(*fields);
}

}  // namespace

TEST_SUITE("showing personal data whole") {
    TEST_CASE("it is masked unless the query says otherwise in one word") {
        CHECK(*wanted_by("") == Masking::masked);
        CHECK(*wanted_by("q=a&unmask=false") == Masking::masked);
        CHECK(*wanted_by("q=a&unmask=true") == Masking::shown);
        for (const char* const wrong : {"unmask=", "unmask=1", "unmask=TRUE", "unmask"}) {
            CAPTURE(wrong);
            CHECK(wanted_by(wrong).error().code == Errc::bad_value);
        }
        CHECK(wanted_by("unmask=true&unmask=true").error().code == Errc::duplicate_member);
    }

    TEST_CASE("search and case and notice are the routes that show it") {
        std::vector<std::string> shown;
        for (const LocalRouteRow& row : local_routes()) {
            if (shows_personal_data(row.route)) shown.emplace_back(row.path);
        }
        CHECK(shown == std::vector<std::string>{"/v1/notices/{id}", "/v1/cases", "/v1/cases/{case}",
                                                "/v1/search"});
    }

    TEST_CASE("the running log names caller and path at every level and never the query") {
        const testing::CapturedLog log;
        program::Logging logging("test", program::LogLevel::error);
        const transport::Peer caller{"unix:uid=1000", transport::LocalPeer{1000, 1000, 1}};
        transport::RequestHead request;
        request.method = "GET";
        for (const char* const target :
             {"/v1/search?q=secret", "/v1/search?q=secret&unmask=false", "/v1/cases",
              "/v1/search?q=secret&unmask=yes", "/v1/search?unmask=%FF"}) {
            request.target = target;
            note_unmasking(logging, caller, request);
        }
        CHECK(log.count("personal_data_shown") == 0);
        for (const char* const target :
             {"/v1/search?q=secret&unmask=true", "/v1/cases?track=secret&unmask=true",
              "/v1/cases/440000202000001?unmask=true", "/v1/notices/7?unmask=true"}) {
            request.target = target;
            note_unmasking(logging, caller, request);
        }
        CHECK(log.count("personal_data_shown") == 4);
        const std::string text = log.text();
        CHECK(text.find("secret") == std::string::npos);
        for (const char* const part : {"\"/v1/search\"", "\"/v1/cases\"", "\"/v1/notices/7\"",
                                       "\"/v1/cases/440000202000001\"", "unix:uid=1000"}) {
            CAPTURE(part);
            CHECK(text.find(part) != std::string::npos);
        }
    }
}

}  // namespace tongbao::client
