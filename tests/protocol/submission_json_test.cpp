#include "protocol/submission_json.hpp"

#include "protocol/limits.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tongbao::protocol {
namespace {

using nlohmann::json;

/// `code place` of what is wrong; empty if it is read.
std::string fault_of(const std::string& text) {
    const Checked<Submit> read = read_submission(as_bytes(text));
    if (read) return {};
    return std::string(code(read.error().code)) + ' ' + read.error().place;
}

Digest filled(std::uint8_t byte) {
    Digest::Array array{};
    array.fill(byte);
    return Digest(array);
}

TEST_SUITE("submission json") {
    TEST_CASE("a submission is read from base64") {
        // RFC 4648 section 10: "foob" is Zm9vYg==, "fooba" Zm9vYmE=, "foobar" Zm9vYmFy.
        const Checked<Submit> read = read_submission(
            as_bytes(R"({"statement":"Zm9vYg==","leaves":["Zm9vYmE=","Zm9vYmFy"]})"));
        REQUIRE(read.has_value());
        CHECK(read->number == 0);
        CHECK(read->statement == to_bytes("foob"));
        CHECK(read->leaves == std::vector<Bytes>{to_bytes("fooba"), to_bytes("foobar")});
    }

    TEST_CASE("what is written is what is read") {
        const Submit submit{0, {0, 255, 13, 10}, {to_bytes("a"), {0}, to_bytes("leaf")}};
        const std::string text = write_submission(submit);
        const Checked<Submit> read = read_submission(as_bytes(text));
        REQUIRE(read.has_value());
        CHECK(*read == submit);
        const json parsed = json::parse(text);
        CHECK(parsed.at("leaves").size() == 3);
    }

    TEST_CASE("anything else is refused at its place") {
        CHECK(fault_of(R"({"leaves":[]})") == "missing_member statement");
        CHECK(fault_of(R"({"statement":"Zg=="})") == "missing_member leaves");
        CHECK(fault_of(R"({"statement":"Zg==","leaves":[],"more":1})") == "unknown_member more");
        CHECK(fault_of(R"({"statement":7,"leaves":[]})") == "wrong_type statement");
        CHECK(fault_of(R"({"statement":"Zg","leaves":[]})") == "bad_value statement");
        CHECK(fault_of(R"({"statement":"Zg==","leaves":"Zg=="})") == "wrong_type leaves");
        CHECK(fault_of(R"({"statement":"Zg==","leaves":["Zg==",null]})") == "wrong_type leaves[1]");
        CHECK(fault_of(R"({"statement":"Zg==","leaves":["Zg==","Zg"]})") == "bad_value leaves[1]");
        // The unused bits are not zero: a second spelling of one byte.
        CHECK(fault_of(R"({"statement":"Zg==","leaves":["Zh=="]})") == "bad_value leaves[0]");
        CHECK(fault_of(R"({"statement":"Zg==","statement":"Zg==","leaves":[]})")
                  .starts_with("duplicate_member"));
        CHECK_FALSE(fault_of("[]").empty());
        CHECK_FALSE(fault_of("").empty());
    }

    TEST_CASE("as many leaves as a batch may have and not one more") {
        json text{{"statement", "Zg=="}, {"leaves", json::array()}};
        for (std::size_t i = 0; i < kMaxLeavesPerBatch; ++i) text["leaves"].push_back("Zg==");
        CHECK(fault_of(text.dump()).empty());
        text["leaves"].push_back("Zg==");
        CHECK(fault_of(text.dump()) == "bad_value leaves");
    }

    TEST_CASE("a body beyond the limit is not read") {
        std::string text = R"({"statement":"Zg==","leaves":[]})";
        text.append(kMaxSubmissionBytes - text.size(), ' ');
        CHECK(fault_of(text).empty());
        text += ' ';
        CHECK(fault_of(text).starts_with("too_large"));
    }

    TEST_CASE("an outcome shows each leaf and where the entries stand") {
        Outcome outcome;
        outcome.number = 3;
        outcome.leaves = {
            LeafAccepted{LogIndex(12), false},
            LeafAccepted{LogIndex(4), true, {to_bytes("fooba"), {filled(3)}}},
            LeafRefused{LogIndex(13), {{Errc::missing_field, "fields.site", "站\"点"}}},
            LeafRefused{std::nullopt, {{Errc::id_conflict, "id", ""}}}};
        outcome.head.checkpoint = "a note\n";
        outcome.run = {LogIndex(12), {to_bytes("foo"), to_bytes("foobar")}, {filled(1), filled(2)}};
        const json shown = json::parse(write_outcome(outcome));
        CHECK(shown.at("leaves").at(0) ==
              json{{"status", "accepted"}, {"index", 12}, {"repeated", false}});
        CHECK(shown.at("leaves").at(1) ==
              json{{"status", "accepted"},
                   {"index", 4},
                   {"repeated", true},
                   {"entry", "Zm9vYmE="},
                   {"proof", json::array({"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="})}});
        const json& refused = shown.at("leaves").at(2);
        CHECK(refused.at("status") == "refused");
        CHECK(refused.at("index") == 13);
        CHECK(refused.at("reasons").at(0).at("code") == "missing_field");
        CHECK(shown.at("leaves").at(3).contains("index") == false);
        CHECK(shown.at("checkpoint") == "a note\n");
        CHECK(shown.at("first") == 12);
        CHECK(shown.at("entries") == json{"Zm9v", "Zm9vYmFy"});
        CHECK(shown.at("proof") == json{"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                                        "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="});
    }

    TEST_CASE("a leaf's outcome tells what its entry says of case, time and lateness") {
        const LeafOutcome accepted = LeafAccepted{LogIndex(12), false};
        const json told = json::parse(write_leaf_outcome(accepted, CaseNumber("440000202600001"),
                                                         *parse_utc("2026-11-22T09:30:00.123Z"),
                                                         {"send_within", "checks[2]"}));
        CHECK(told == json{{"status", "accepted"},
                           {"index", 12},
                           {"repeated", false},
                           {"case", "440000202600001"},
                           {"logged_at", "2026-11-22T09:30:00.123Z"},
                           {"late", {"send_within", "checks[2]"}}});
        CHECK_FALSE(json::parse(write_leaf_outcome(accepted)).contains("late"));
    }

    TEST_CASE("an outcome without entries has no place in the log to show") {
        Outcome outcome;
        outcome.leaves = {LeafAccepted{LogIndex(4), true}};
        outcome.head.checkpoint = "a note\n";
        const json shown = json::parse(write_outcome(outcome));
        CHECK(shown.size() == 2);
        CHECK(shown.contains("leaves"));
        CHECK(shown.contains("checkpoint"));
    }
}

}  // namespace
}  // namespace tongbao::protocol
