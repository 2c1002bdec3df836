#include "domain/charter_checker.hpp"
#include "tests/protocol/broken_charter.hpp"

using namespace tongbao;
using namespace tongbao::testing;
using nlohmann::json;

namespace {

json& acts(json& text, const char* kind_id) {
    return kind(text, kind_id)["on_answered"];
}

auto with(const char* kind_id, json rules) {
    return [kind_id, rules = std::move(rules)](json& text) { acts(text, kind_id) = rules; };
}

constexpr const char* kCorrection = "kinds.correction.on_answered";
constexpr const char* kDecision = "kinds.extension_decision.on_answered";
constexpr const char* kUrging = "kinds.urging.on_answered";

}  // namespace

TEST_SUITE("acts on the notice answered") {
    TEST_CASE("each shipped charter marks what corrects, withdraws, extends and urges") {
        for (const char* const path :
             {"domain/charters/guangdong-2020.json", "domain/charters/jilin.json"}) {
            CAPTURE(path);
            const Charter charter = load(path);
            std::set<AnsweredAct> found;
            for (const Kind& kind : charter.parts().kinds) {
                for (const AnsweredRule& rule : kind.on_answered) found.insert(rule.act);
            }
            CHECK(found == std::set{AnsweredAct::correct, AnsweredAct::withdraw,
                                    AnsweredAct::extend, AnsweredAct::urge});
        }
    }

    TEST_CASE("an act has exactly the members that are its own") {
        expect_faults({
            {"no act", with("urging", {{{"when", "strictly == true"}}}), Errc::missing_member,
             std::string(kUrging) + "[0].act"},
            {"unknown act", with("urging", {{{"act", "press"}}}), Errc::bad_value,
             std::string(kUrging) + "[0].act"},
            {"none at all", with("urging", json::array()), Errc::bad_value, kUrging},
            {"nothing that counts instead", with("correction", {{{"act", "correct"}}}),
             Errc::missing_member, std::string(kCorrection) + "[0].replaced_by"},
            {"withdrawn for another",
             [](json& t) { acts(t, "correction")[1]["replaced_by"] = "why"; }, Errc::unknown_member,
             std::string(kCorrection) + "[1].replaced_by"},
            {"no new limit", with("extension_decision", {{{"act", "extend"}}}),
             Errc::missing_member, std::string(kDecision) + "[0].new_due"},
            {"urged until", [](json& t) { acts(t, "urging")[1]["new_due"] = "strictly"; },
             Errc::unknown_member, std::string(kUrging) + "[1].new_due"},
            {"colour", [](json& t) { acts(t, "urging")[1]["colour"] = "red"; },
             Errc::unknown_member, std::string(kUrging) + "[1].colour"},
            {"grammar", [](json& t) { acts(t, "urging")[0]["when"] = "strictly = true"; },
             kExpression, std::string(kUrging) + "[0].when"},
            {"name", [](json& t) { acts(t, "urging")[0]["when"] = "present(colour)"; }, kExpression,
             std::string(kUrging) + "[0].when"},
        });
    }

    TEST_CASE("what an act names is a field of a type that fits") {
        expect_faults({
            {"absent", [](json& t) { acts(t, "correction")[0]["replaced_by"] = "other"; },
             kUnresolved, std::string(kCorrection) + "[0].replaced_by"},
            {"no reference", [](json& t) { acts(t, "correction")[0]["replaced_by"] = "why"; }, kBad,
             std::string(kCorrection) + "[0].replaced_by"},
            {"no time",
             [](json& t) { acts(t, "extension_decision")[0]["new_due"] = "legal_basis"; }, kBad,
             std::string(kDecision) + "[0].new_due"},
            {"no words", [](json& t) { acts(t, "extension_decision")[0]["basis"] = "granted"; },
             kBad, std::string(kDecision) + "[0].basis"},
        });
    }

    TEST_CASE("an act fits what its kind may point at") {
        expect_faults({
            {"taken back by anyone",
             [](json& t) { kind(t, "correction")["answers"] = "any_open_clock"; }, kBad,
             std::string(kCorrection) + "[0].act"},
            {"urged what is one's own",
             [](json& t) { kind(t, "urging")["answers"] = "own_notice"; }, kBad,
             std::string(kUrging) + "[1].act"},
            {"extended by who was not asked",
             [](json& t) { kind(t, "extension_decision")["answers"] = "any_open_clock"; }, kBad,
             std::string(kDecision) + "[0].act"},
            {"extended by a common answer",
             [](json& t) {
                 kind(t, "level_alarm")["replies"].push_back({{"kind", "extension_decision"},
                                                              {"as", "reply"},
                                                              {"within", "reply_5wd"},
                                                              {"optional", true}});
             },
             kBad, std::string(kDecision) + "[0].act"},
            {"urged by a member", [](json& t) { kind(t, "urging")["from"].push_back("reeds"); },
             kBad, std::string(kUrging) + "[1].act"},
        });
    }

    TEST_CASE("of several acts no two can be seen to hold at once") {
        expect_faults({
            {"one without a condition", [](json& t) { acts(t, "urging")[1].erase("when"); }, kBad,
             std::string(kUrging) + "[1].when"},
            {"the same condition",
             [](json& t) { acts(t, "urging")[1]["when"] = acts(t, "urging")[0]["when"]; }, kBad,
             std::string(kUrging) + "[1].when"},
        });
        json one = charter_text();
        acts(one, "urging") = {{{"act", "urge"}}};
        CHECK(faults_of(one.dump()).empty());
    }

    TEST_CASE("what takes a notice back reverses its effects and nothing else does") {
        expect_faults({
            {"no effect", [](json& t) { kind(t, "correction")["effects"].erase(1); }, kBad,
             std::string(kCorrection) + "[0].act"},
            {"no act", [](json& t) { kind(t, "correction").erase("on_answered"); }, kBad,
             "kinds.correction.effects[1].reverse"},
        });
    }

    TEST_CASE("the hub may read what an act needs and nothing for its sake besides") {
        // In L3 exactly what the hub evaluates is clear.
        const auto in_l3 = [](bool clear) {
            return [clear](json& t) {
                json& kind_text = kind(t, "correction");
                kind_text["class"] = "L3";
                field(t, "correction", "why")["clear"] = false;
                field(t, "correction", "replaced_by")["clear"] = clear;
            };
        };
        expect_faults(
            {{"encrypted", in_l3(false), kBad, "kinds.correction.fields.replaced_by.clear"}});
        json good = charter_text();
        in_l3(true)(good);
        CHECK(faults_of(good.dump()).empty());
    }
}
