#include "protocol/log_entry_json.hpp"

#include "protocol/act_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/notice_json.hpp"
#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/log_entry_samples.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::digest_of;
using samples::entry_of;
using samples::entry_samples;
using samples::hex_of;
using samples::ref_text;
using samples::Sample;
using samples::sample;

namespace {

using Json = nlohmann::ordered_json;

Checked<LogEntry> read_entry_text(const std::string& text) {
    return read_log_entry(as_bytes(text));
}

void check_entry_refused(const std::string& text, Errc code, std::string_view place) {
    CAPTURE(text);
    const Checked<LogEntry> entry = read_entry_text(text);
    REQUIRE(entry.has_error());
    CHECK(entry.error().code == code);
    CHECK(entry.error().place == place);
}

void gather_names(const Json& json, std::set<std::string>& names) {
    for (const auto& [name, value] : json.items()) {
        if (json.is_object()) names.insert(name);
        if (value.is_structured()) gather_names(value, names);
    }
}

/// 76 characters, the longest id that a unit can have.
UnitId longest_unit(char last) {
    return UnitId("local.990000." + std::string(62, 'u') + last);
}

const SignedLeaf kAnyLeaf{digest_of(0xff), digest_of(0xff), digest_of(0xff), digest_of(0xff)};
constexpr LogIndex kLastIndex(9007199254740991u);

/// The notice with so many recipients of the longest names that it just fits its own limit.
Notice widest_notice() {
    Notice notice = samples::notice();
    notice.fields.clear();
    notice.attachments.clear();
    notice.cc.clear();
    notice.kind = KindId(std::string(63, 'k'));
    notice.charter = CharterId(std::string(63, 'c'));
    notice.charter_version = CharterVersion(4294967295u);
    notice.from = longest_unit('a');
    notice.to.assign(kMaxRecipients, longest_unit('b'));
    return notice;
}

}  // namespace

