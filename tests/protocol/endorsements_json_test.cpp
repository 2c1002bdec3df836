// Endorsements on the stream, in plain HTTP and in log entries, against bytes and texts written out
// by hand.

#include "domain/endorsement.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/message_codec.hpp"
#include "protocol/submission_json.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::digest_of;
using samples::from_spaced_hex;
using samples::hex_of;

namespace {

using Json = nlohmann::ordered_json;

/// A Submit of the leaves `{}` and `1` with these bytes for its endorsements.
Bytes submit_with(const std::string& endorsements) {
    return from_spaced_hex("02 000000000000000a 00000002 dead 00000002 00000002 7b7d 00000001 31 " +
                           endorsements);
}

/// A Delivery of a leaf and another unit's hash, with these bytes for its endorsements.
Bytes delivery_with(const std::string& endorsements) {
    return from_spaced_hex("13 0000000000000028 " + hex_of("25") + " 00000001 ab 00000002 " +
                           "00 0000000000000028 00000001 09 01 " + hex_of("26") +
                           " 00000000 00000000 0000000000000000 00000000 00000000 " + endorsements);
}

bool is_refused(const Bytes& frame) {
    const Result<Message> message = decode(frame);
    return message.has_error() && message.error() == Errc::protocol_violation;
}

/// `count` statements of one byte each at the position.
std::string hex_at(const std::string& position, std::uint8_t count) {
    std::string text = position + " 0000000" + std::to_string(count);
    for (std::uint8_t i = 0; i < count; ++i) text += " 00000001 aa";
    return text + ' ';
}

std::vector<Bytes> statements(std::size_t count) {
    return std::vector<Bytes>(count, Bytes{0xaa});
}

/// `code place` of what is wrong with a submission of two leaves; empty if it is read.
std::string submission_fault(const std::string& endorsements) {
    const std::string text =
        R"({"statement":"Zg==","leaves":["Zg==","Zm8="],"endorsements":)" + endorsements + '}';
    const Checked<Submit> read = read_submission(as_bytes(text));
    if (read) return {};
    return std::string(code(read.error().code)) + ' ' + read.error().place;
}

std::string entry_text(const std::string& endorsements) {
    return R"({"format":"tongbao/log-entry/v1","event":"logged",)"
           R"("time":"2026-11-22T09:30:01.007Z","salt":"AAECAwQFBgcICQoLDA0ODw==",)"
           R"("from":"bureau_a","to":["bureau_b"],"cc":[],"kind":"case_transfer",)"
           R"("charter":{"id":"sample_2026","version":3},"sha256":")" +
           hex_of("01") + R"(","leaf_hash":")" + hex_of("02") + R"(","statement":")" +
           hex_of("03") + R"(","signer":")" + hex_of("04") + R"(","register":")" + hex_of("05") +
           '"' + endorsements + '}';
}

std::string endorsement_ref(const std::string& role, const std::string& statement = hex_of("0a"),
                            const std::string& signer = hex_of("0b")) {
    return R"({"role":")" + role + R"(","statement":")" + statement + R"(","signer":")" + signer +
           R"("})";
}

/// `code place` of what is wrong with an entry with this array; empty if it is read.
std::string entry_fault(const std::string& array) {
    const std::string text = entry_text(R"(,"endorsements":)" + array);
    const Checked<LogEntry> entry = read_log_entry(as_bytes(text));
    if (entry) return {};
    return std::string(code(entry.error().code)) + ' ' + entry.error().place;
}

}  // namespace

