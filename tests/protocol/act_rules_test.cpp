#include "domain/act_rules.hpp"

#include "tests/protocol/charter_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

Act declined(std::string reason) {
    Act act;
    act.kind = ActKind::declined;
    act.from = UnitId("dike");
    act.reason = std::move(reason);
    return act;
}

}  // namespace

TEST_SUITE("act rules") {
    TEST_CASE("words that a person can read are taken") {
        const Charter charter = load();
        CHECK(check_words(charter, declined("不属本单位管辖\n请送上级")).empty());
        CHECK(check_words(charter, declined(std::string(4000, 'x'))).empty());
        Act silent = declined("x");
        silent.reason.reset();
        CHECK(check_words(charter, silent).empty());
    }

    TEST_CASE("words that hide, mislead or say nothing are refused") {
        const Charter charter = load();
        const auto refused_for = [&](const std::string& reason) {
            const Reasons reasons = check_words(charter, declined(reason));
            REQUIRE(reasons.size() == 1);
            CHECK(reasons.front().place == "reason");
            return reasons.front().code;
        };
        CHECK(refused_for("不\u001b[2J") == Errc::malformed_field);
        CHECK(refused_for("不\u202e") == Errc::malformed_field);
        CHECK(refused_for(std::string(4001, 'x')) == Errc::malformed_field);
        CHECK(refused_for(" \n\u3000") == Errc::reason_required);
        CHECK(refused_for("见机密★文件") == Errc::refused_mark);
    }

    TEST_CASE("a mark of state secrets is told even where the form is wrong and never quoted") {
        const Reasons reasons = check_words(load(), declined("绝密★\u0007"));
        REQUIRE(reasons.size() == 2);
        CHECK(reasons.back().code == Errc::refused_mark);
        for (const Reason& reason : reasons) {
            CHECK(reason.explanation.find("绝密") == std::string::npos);
        }
    }
}
