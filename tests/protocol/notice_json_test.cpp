#include "protocol/notice_json.hpp"

#include "protocol/limits.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <string_view>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::notice_text;
using samples::replaced;

namespace {

using Json = nlohmann::ordered_json;

const std::set<std::string> kOptional{"cc", "case", "in_reply_to", "doc_no"};

Checked<Notice> read_notice_text(const std::string& text) {
    return read_notice(as_bytes(text));
}

void check_notice_refused(const std::string& text, Errc code, std::string_view place) {
    CAPTURE(text.substr(0, 2000));
    const Checked<Notice> notice = read_notice_text(text);
    REQUIRE(notice.has_error());
    CHECK(notice.error().code == code);
    CHECK(notice.error().place == place);
}

/// The sample with `member` as `value`.
std::string notice_with(const std::string& member, const Json& value) {
    Json json = Json::parse(notice_text());
    json[member] = value;
    return json.dump();
}

Json units(std::size_t count) {
    Json list = Json::array();
    for (std::size_t i = 0; i < count; ++i) list.push_back("u" + std::to_string(i));
    return list;
}

Json attachments(std::size_t count) {
    Json list = Json::array();
    for (std::size_t i = 0; i < count; ++i) list.push_back({{"kind", "k"}, {"none", true}});
    return list;
}

/// The sample, its title so long that the text has `size` bytes.
std::string of_size(std::size_t size) {
    const std::string text = notice_with("title", "");
    return notice_with("title", std::string(size - text.size(), 't'));
}

}  // namespace