TEST_SUITE("endorsements on the stream") {
    TEST_CASE("a Submit has the bytes that the protocol's description gives") {
        const Submit submit{0x0a,
                            {0xde, 0xad},
                            {{0x7b, 0x7d}, {0x31}},
                            {{0, {{0xbe, 0xef}}}, {1, {{0x01}, {0x02, 0x03}}}}};
        const Bytes bytes = submit_with(
            "00000002 0000 00000001 00000002 beef 0001 00000002 00000001 01 00000002 0203");
        CHECK(encode(submit) == bytes);
        const Result<Message> read = decode(bytes);
        REQUIRE(read.has_value());
        CHECK(std::get<Submit>(*read) == submit);
    }

    TEST_CASE("a Submit without any ends in a count of none") {
        const Bytes bytes = submit_with("00000000");
        CHECK(encode(Submit{0x0a, {0xde, 0xad}, {{0x7b, 0x7d}, {0x31}}}) == bytes);
        CHECK_FALSE(is_refused(bytes));
        CHECK(is_refused(submit_with("")));
    }

    TEST_CASE("a Delivery has the bytes that the protocol's description gives") {
        Delivery delivery;
        delivery.batch = LogIndex(0x28);
        delivery.signer = digest_of(0x25);
        delivery.statement = {0xab};
        delivery.leaves = {DeliveredLeaf{LogIndex(0x28), {9}}, digest_of(0x26)};
        delivery.endorsements = {{0, statements(2)}};
        const Bytes bytes = delivery_with("00000001 " + hex_at("0000", 2));
        CHECK(encode(delivery) == bytes);
        const Result<Message> read = decode(bytes);
        REQUIRE(read.has_value());
        CHECK(std::get<Delivery>(*read) == delivery);
    }

    TEST_CASE("endorsements that no encoder writes are refused in both messages") {
        const auto each = [](const std::string& endorsements) {
            CAPTURE(endorsements);
            CHECK(is_refused(submit_with(endorsements)));
            CHECK(is_refused(delivery_with(endorsements)));
        };
        CHECK_FALSE(is_refused(submit_with("00000001 " + hex_at("0001", 4))));
        CHECK_FALSE(is_refused(delivery_with("00000001 " + hex_at("0001", 4))));
        each("00000001 " + hex_at("0002", 1));                      // position beyond the batch
        each("00000001 " + hex_at("ffff", 1));                      // far beyond it
        each("00000002 " + hex_at("0001", 1) + hex_at("0000", 1));  // falling
        each("00000002 " + hex_at("0001", 1) + hex_at("0001", 1));  // equal
        each("00000001 " + hex_at("0000", 0));                      // a list of none
        each("00000001 " + hex_at("0000", 5));                      // five
        each("00000003 " + hex_at("0000", 1) + hex_at("0001", 1) + hex_at("0002", 1));
        each("00000002 " + hex_at("0000", 1));         // one less than counted
        each("00000001 " + hex_at("0000", 1) + "00");  // a byte left over
        each("00000001 0000 00000001 00000002 aa");    // cut within a statement
        each("ffffffff " + hex_at("0000", 1));
    }

    TEST_CASE("a statement of the largest size goes and one that is longer does not") {
        Submit submit{1, {1}, {{2}}, {{0, {Bytes(kMaxStatementBytes, 0xaa)}}}};
        CHECK_FALSE(is_refused(encode(submit)));
        submit.endorsements.front().statements.front().push_back(0);
        CHECK(is_refused(encode(submit)));
    }

    TEST_CASE("every cut of a message with endorsements is refused") {
        const Bytes whole = submit_with("00000001 " + hex_at("0001", 2));
        REQUIRE_FALSE(is_refused(whole));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(size);
            CHECK(is_refused(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))));
        }
    }

    TEST_CASE("each leaf finds its own endorsements and no other's") {
        const Endorsements all{{1, statements(1)}, {4, statements(3)}};
        CHECK(endorsements_of(all, 0).empty());
        CHECK(endorsements_of(all, 1).size() == 1);
        CHECK(endorsements_of(all, 2).empty());
        CHECK(endorsements_of(all, 4).size() == 3);
        CHECK(endorsements_of(all, 5).empty());
        CHECK(endorsements_of(all, 65'536 + 1).empty());
        CHECK(endorsements_of({}, 0).empty());
    }
}

TEST_SUITE("endorsements in a submission") {
    TEST_CASE("they are read from base64 at their leaf's position") {
        // RFC 4648 section 10: "foob" is Zm9vYg==, "fooba" Zm9vYmE=, "foobar" Zm9vYmFy.
        const std::string text = R"({"statement":"Zg==","leaves":["Zg==","Zm8="],"endorsements":)"
                                 R"([{"leaf":1,"statements":["Zm9vYg==","Zm9vYmE="]}]})";
        const Checked<Submit> read = read_submission(as_bytes(text));
        REQUIRE(read.has_value());
        CHECK(read->endorsements == Endorsements{{1, {to_bytes("foob"), to_bytes("fooba")}}});
        CHECK(write_submission(*read) == text);
    }

    TEST_CASE("without any the member is left out and may be left out") {
        const Submit submit{0, to_bytes("f"), {to_bytes("f")}};
        CHECK(write_submission(submit) == R"({"statement":"Zg==","leaves":["Zg=="]})");
        CHECK(submission_fault("[]").empty());
    }

    TEST_CASE("what is no list of endorsements is refused at its place") {
        const auto one = [](const std::string& leaf, const std::string& statements) {
            return R"({"leaf":)" + leaf + R"(,"statements":)" + statements + '}';
        };
        const std::string good = R"(["Zg=="])";
        REQUIRE(submission_fault('[' + one("0", good) + ',' + one("1", good) + ']').empty());
        REQUIRE(submission_fault('[' + one("1", R"(["Zg==","Zg==","Zg==","Zg=="])") + ']').empty());
        CHECK(submission_fault('[' + one("2", good) + ']') == "bad_value endorsements[0].leaf");
        CHECK(submission_fault('[' + one("-1", good) + ']') == "bad_value endorsements[0].leaf");
        CHECK(submission_fault('[' + one("65536", good) + ']') == "bad_value endorsements[0].leaf");
        CHECK(submission_fault('[' + one("1", good) + ',' + one("0", good) + ']') ==
              "bad_value endorsements[1].leaf");
        CHECK(submission_fault('[' + one("1", good) + ',' + one("1", good) + ']') ==
              "bad_value endorsements[1].leaf");
        CHECK(submission_fault('[' + one("0", "[]") + ']') ==
              "bad_value endorsements[0].statements");
        CHECK(submission_fault('[' + one("0", R"(["Zg==","Zg==","Zg==","Zg==","Zg=="])") + ']') ==
              "bad_value endorsements[0].statements");
        CHECK(submission_fault('[' + one("0", R"(["Zg"])") + ']') ==
              "bad_value endorsements[0].statements[0]");
        CHECK(submission_fault('[' + one("0", R"(["Zg==",7])") + ']') ==
              "wrong_type endorsements[0].statements[1]");
        CHECK(submission_fault('[' + one(R"("0")", good) + ']') ==
              "wrong_type endorsements[0].leaf");
        CHECK(submission_fault(R"([{"leaf":0}])") == "missing_member endorsements[0].statements");
        CHECK(submission_fault(R"([{"statements":["Zg=="]}])") ==
              "missing_member endorsements[0].leaf");
        CHECK(submission_fault(R"([{"leaf":0,"statements":["Zg=="],"role":"issuer"}])") ==
              "unknown_member endorsements[0].role");
        CHECK(submission_fault("[7]").starts_with("wrong_type"));
        CHECK(submission_fault("{}").starts_with("wrong_type"));
        CHECK(submission_fault("null").starts_with("wrong_type"));
    }

    TEST_CASE("a batch of no leaves has none") {
        const std::string text =
            R"({"statement":"Zg==","leaves":[],"endorsements":[{"leaf":0,"statements":["Zg=="]}]})";
        CHECK(read_submission(as_bytes(text)).has_error());
    }
}

TEST_SUITE("endorsements in a log entry") {
    TEST_CASE("an entry names role and statement and signer of each in their order") {
        const std::string text =
            entry_text(R"(,"endorsements":[)" + endorsement_ref("reviewer") + ',' +
                       endorsement_ref("issuer", hex_of("0c"), hex_of("0d")) + ']');
        const Checked<LogEntry> entry = read_log_entry(as_bytes(text));
        REQUIRE(entry.has_value());
        const auto& logged = std::get<LoggedEvent>(entry->event);
        CHECK(logged.endorsements ==
              std::vector<EndorsementRef>{{"reviewer", digest_of(0x0a), digest_of(0x0b)},
                                          {"issuer", digest_of(0x0c), digest_of(0x0d)}});
        CHECK(write_log_entry(*entry) == text);
    }

    TEST_CASE("an entry without any has no such member") {
        const Checked<LogEntry> entry = read_log_entry(as_bytes(entry_text("")));
        REQUIRE(entry.has_value());
        CHECK(std::get<LoggedEvent>(entry->event).endorsements.empty());
        CHECK(write_log_entry(*entry) == entry_text(""));
    }

    TEST_CASE("four are the most and none is no list") {
        std::string list = endorsement_ref("a");
        for (const char* const role : {"b", "c", "d"}) list += ',' + endorsement_ref(role);
        CHECK(entry_fault('[' + list + ']').empty());
        CHECK(entry_fault('[' + list + ',' + endorsement_ref("e") + ']') ==
              "bad_value endorsements");
        CHECK(entry_fault("[]") == "bad_value endorsements");
    }

    TEST_CASE("anything else is refused at its place") {
        for (const char* const role : {"", "Issuer", "is suer", "endorse:issuer", "签发"}) {
            CAPTURE(std::string(role));
            CHECK(entry_fault('[' + endorsement_ref(role) + ']') ==
                  "bad_value endorsements[0].role");
        }
        CHECK(entry_fault('[' + endorsement_ref("issuer", "0a") + ']') ==
              "bad_value endorsements[0].statement");
        CHECK(entry_fault('[' + endorsement_ref("issuer", hex_of("0A")) + ']') ==
              "bad_value endorsements[0].statement");
        CHECK(entry_fault('[' + endorsement_ref("a") + ',' +
                          endorsement_ref("b", hex_of("0a"), "x") + ']') ==
              "bad_value endorsements[1].signer");
        CHECK(entry_fault(R"([{"role":"issuer","statement":")" + hex_of("0a") + R"("}])") ==
              "missing_member endorsements[0].signer");
        CHECK(entry_fault(R"([{"role":"issuer","statement":")" + hex_of("0a") + R"(","signer":")" +
                          hex_of("0b") + R"(","by":"x"}])") == "unknown_member endorsements[0].by");
        CHECK(entry_fault(R"(["issuer"])").starts_with("wrong_type"));
        CHECK(entry_fault("{}").starts_with("wrong_type"));
        CHECK(entry_fault("null").starts_with("wrong_type"));
    }

    TEST_CASE("no other event has endorsements") {
        const std::string list = R"(,"endorsements":[)" + endorsement_ref("issuer") + ']';
        const std::string act =
            R"({"format":"tongbao/log-entry/v1","event":"opened",)"
            R"("time":"2026-11-22T09:30:01.007Z","salt":"AAECAwQFBgcICQoLDA0ODw==",)"
            R"("from":"bureau_b","notices":[{"sha256":")" +
            hex_of("0a") + R"(","index":17}],"sha256":")" + hex_of("01") + R"(","leaf_hash":")" +
            hex_of("02") + R"(","statement":")" + hex_of("03") + R"(","signer":")" + hex_of("04") +
            R"(","register":")" + hex_of("05") + '"';
        REQUIRE(read_log_entry(as_bytes(act + '}')).has_value());
        const std::string endorsed = act + list + '}';
        const Checked<LogEntry> entry = read_log_entry(as_bytes(endorsed));
        REQUIRE(entry.has_error());
        CHECK(entry.error().code == Errc::unknown_member);
    }
}