TEST_SUITE("log entry as JSON") {
    TEST_CASE("an entry is recognised by what it must say with its time and salt") {
        for (const Sample& each : entry_samples()) {
            CAPTURE(each.text);
            const auto entry = recognise_log_entry(as_bytes(each.text), each.entry.event);
            REQUIRE(entry.has_value());
            CHECK(*entry == each.entry);
        }
    }

    TEST_CASE("no other text is recognised, not even one that says the same") {
        const std::vector<Sample> all = entry_samples();
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t j = 0; j < all.size(); ++j) {
                if (i == j) continue;
                CHECK_FALSE(recognise_log_entry(as_bytes(all[i].text), all[j].entry.event));
            }
        }
        const Sample& one = all.front();
        for (std::size_t at = 0; at < one.text.size(); ++at) {
            CAPTURE(at);
            CHECK_FALSE(recognise_log_entry(as_bytes(one.text.substr(0, at)), one.entry.event));
            std::string other = one.text;
            other[at] = other[at] == '#' ? '!' : '#';
            CHECK_FALSE(recognise_log_entry(as_bytes(other), one.entry.event));
        }
        CHECK_FALSE(recognise_log_entry(as_bytes(one.text + ' '), one.entry.event));
        CHECK_FALSE(recognise_log_entry(as_bytes(one.text + "}"), one.entry.event));
        std::string spaced = one.text;
        spaced.insert(1, 1, ' ');
        REQUIRE(read_entry_text(spaced).has_value());
        CHECK_FALSE(recognise_log_entry(as_bytes(spaced), one.entry.event));
    }

    TEST_CASE("an entry of every event is written and read byte for byte") {
        for (const Sample& each : entry_samples()) {
            CAPTURE(each.text);
            CHECK(write_log_entry(each.entry) == each.text);
            const Checked<LogEntry> entry = read_entry_text(each.text);
            REQUIRE(entry.has_value());
            CHECK(*entry == each.entry);
            CHECK(event_word(each.entry.event) == Json::parse(each.text)["event"]);
        }
    }

    TEST_CASE("every example of the documentation can be read and has one spelling") {
        std::string page = testing::read_source_file("docs/LOG_FORMAT.md");
        constexpr std::string_view kBegin = "```json\n";
        std::set<std::string, std::less<>> words;
        for (std::size_t at = page.find(kBegin); at != std::string::npos;
             at = page.find(kBegin, at)) {
            at += kBegin.size();
            std::string text = page.substr(at, page.find("```", at) - at);
            std::erase(text, '\n');
            std::string compact;
            bool after_comma = false;
            for (const char each : text) {
                if (each == ' ' && after_comma) continue;
                after_comma = each == ',';
                compact += each;
            }
            CAPTURE(compact);
            const Checked<LogEntry> entry = read_entry_text(compact);
            REQUIRE(entry.has_value());
            CHECK(write_log_entry(*entry) == compact);
            words.insert(std::string(event_word(entry->event)));
        }
        CHECK(words.size() == 17);
        for (const char* word : {"dispatched", "closed_by_sender", "escalated", "overdue", "closed",
                                 "corrected", "extended", "urged"}) {
            CHECK(words.contains(word));
        }
    }

    TEST_CASE(
        "no entry has a member for a title or a document number or a value or words or a person") {
        std::set<std::string> names;
        for (const Sample& each : entry_samples()) gather_names(Json::parse(each.text), names);
        CHECK(names ==
              std::set<std::string>{"answer",      "asked",     "by",          "case",
                                    "case_opened", "cc",        "certificate", "certificate_sha256",
                                    "charter",     "clock",     "clocks",      "compromised_since",
                                    "consent",     "deed",      "due",         "event",
                                    "format",      "from",      "id",          "index",
                                    "kind",        "late",      "leaf_hash",   "limit",
                                    "notice",      "notices",   "predecessor", "reasons",
                                    "record",      "register",  "reply",       "restored",
                                    "salt",        "sha256",    "signature",   "signer",
                                    "spiffe",      "statement", "step",        "text",
                                    "time",        "to",        "unit",        "verifier_key",
                                    "version"});
    }

    TEST_CASE("a member that is missing or null or twice or unknown is refused") {
        const std::set<std::string> optional{"case_opened", "compromised_since", "consent", "kind",
                                             "late",        "predecessor",       "restored"};
        for (const Sample& each : entry_samples()) {
            const Json sample = Json::parse(each.text);
            for (const auto& [name, value] : sample.items()) {
                Json json = sample;
                json.erase(name);
                const bool may_go =
                    optional.contains(name) &&
                    (name == "case_opened" || name == "late" || sample["event"] != "logged");
                if (name == "reply") {
                    // Without it the clock is the receipt's, which is the first.
                    check_entry_refused(json.dump(), Errc::bad_value, "clock");
                } else if (may_go) {
                    CHECK(read_entry_text(json.dump()).has_value());
                } else {
                    check_entry_refused(json.dump(), Errc::missing_member, name);
                }
                json = sample;
                json[name] = nullptr;
                check_entry_refused(json.dump(), Errc::wrong_type, name);
                json[name] = 7;
                if (value.is_number()) json[name] = "7";
                check_entry_refused(json.dump(), Errc::wrong_type, name);
                std::string twice = each.text;
                twice.insert(twice.size() - 1, ",\"" + name + "\":" + value.dump());
                check_entry_refused(twice, Errc::duplicate_member, name);
            }
            for (const char* name : {"title", "doc_no", "person", "reason", "fields"}) {
                Json json = sample;
                json[name] = "x";
                check_entry_refused(json.dump(), Errc::unknown_member, name);
            }
        }
    }

    TEST_CASE("the case of a notice is a number that can be given and is opened or not") {
        const Json opened = Json::parse(entry_samples()[19].text);
        REQUIRE(opened.contains("case_opened"));
        const auto with = [&opened](const std::string& name, const Json& value) {
            Json json = opened;
            json[name] = value;
            return json.dump();
        };
        Json named = opened;
        named.erase("case_opened");
        const Checked<LogEntry> entry = read_entry_text(named.dump());
        REQUIRE(entry.has_value());
        CHECK(std::get<LoggedEvent>(entry->event).case_number == CaseNumber("440000202600001"));
        CHECK_FALSE(std::get<LoggedEvent>(entry->event).opens_case);
        check_entry_refused(with("case_opened", false), Errc::bad_value, "case_opened");
        // The serial 00000 is never given.
        for (const char* text : {"", "440000202600000", "44000020260001", "4400002026000011",
                                 "44000020260000x", " 440000202600001"}) {
            CAPTURE(text);
            check_entry_refused(with("case", text), Errc::bad_value, "case");
        }
    }

    TEST_CASE("a step of an escalation has the places and words that there can be") {
        const std::vector<Sample> all = entry_samples();
        constexpr std::size_t kEscalated = 15, kOverdue = 16, kReceipt = 17;
        const auto with = [&all](std::size_t which, const std::string& name, const Json& value) {
            Json json = Json::parse(all[which].text);
            json[name] = value;
            return json.dump();
        };
        for (const char* name : {"clock", "reply", "limit", "step"}) {
            CHECK(read_entry_text(with(kEscalated, name, 65535)).has_value());
            check_entry_refused(with(kEscalated, name, 65536), Errc::bad_value, name);
            check_entry_refused(with(kEscalated, name, -1), Errc::bad_value, name);
        }
        for (const char* deed : {"remind", "urge", "supervise", "list_for_meeting"}) {
            CHECK(read_entry_text(with(kEscalated, "deed", deed)).has_value());
        }
        // It has an event of its own: one step has one spelling.
        check_entry_refused(with(kEscalated, "deed", "mark_overdue"), Errc::bad_value, "deed");
        check_entry_refused(with(kEscalated, "deed", "Urge"), Errc::bad_value, "deed");
        check_entry_refused(with(kOverdue, "deed", "mark_overdue"), Errc::unknown_member, "deed");
        check_entry_refused(with(kReceipt, "clock", 1), Errc::bad_value, "clock");
        check_entry_refused(with(kEscalated, "unit", "Bureau"), Errc::bad_value, "unit");
        check_entry_refused(with(kEscalated, "due", "2026-11-22"), Errc::bad_value, "due");
        check_entry_refused(with(kEscalated, "row", "a"), Errc::unknown_member, "row");
        check_entry_refused(with(kEscalated, "notice", {{"index", 17}}), Errc::missing_member,
                            "notice.sha256");
        check_entry_refused(with(18, "unit", "Bureau"), Errc::bad_value, "unit");
        check_entry_refused(with(18, "from", "bureau_b"), Errc::unknown_member, "from");
    }

    TEST_CASE("an entry cut at any byte is refused") {
        for (const Sample& each : entry_samples()) {
            for (std::size_t size = 0; size < each.text.size(); ++size) {
                CHECK(read_entry_text(each.text.substr(0, size)).has_error());
            }
        }
    }

    TEST_CASE("values of another form are refused") {
        const std::vector<Sample> all = entry_samples();
        const auto with = [&all](std::size_t which, const std::string& name, const Json& value) {
            Json json = Json::parse(all[which].text);
            json[name] = value;
            return json.dump();
        };
        constexpr std::size_t kLogged = 0, kRefusedEntry = 1, kDelivered = 3, kSignedFor = 4,
                              kReplied = 8, kAdopted = 9, kEnrolled = 13, kRevoked = 14;
        check_entry_refused(with(kLogged, "format", "tongbao/log-entry/v2"), Errc::unknown_format,
                            "format");
        check_entry_refused(with(kLogged, "event", "archived"), Errc::bad_value, "event");
        check_entry_refused(with(kLogged, "time", "2026-11-22T09:30:01Z"), Errc::bad_value, "time");
        check_entry_refused(with(kLogged, "salt", "AAECAwQFBgcICQoLDA0O"), Errc::bad_value, "salt");
        check_entry_refused(with(kLogged, "from", "Bureau"), Errc::bad_value, "from");
        check_entry_refused(with(kLogged, "to", Json::array()), Errc::bad_value, "to");
        check_entry_refused(with(kLogged, "to", {"x", 1}), Errc::wrong_type, "to");
        check_entry_refused(with(kLogged, "to", {"X"}), Errc::bad_value, "to");
        CHECK(read_entry_text(with(kLogged, "cc", Json::array())).has_value());
        check_entry_refused(with(kLogged, "sha256", hex_of("AB")), Errc::bad_value, "sha256");
        check_entry_refused(with(kLogged, "register", "00"), Errc::bad_value, "register");
        check_entry_refused(with(kAdopted, "charter", {{"id", "c"}, {"version", 0}}),
                            Errc::bad_value, "charter.version");
        check_entry_refused(with(kAdopted, "charter", {{"id", "c"}, {"version", 1}, {"x", 1}}),
                            Errc::unknown_member, "charter.x");
        check_entry_refused(with(kRefusedEntry, "reasons", Json::array()), Errc::bad_value,
                            "reasons");
        check_entry_refused(with(kRefusedEntry, "reasons", {"nothing"}), Errc::bad_value,
                            "reasons");
        check_entry_refused(with(kRefusedEntry, "reasons", {"missing_field", "unknown_kind"}),
                            Errc::bad_value, "reasons");
        check_entry_refused(with(kRefusedEntry, "reasons", {"missing_field", "missing_field"}),
                            Errc::bad_value, "reasons");
        const Json ref = Json::parse(ref_text("0a", "17"));
        check_entry_refused(with(kDelivered, "notices", Json::array()), Errc::bad_value, "notices");
        check_entry_refused(with(kSignedFor, "notices", {ref, Json::parse(ref_text("0a", "18"))}),
                            Errc::bad_value, "notices");
        check_entry_refused(with(kDelivered, "notices", {ref, 1}), Errc::wrong_type, "notices[1]");
        check_entry_refused(with(kDelivered, "notices", {ref, ref}), Errc::bad_value, "notices[1]");
        Json many = Json::array();
        for (int index = 0; index < 256; ++index) {
            many.push_back(Json::parse(ref_text("0a", std::to_string(index))));
        }
        CHECK(read_entry_text(with(kDelivered, "notices", many)).has_value());
        many.push_back(Json::parse(ref_text("0a", "256")));
        check_entry_refused(with(kDelivered, "notices", many), Errc::bad_value, "notices");
        check_entry_refused(with(kEnrolled, "consent", Json::object()), Errc::missing_member,
                            "consent.text");
        check_entry_refused(with(kEnrolled, "consent", {{"text", "x"}, {"signature", "AA"}}),
                            Errc::bad_value, "consent.signature");
        check_entry_refused(
            with(kEnrolled, "consent", {{"text", "x"}, {"signature", "AwQF"}, {"by", "x"}}),
            Errc::unknown_member, "consent.by");
        check_entry_refused(with(kRevoked, "compromised_since", "2026-11-22"), Errc::bad_value,
                            "compromised_since");
        check_entry_refused(with(kReplied, "asked", {{"index", 1}}), Errc::missing_member,
                            "asked.sha256");
        check_entry_refused(with(kReplied, "answer", {{"sha256", hex_of("0a")}, {"index", -1}}),
                            Errc::bad_value, "answer.index");
    }

    TEST_CASE("the entry of a notice with 256 recipients of the longest names fits a bundle") {
        const Notice notice = widest_notice();
        CHECK(notice.to.front().value().size() == 76);
        REQUIRE(parse_unit_id(notice.to.front().value()).has_value());
        REQUIRE(read_notice(as_bytes(write_notice(notice))).has_value());
        const std::string text = write_log_entry(entry_of(LoggedEvent{kAnyLeaf,
                                                                      notice.from,
                                                                      notice.to,
                                                                      notice.cc,
                                                                      notice.kind,
                                                                      notice.charter,
                                                                      notice.charter_version,
                                                                      digest_of(0xff),
                                                                      {},
                                                                      CaseNumber("440000202699999"),
                                                                      true}));
        CHECK(text.size() <= 65'535);
        CHECK(read_entry_text(text).has_value());
    }

    TEST_CASE("the entry of an act on 256 notices fits a bundle") {
        std::vector<NoticeRef> notices;
        for (std::size_t i = 0; i < kMaxNoticesPerAct; ++i) {
            notices.push_back({digest_of(0xff), LogIndex(kLastIndex.value() - i)});
        }
        const std::string text = write_log_entry(entry_of(
            ActEvent{kAnyLeaf, ActKind::delivered, longest_unit('a'), notices, digest_of(0xff)}));
        CHECK(text.size() <= 65'535);
        CHECK(read_entry_text(text).has_value());
    }

    TEST_CASE("the entry of a refusal with every reason there is fits a bundle") {
        const std::string text = write_log_entry(
            entry_of(RefusedEvent{kAnyLeaf, longest_unit('a'), KindId(std::string(63, 'k')),
                                  std::vector<Errc>(all_errcs().begin(), all_errcs().end())}));
        CHECK(text.size() <= 65'535);
        CHECK(read_entry_text(text).has_value());
    }
}
