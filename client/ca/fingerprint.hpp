#pragma once

#include "domain/digest.hpp"
#include "domain/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao::client {

/// How people compare a key: SHA-256 of its SubjectPublicKeyInfo, of which the first 96 bits are
/// read aloud. To make another key with the same ones takes some 2^96 trials.
inline constexpr std::size_t kSpokenBytes = 12;

/// As a code: `7f3a 91c0 22de 8b41 0c9d e5f2`.
[[nodiscard]] std::string fingerprint_code(const Digest& public_key);

/// The same 96 bits as 12 words, one for each byte, in two lines of six: words are heard better
/// than digits.
[[nodiscard]] std::string fingerprint_words(const Digest& public_key);

/// Reads a code as a person types it: 24 hexadecimal digits, upper or lower case, with spaces or
/// hyphens between them or without. In the form of fingerprint_code.
///
/// Errors: Errc::bad_encoding.
[[nodiscard]] Result<std::string> parse_fingerprint_code(std::string_view text);

/// The word of a byte, and how it sounds: syllables of pinyin without tones.
struct SpokenWord {
    std::string_view word;
    std::string_view sound;
};
[[nodiscard]] const std::array<SpokenWord, 256>& spoken_words();

/// The data: a line `word syllable syllable` for each byte, from 0 to 255;
/// client/ca/fingerprint_words.txt. The order is the meaning: it never changes.
[[nodiscard]] std::string_view fingerprint_words_txt() noexcept;

}  // namespace tongbao::client
