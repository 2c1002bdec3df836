#include "program/free_space.hpp"

#include "tests/support/fake_space.hpp"

#include <doctest/doctest.h>
#include <sys/statvfs.h>

#include <limits>
#include <vector>

namespace tongbao::program {
namespace {

using testing::FakeSpace;

/// A disk with a watermark of 800 bytes, and what was told of it.
struct Watched {
    FakeSpace space{1000};
    std::vector<bool> told;
    SpaceWatermark watermark{space, 800,
                             [this](const SpaceState& state) { told.push_back(state.full); }};

    [[nodiscard]] bool admits(std::uint64_t bytes = 0) {
        const Result<void> admitted = watermark.admit(bytes);
        if (!admitted) CHECK(admitted.error() == Errc::storage_full);
        return admitted.has_value();
    }
};

TEST_SUITE("free space") {
    TEST_CASE_FIXTURE(Watched, "work is admitted while the watermark stays free") {
        CHECK(admits());
        CHECK(admits(200));
        CHECK(told.empty());
        CHECK_FALSE(admits(201));
        space.set(800);
        CHECK(told == std::vector<bool>{true});
    }

    TEST_CASE_FIXTURE(Watched, "a disk at its watermark takes what is nothing, below it nothing") {
        space.set(800);
        CHECK(admits());
        space.set(799);
        CHECK_FALSE(admits());
        space.set(0);
        CHECK_FALSE(admits());
    }

    TEST_CASE_FIXTURE(Watched, "work goes on by itself at an eighth above the watermark") {
        space.set(799);
        CHECK_FALSE(admits());
        space.set(899);
        CHECK_FALSE(admits());
        space.set(900);
        CHECK(admits());
        CHECK(admits(100));
    }

    TEST_CASE_FIXTURE(Watched, "each change is told once") {
        space.set(10);
        CHECK(watermark.look().full);
        CHECK_FALSE(admits());
        CHECK_FALSE(admits());
        CHECK(told == std::vector<bool>{true});
        space.set(5000);
        CHECK(admits());
        const SpaceState state = watermark.look();
        CHECK_FALSE(state.full);
        CHECK(state.free == 5000);
        CHECK(state.least == 800);
        CHECK(told == std::vector<bool>{true, false});
    }

    TEST_CASE_FIXTURE(Watched, "no number of bytes is so large that it counts as small") {
        CHECK_FALSE(admits(std::numeric_limits<std::uint64_t>::max()));
        CHECK_FALSE(admits(std::numeric_limits<std::uint64_t>::max() - 799));
    }

    TEST_CASE_FIXTURE(Watched, "a disk that does not tell leaves everything as it was") {
        space.fail(true);
        CHECK(admits());
        space.fail(false);
        space.set(0);
        CHECK_FALSE(admits());
        space.fail(true);
        CHECK_FALSE(admits());
        CHECK(told == std::vector<bool>{true});
    }

    TEST_CASE("the room on a disk is what its file system says, and a missing folder has none") {
        struct statvfs status {};
        REQUIRE(::statvfs("/tmp", &status) == 0);
        const Result<std::uint64_t> bytes = DiskSpace("/tmp").bytes();
        REQUIRE(bytes.has_value());
        // Others write while this is measured.
        const double expected =
            static_cast<double>(status.f_bavail) * static_cast<double>(status.f_frsize);
        CHECK(static_cast<double>(*bytes) == doctest::Approx(expected).epsilon(0.05));
        CHECK(DiskSpace("/nowhere/at/all").bytes().error() == Errc::storage_failure);
    }
}

}  // namespace
}  // namespace tongbao::program
