#pragma once

#include "domain/ids.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>

// What the tests of the authority agree on.

namespace tongbao::client::testing {

// 2026-01-01T00:00:00Z
inline constexpr UtcTime kNow{std::chrono::milliseconds(1'767'225'600'000)};
inline const TrustDomain kDomain("ca-test.example");
inline const UnitId kPolice("police");

/// The permissions of a file, such as 0600.
[[nodiscard]] inline unsigned mode_of(const std::filesystem::path& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace tongbao::client::testing
