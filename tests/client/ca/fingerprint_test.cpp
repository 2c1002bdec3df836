#include "client/ca/fingerprint.hpp"

#include "domain/bytes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

Digest counting_digest() {
    Digest::Array bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 21);
    return Digest(bytes);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
    }
}

/// What many speakers do not tell apart is one: zh and z, n and l, f and h, -ng and -n.
std::string heard(std::string_view sound) {
    std::string text = ' ' + std::string(sound) + ' ';
    for (const auto& [from, to] :
         {std::pair("zh", "z"), std::pair("ch", "c"), std::pair("sh", "s"), std::pair("ng ", "n "),
          std::pair(" n", " l"), std::pair(" r", " l"), std::pair(" f", " h")}) {
        replace_all(text, from, to);
    }
    return text;
}

}  // namespace

TEST_SUITE("fingerprint") {
    TEST_CASE("there are 256 words of two characters and no two look or sound alike") {
        const std::string_view data = fingerprint_words_txt();
        CHECK(std::count(data.begin(), data.end(), '\n') == 256);
        std::set<std::string> words;
        std::set<std::string> sounds;
        for (const SpokenWord& each : spoken_words()) {
            CAPTURE(std::string(each.word));
            CHECK(is_utf8(each.word));
            CHECK(count_code_points(each.word) == 2);
            CHECK(std::count(each.sound.begin(), each.sound.end(), ' ') == 1);
            CHECK(words.insert(std::string(each.word)).second);
            CHECK(sounds.insert(heard(each.sound)).second);
        }
    }

    TEST_CASE("the words mean the bytes that they meant when keys were confirmed by them") {
        // If this fails, the list was changed: codes written down before would be other keys.
        CHECK(spoken_words()[0x00].word == "鹌鹑");
        CHECK(spoken_words()[0x2a].word == "档案");
        CHECK(spoken_words()[0xff].word == "嘴唇");
    }

    TEST_CASE("code and words are the first 96 bits") {
        const Digest digest = counting_digest();
        CHECK(digest.hex().substr(0, 24) == "00152a3f54697e93a8bdd2e7");
        CHECK(fingerprint_code(digest) == "0015 2a3f 5469 7e93 a8bd d2e7");
        std::string expected;
        for (const int byte : {0x00, 0x15, 0x2a, 0x3f, 0x54, 0x69}) {
            expected += std::string(spoken_words()[static_cast<std::size_t>(byte)].word) + ' ';
        }
        expected.back() = '\n';
        for (const int byte : {0x7e, 0x93, 0xa8, 0xbd, 0xd2, 0xe7}) {
            expected += std::string(spoken_words()[static_cast<std::size_t>(byte)].word) + ' ';
        }
        expected.pop_back();
        CHECK(fingerprint_words(digest) == expected);
    }

    TEST_CASE("a code is read however a person types it and nothing else is") {
        const std::string code = "0015 2a3f 5469 7e93 a8bd d2e7";
        for (const std::string& typed : {code, std::string("00152A3F54697E93A8BDD2E7"),
                                         std::string("0015-2a3f-5469-7e93-a8bd-d2e7"),
                                         std::string(" 0015  2a3f54697e93a8bd d2e7 ")}) {
            CAPTURE(typed);
            CHECK(parse_fingerprint_code(typed).value() == code);
        }
        for (const std::string& typed : {std::string(), code.substr(1), code + "0", code + " 00",
                                         std::string("0015,2a3f,5469,7e93,a8bd,d2e7"),
                                         std::string("001g 2a3f 5469 7e93 a8bd d2e7")}) {
            CAPTURE(typed);
            CHECK(parse_fingerprint_code(typed).error() == Errc::bad_encoding);
        }
    }
}
