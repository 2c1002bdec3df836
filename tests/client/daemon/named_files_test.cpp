#include "client/daemon/named_files.hpp"

#include "tests/client/daemon/local_stage.hpp"
#include "tests/support/captured_log.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::Asking;

/// Dike's files, some of them old.
struct KeepingFiles : Asking {
    [[nodiscard]] static Digest digest(std::uint8_t byte) { return Digest(Digest::Array{byte}); }

    void put_old(const Digest& sha256) const {
        daemon.put_file(sha256, to_bytes("old"));
        const std::string name = sha256.hex();
        std::filesystem::last_write_time(
            daemon.files.path() / "dike" / name.substr(0, 2) / name,
            std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
    }
    [[nodiscard]] bool has(const Digest& sha256) const {
        return daemon.attachments->size(UnitId("dike"), sha256).has_value();
    }
    storage::Swept sweep() {
        const UtcTime now =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        return testing::must(sweep_files(*daemon.attachments, *daemon.store, now, daemon.logging));
    }
};

TEST_SUITE("files that no notice names") {
    TEST_CASE_FIXTURE(KeepingFiles,
                      "an old file is removed unless something sent or received names it") {
        Notice own = testing::numbered_alarm(2);
        own.from = UnitId("dike");
        std::get<Attachment>(own.attachments.front()).sha256 = digest(1);
        storage::SentItem item;
        item.id = own.id.value();
        item.bytes = testing::leaf_of(own);
        storage::HandedOver handed{{item}, {}, {}};
        add_files(own, handed.files);
        REQUIRE(daemon.store->take_over(std::move(handed)).has_value());
        storage::Received received;
        received.batch = LogIndex(9);
        received.delivery = to_bytes("a delivery");
        received.files = {digest(2)};
        REQUIRE(daemon.store->receive(received).has_value());
        for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
            put_old(digest(number));
        daemon.put_file(digest(4), to_bytes("young"));
        CHECK(sweep().files == 1);
        CHECK(has(digest(1)));
        CHECK(has(digest(2)));
        CHECK_FALSE(has(digest(3)));
        CHECK(has(digest(4)));
    }

    TEST_CASE_FIXTURE(KeepingFiles, "a file that is handed over again is kept for another day") {
        const transport::Response first = ask("POST", "/v1/attachments", "the same");
        REQUIRE(first.status == 201);
        const std::string name = body_of(first).at("sha256");
        std::filesystem::last_write_time(
            daemon.files.path() / "dike" / name.substr(0, 2) / name,
            std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
        CHECK(ask("POST", "/v1/attachments", "the same").status == 201);
        CHECK(sweep().files == 0);
    }
}

}  // namespace
}  // namespace tongbao::client
