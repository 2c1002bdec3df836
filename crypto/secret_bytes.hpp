#pragma once

#include "domain/bytes.hpp"

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string_view>

namespace tongbao::crypto {

/// Key material: of a fixed length, moved and never copied, wiped when it goes, printed as
/// "[secret]".
class SecretBytes {
public:
    SecretBytes() = default;
    /// `size` zero bytes, to be filled through writable().
    explicit SecretBytes(std::size_t size) : bytes_(size) {}
    /// A copy of `bytes`; wiping the original is for its owner.
    explicit SecretBytes(BytesView bytes) : bytes_(bytes.begin(), bytes.end()) {}
    /// Takes `bytes` over without a copy.
    [[nodiscard]] static SecretBytes adopt(Bytes&& bytes);

    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    ~SecretBytes();

    [[nodiscard]] BytesView bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::span<std::uint8_t> writable() noexcept { return bytes_; }
    [[nodiscard]] std::string_view text() const noexcept { return as_text(bytes_); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

    /// Compares in a time that depends on the lengths alone.
    [[nodiscard]] bool equals(BytesView other) const noexcept;

private:
    void wipe() noexcept;

    Bytes bytes_;
};

/// Writes "[secret]".
std::ostream& operator<<(std::ostream& stream, const SecretBytes& secret);

/// Overwrites `memory` in a way that the compiler may not leave out.
void wipe_memory(std::span<std::uint8_t> memory) noexcept;
void wipe_memory(std::span<char> memory) noexcept;

}  // namespace tongbao::crypto
