#include "crypto/secret_bytes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <type_traits>
#include <utility>

using namespace tongbao;
using namespace tongbao::crypto;

TEST_SUITE("secret bytes") {
    static_assert(!std::is_copy_constructible_v<SecretBytes>);
    static_assert(!std::is_copy_assignable_v<SecretBytes>);
    static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

    TEST_CASE("a secret never prints what it is") {
        std::ostringstream stream;
        stream << SecretBytes(as_bytes("hunter2"));
        CHECK(stream.str() == "[secret]");
    }

    TEST_CASE("a moved secret is in one place") {
        SecretBytes first(as_bytes("key"));
        SecretBytes second(std::move(first));
        CHECK(second.text() == "key");
        SecretBytes third(as_bytes("other"));
        third = std::move(second);
        CHECK(third.text() == "key");
    }

    TEST_CASE("a moved-from secret is empty") {
        SecretBytes first(as_bytes("key"));
        const SecretBytes second(std::move(first));
        CHECK(first.size() == 0);  // NOLINT(bugprone-use-after-move): that it is empty is promised
    }

    TEST_CASE("secrets are equal byte for byte and length for length") {
        const SecretBytes secret(as_bytes("key"));
        CHECK(secret.equals(as_bytes("key")));
        CHECK_FALSE(secret.equals(as_bytes("kez")));
        CHECK_FALSE(secret.equals(as_bytes("ke")));
        CHECK_FALSE(secret.equals(as_bytes("keys")));
        CHECK(SecretBytes().equals({}));
    }

    TEST_CASE("adopting bytes leaves none behind") {
        Bytes bytes = to_bytes("key");
        const SecretBytes secret = SecretBytes::adopt(std::move(bytes));
        CHECK(secret.text() == "key");
        CHECK(bytes.empty());  // NOLINT(bugprone-use-after-move): that it is empty is promised
    }

    TEST_CASE("wiped memory is zero") {
        std::array<char, 5> memory{'a', 'b', 'c', 'd', 'e'};
        wipe_memory(std::span<char>(memory));
        CHECK(std::all_of(memory.begin(), memory.end(), [](char byte) { return byte == '\0'; }));
    }
}
