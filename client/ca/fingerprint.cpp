#include "client/ca/fingerprint.hpp"

#include "domain/bytes.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

constexpr std::size_t kGroup = 4;
constexpr std::size_t kCodeDigits = 2 * kSpokenBytes;
constexpr std::size_t kWordsInALine = 6;

std::string grouped(std::string_view digits) {
    std::string code;
    for (std::size_t i = 0; i < digits.size(); i += kGroup) {
        if (i > 0) code += ' ';
        code += digits.substr(i, kGroup);
    }
    return code;
}

std::array<SpokenWord, 256> read_words() {
    std::array<SpokenWord, 256> words;
    std::string_view text = fingerprint_words_txt();
    for (SpokenWord& each : words) {
        const std::string_view line = text.substr(0, text.find('\n'));
        const std::size_t space = line.find(' ');
        each = {line.substr(0, space), line.substr(std::min(space, line.size() - 1) + 1)};
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return words;
}

}  // namespace

const std::array<SpokenWord, 256>& spoken_words() {
    static const std::array<SpokenWord, 256> kWords = read_words();
    return kWords;
}

std::string fingerprint_code(const Digest& public_key) {
    return grouped(public_key.hex().substr(0, kCodeDigits));
}

std::string fingerprint_words(const Digest& public_key) {
    std::string words;
    for (std::size_t i = 0; i < kSpokenBytes; ++i) {
        if (i > 0) words += i % kWordsInALine == 0 ? '\n' : ' ';
        words += spoken_words()[public_key.bytes()[i]].word;
    }
    return words;
}

Result<std::string> parse_fingerprint_code(std::string_view text) {
    std::string digits;
    for (const char character : text) {
        if (character == ' ' || character == '-') continue;
        digits += character >= 'A' && character <= 'F' ? static_cast<char>(character - 'A' + 'a')
                                                       : character;
    }
    const Result<Bytes> bytes = from_hex(digits);
    if (!bytes) return bytes.error();
    if (bytes->size() != kSpokenBytes) return Errc::bad_encoding;
    return grouped(digits);
}

}  // namespace tongbao::client
