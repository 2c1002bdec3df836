#include "tests/protocol/broken_charter.hpp"

#include <string>

using namespace tongbao;
using namespace tongbao::testing;
using nlohmann::json;

TEST_SUITE("charter checker on endorsements") {
    TEST_CASE("a post with the name of an endorsement that is no post's is refused") {
        for (const std::string name : {"reviewer", "issuer", "stamp"}) {
            CAPTURE(name);
            json text = charter_text();
            json post = named(text["posts"], "id", "contact");
            post["id"] = name;
            text["posts"].push_back(post);
            const Reasons faults = faults_of(text.dump());
            REQUIRE(faults.size() == 1);
            CHECK(faults.front().code == kBad);
            CHECK(faults.front().place == "posts." + name);
        }
    }

    TEST_CASE("a post with a name that only begins so is taken") {
        json text = charter_text();
        json post = named(text["posts"], "id", "contact");
        post["id"] = "issuer_2";
        text["posts"].push_back(post);
        CHECK(faults_of(text.dump()).empty());
    }
}
