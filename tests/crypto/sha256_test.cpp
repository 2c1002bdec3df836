#include "crypto/sha256.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace tongbao;
using namespace tongbao::crypto;

TEST_SUITE("sha256") {
    // FIPS 180-4, examples published by NIST.
    constexpr std::string_view kOfAbc =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    constexpr std::string_view kOfNothing =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    constexpr std::string_view kOfMillionA =
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

    TEST_CASE("the examples of the standard come out") {
        CHECK(sha256({}).hex() == kOfNothing);
        CHECK(sha256(as_bytes("abc")).hex() == kOfAbc);
        CHECK(sha256(as_bytes(std::string(1'000'000, 'a'))).hex() == kOfMillionA);
    }

    TEST_CASE("parts are hashed as if they were joined") {
        CHECK(sha256_of_parts({}).hex() == kOfNothing);
        CHECK(sha256_of_parts({as_bytes("a"), {}, as_bytes("bc")}).hex() == kOfAbc);
    }

    TEST_CASE("a stream gives the same digest however it is cut and begins anew when finished") {
        Sha256 stream;
        for (const std::size_t piece : {1u, 63u, 64u, 65u, 1000u}) {
            CAPTURE(piece);
            const std::string part(piece, 'a');
            std::size_t left = 1'000'000;
            while (left > 0) {
                const std::size_t size = std::min(left, piece);
                stream.update(as_bytes(part).first(size));
                left -= size;
            }
            CHECK(stream.finish().hex() == kOfMillionA);
        }
        CHECK(stream.finish().hex() == kOfNothing);
    }

    TEST_CASE("threads do not disturb each other") {
        std::vector<std::thread> threads;
        std::vector<int> right(4, 0);
        for (int& count : right) {
            threads.emplace_back([&count] {
                for (int i = 0; i < 2000; ++i) {
                    if (sha256(as_bytes("abc")).hex() == kOfAbc) ++count;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        for (const int count : right) CHECK(count == 2000);
    }
}