TEST_SUITE("notice as JSON") {
    TEST_CASE("a notice with every member is read and written byte for byte") {
        const Checked<Notice> notice = read_notice_text(notice_text());
        REQUIRE(notice.has_value());
        CHECK(*notice == samples::notice());
        CHECK(write_notice(samples::notice()) == notice_text());
    }

    TEST_CASE("the members that may be left out are optional and all others are not") {
        const Json sample = Json::parse(notice_text());
        CHECK(sample.size() == 17);
        for (const auto& item : sample.items()) {
            const std::string& name = item.key();
            CAPTURE(name);
            Json json = sample;
            json.erase(name);
            if (!kOptional.contains(name)) {
                check_notice_refused(json.dump(), Errc::missing_member, name);
                continue;
            }
            const Checked<Notice> notice = read_notice_text(json.dump());
            REQUIRE(notice.has_value());
            CHECK(*read_notice_text(write_notice(*notice)) == *notice);
        }
    }

    TEST_CASE("null or another type is refused in every member") {
        const Json sample = Json::parse(notice_text());
        for (const auto& [name, value] : sample.items()) {
            check_notice_refused(notice_with(name, nullptr), Errc::wrong_type, name);
            check_notice_refused(notice_with(name, 7), Errc::wrong_type, name);
            check_notice_refused(notice_with(name, true), Errc::wrong_type, name);
            if (!value.is_string())
                check_notice_refused(notice_with(name, "x"), Errc::wrong_type, name);
            if (!value.is_array())
                check_notice_refused(notice_with(name, Json::array()), Errc::wrong_type, name);
            if (value.is_string())
                check_notice_refused(notice_with(name, ""), Errc::bad_value, name);
        }
    }

    TEST_CASE("a member that stands twice is refused and an unknown one too") {
        const Json sample = Json::parse(notice_text());
        for (const auto& [name, value] : sample.items()) {
            std::string twice = notice_text();
            twice.insert(twice.size() - 1, ",\"" + name + "\":" + value.dump());
            check_notice_refused(twice, Errc::duplicate_member, name);
        }
        check_notice_refused(notice_with("extra", 1), Errc::unknown_member, "extra");
        check_notice_refused(notice_with("Title", "x"), Errc::unknown_member, "Title");
    }

    TEST_CASE("48 KiB pass and one byte more does not") {
        CHECK(of_size(kMaxNoticeBytes).size() == 49'152);
        CHECK(read_notice_text(of_size(49'152)).has_value());
        check_notice_refused(of_size(49'153), Errc::too_large, "");
    }

    TEST_CASE("256 recipients pass and 257 do not whether they get it or a copy") {
        Json json = Json::parse(notice_text());
        json.erase("cc");
        json["to"] = units(256);
        CHECK(read_notice_text(json.dump()).has_value());
        json["to"] = units(257);
        check_notice_refused(json.dump(), Errc::bad_value, "to");
        json["to"] = units(200);
        json["cc"] = units(56);
        CHECK(read_notice_text(json.dump()).has_value());
        json["cc"] = units(57);
        check_notice_refused(json.dump(), Errc::bad_value, "cc");
    }

    TEST_CASE("64 attachments pass and 65 do not") {
        CHECK(read_notice_text(notice_with("attachments", attachments(0))).has_value());
        CHECK(read_notice_text(notice_with("attachments", attachments(64))).has_value());
        check_notice_refused(notice_with("attachments", attachments(65)), Errc::bad_value,
                             "attachments");
    }

    TEST_CASE("a nonce of another length or spelling is refused") {
        // python: base64.b64encode(bytes(15)) and so on
        for (const char* nonce :
             {"AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "AAECAwQFBgcICQoLDA0ODw",
              "AAECAwQFBgcICQoLDA0ODx==", "AAECAwQFBgcICQoLDA0OD_==", " AAECAwQFBgcICQoLDA0ODw="}) {
            check_notice_refused(notice_with("nonce", nonce), Errc::bad_value, "nonce");
        }
    }

    TEST_CASE("identifiers of another form are refused") {
        for (const char* id :
             {"019AB5E2-9C3B-7CC3-98C4-DC0C0C07398F", "019ab5e2-9c3b-4cc3-98c4-dc0c0c07398f",
              "019ab5e29c3b7cc398c4dc0c0c07398f"}) {
            check_notice_refused(notice_with("id", id), Errc::bad_value, "id");
            check_notice_refused(notice_with("in_reply_to", id), Errc::bad_value, "in_reply_to");
        }
        for (const char* unit : {"Bureau", "bureau-a", "1a", "local.99000.x", "local.990000.",
                                 "local.990000.X", "a.b", "bureau a"}) {
            check_notice_refused(notice_with("from", unit), Errc::bad_value, "from");
            check_notice_refused(notice_with("to", {unit}), Errc::bad_value, "to");
            check_notice_refused(notice_with("cc", {"office", unit}), Errc::bad_value, "cc");
        }
        check_notice_refused(notice_with("from", std::string(64, 'a')), Errc::bad_value, "from");
        check_notice_refused(notice_with("to", Json::array()), Errc::bad_value, "to");
        check_notice_refused(notice_with("to", {1}), Errc::wrong_type, "to");
        CHECK(read_notice_text(notice_with("cc", Json::array())).has_value());
    }

    TEST_CASE("a time of another form is refused") {
        for (const char* time : {"2026-11-22T09:30:00Z", "2026-11-22T09:30:00.123+00:00",
                                 "2026-02-29T09:30:00.123Z", "2026-11-22t09:30:00.123Z"}) {
            check_notice_refused(notice_with("issued_at", time), Errc::bad_value, "issued_at");
        }
    }

    TEST_CASE("another format is unknown") {
        for (const char* format : {"tongbao/notice/v2", "tongbao/act/v1", "Tongbao/notice/v1"}) {
            check_notice_refused(notice_with("format", format), Errc::unknown_format, "format");
        }
    }

    TEST_CASE("the charter is an id and a version from 1 to 4294967295") {
        CHECK(read_notice_text(notice_with("charter", {{"id", "c"}, {"version", 4294967295}}))
                  .has_value());
        check_notice_refused(notice_with("charter", {{"id", "c"}, {"version", 4294967296}}),
                             Errc::bad_value, "charter.version");
        check_notice_refused(notice_with("charter", {{"id", "c"}, {"version", 0}}), Errc::bad_value,
                             "charter.version");
        check_notice_refused(notice_with("charter", {{"id", "c"}}), Errc::missing_member,
                             "charter.version");
        check_notice_refused(notice_with("charter", {{"version", 1}}), Errc::missing_member,
                             "charter.id");
        check_notice_refused(notice_with("charter", {{"id", "c"}, {"version", 1}, {"x", 1}}),
                             Errc::unknown_member, "charter.x");
    }

    TEST_CASE("a field holds a scalar or a table or the digest of one") {
        const std::string digest = samples::hex_of("ab");
        const auto fields = [](const Json& value) { return notice_with("fields", {{"f", value}}); };
        CHECK(read_notice_text(notice_with("fields", Json::object())).has_value());
        CHECK(read_notice_text(fields(9007199254740991)).has_value());
        check_notice_refused(fields(nullptr), Errc::wrong_type, "fields.f");
        check_notice_refused(fields(""), Errc::bad_value, "fields.f");
        check_notice_refused(fields(1.5), Errc::bad_number, "fields.f");
        check_notice_refused(fields(Json::array()), Errc::bad_value, "fields.f");
        check_notice_refused(fields({1}), Errc::wrong_type, "fields.f[0]");
        check_notice_refused(fields({{{"a", 1}}, Json::object()}), Errc::bad_value, "fields.f[1]");
        check_notice_refused(fields({{{"a", nullptr}}}), Errc::wrong_type, "fields.f[0].a");
        check_notice_refused(fields({{{"a", ""}}}), Errc::bad_value, "fields.f[0].a");
        check_notice_refused(fields({{{"a", Json::array()}}}), Errc::wrong_type, "fields.f[0].a");
        check_notice_refused(fields(Json::object()), Errc::missing_member, "fields.f.sha256");
        check_notice_refused(fields({{"sha256", digest}, {"x", 1}}), Errc::unknown_member,
                             "fields.f.x");
        check_notice_refused(fields({{"sha256", samples::hex_of("AB")}}), Errc::bad_value,
                             "fields.f.sha256");
        check_notice_refused(replaced(notice_text(), R"("urgent":true)", R"("amount":true)"),
                             Errc::duplicate_member, "fields.amount");
        check_notice_refused(replaced(notice_text(), R"("known":false)", R"("n\u0061me":1)"),
                             Errc::duplicate_member, "fields.subjects[0].name");
    }

    TEST_CASE("an attachment names its file wholly or says that there is none") {
        const Json whole = Json::parse(notice_text())["attachments"][0];
        const auto attach = [](const Json& item) {
            return notice_with("attachments", Json::array({item}));
        };
        for (const auto& [name, value] : whole.items()) {
            Json item = whole;
            item.erase(name);
            check_notice_refused(attach(item), Errc::missing_member, "attachments[0]." + name);
            item[name] = nullptr;
            check_notice_refused(attach(item), Errc::wrong_type, "attachments[0]." + name);
        }
        Json item = whole;
        item["size"] = 67'108'864;  // 64 MiB
        CHECK(read_notice_text(attach(item)).has_value());
        item["size"] = 67'108'865;
        check_notice_refused(attach(item), Errc::bad_value, "attachments[0].size");
        item["size"] = -1;
        check_notice_refused(attach(item), Errc::bad_value, "attachments[0].size");
        item = whole;
        item["none"] = true;
        check_notice_refused(attach(item), Errc::unknown_member, "attachments[0].name");
        check_notice_refused(attach({{"kind", "k"}, {"none", false}}), Errc::bad_value,
                             "attachments[0].none");
        check_notice_refused(attach(1), Errc::wrong_type, "attachments[0]");
    }

    TEST_CASE("a notice cut at any byte is refused") {
        const std::string text = notice_text();
        for (std::size_t size = 0; size < text.size(); ++size) {
            CAPTURE(size);
            CHECK(read_notice_text(text.substr(0, size)).has_error());
        }
        CHECK(read_notice_text(text + "\n").has_value());
        check_notice_refused(text + "x", Errc::malformed_json, "");
    }

    TEST_CASE("a notice that is no object is refused") {
        for (const char* text : {"[]", "1", "null", "\"tongbao/notice/v1\""}) {
            check_notice_refused(text, Errc::wrong_type, "");
        }
    }

    TEST_CASE("the value of one field is shown as it stands in the notice") {
        const Notice notice = samples::notice();
        CHECK(write_field_value(*notice.find("amount")) == "-1250");
        CHECK(write_field_value(*notice.find("urgent")) == "true");
        CHECK(write_field_value(*notice.find("note")) == "\"甲\"");
        CHECK(write_field_value(*notice.find("subjects")) ==
              R"([{"name":"乙","count":2,"known":false},{"name":"丙"}])");
        CHECK(write_field_value(*notice.find("visits")) ==
              R"({"sha256":")" + samples::hex_of("ab") + R"("})");
    }
}
