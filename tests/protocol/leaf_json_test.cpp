#include "protocol/leaf_json.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::replaced;

namespace {

Checked<Leaf> read_leaf_text(const std::string& text) {
    return read_leaf(as_bytes(text));
}

}  // namespace

TEST_SUITE("leaf of a batch") {
    TEST_CASE("the format decides whether a leaf is a notice or an act") {
        const Checked<Leaf> notice = read_leaf_text(samples::notice_text());
        REQUIRE(notice.has_value());
        CHECK(*notice == Leaf(samples::notice()));
        CHECK(sender(*notice) == UnitId("bureau_a"));
        CHECK(identifier(*notice) == samples::uuid_of(samples::kNoticeId));

        const Checked<Leaf> act = read_leaf_text(samples::act_text());
        REQUIRE(act.has_value());
        CHECK(*act == Leaf(samples::act()));
        CHECK(sender(*act) == UnitId("bureau_b"));
        CHECK(identifier(*act) == samples::uuid_of(samples::kActId));
    }

    TEST_CASE("the members of one under the format of the other are refused") {
        CHECK(
            read_leaf_text(replaced(samples::notice_text(), "notice/v1", "act/v1")).error().code ==
            Errc::missing_member);
        CHECK(read_leaf_text(replaced(samples::act_text(), "act/v1", "notice/v1")).error().code ==
              Errc::missing_member);
    }

    TEST_CASE("a format that is unknown or missing or twice is refused") {
        CHECK(read_leaf_text(replaced(samples::act_text(), "act/v1", "act/v2")).error().code ==
              Errc::unknown_format);
        CHECK(read_leaf_text(R"({"id":1})").error().code == Errc::missing_member);
        CHECK(read_leaf_text(R"({"format":7})").error().code == Errc::wrong_type);
        CHECK(read_leaf_text(R"({"format":"tongbao/act/v1","format":"tongbao/notice/v1"})")
                  .error()
                  .code == Errc::duplicate_member);
        CHECK(read_leaf_text("[]").error().code == Errc::wrong_type);
        CHECK(read_leaf_text("").error().code == Errc::malformed_json);
    }
}
