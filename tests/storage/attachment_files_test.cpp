#include "storage/attachment_files.hpp"

#include "storage/attachment_sweep.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/synced_paths.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

struct AttachmentFolder {
    TemporaryFolder folder;
    std::filesystem::path root = folder.path() / "attachments";
    std::unique_ptr<AttachmentStore> store = open();
    UnitId police{"police"};
    UnitId audit{"audit"};

    [[nodiscard]] std::unique_ptr<AttachmentStore> open() const {
        Result<std::unique_ptr<AttachmentStore>> opened = open_attachment_files(root);
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }

    void keep(const UnitId& owner, const Digest& sha256, std::string_view text) const {
        Result<std::unique_ptr<AttachmentWriter>> writer = store->create(owner);
        REQUIRE(writer.has_value());
        REQUIRE((*writer)->write(as_bytes(text)).has_value());
        REQUIRE((*writer)->keep(sha256).has_value());
    }

    [[nodiscard]] std::string read(const UnitId& owner, const Digest& sha256) const {
        Result<std::unique_ptr<AttachmentReader>> reader = store->open(owner, sha256);
        REQUIRE(reader.has_value());
        std::string text;
        std::array<std::uint8_t, 4> buffer{};
        while (true) {
            const Result<std::size_t> size = (*reader)->read_some(buffer);
            REQUIRE(size.has_value());
            if (*size == 0) break;
            text += as_text(BytesView(buffer).first(*size));
        }
        CHECK((*reader)->size() == text.size());
        return text;
    }

    [[nodiscard]] std::ptrdiff_t count_files() const {
        const std::filesystem::recursive_directory_iterator all(root);
        return std::count_if(begin(all), end(all),
                             [](const auto& each) { return each.is_regular_file(); });
    }
};

std::uint32_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777u;
}

}  // namespace

TEST_SUITE("attachment files") {
    TEST_CASE("nothing is begun or written on a disk with too little room, and reading goes on") {
        AttachmentFolder files;
        const Digest kept = sample_digest(1);
        files.keep(files.police, kept, "text");
        std::uint64_t left = 100;
        const Result<std::unique_ptr<AttachmentStore>> store =
            open_attachment_files(files.root, [&left](std::uint64_t bytes) -> Result<void> {
                if (bytes >= left) return Errc::storage_full;
                left -= bytes;
                return {};
            });
        REQUIRE(store.has_value());
        {
            const auto writer = (*store)->create(files.police);
            REQUIRE(writer.has_value());
            CHECK((*writer)->write(Bytes(60)).has_value());
            CHECK((*writer)->write(Bytes(60)).error() == Errc::storage_full);
        }
        CHECK(files.count_files() == 1);  // what was begun came to nothing
        left = 0;
        CHECK((*store)->create(files.police).error() == Errc::storage_full);
        CHECK((*store)->size(files.police, kept).value() == 4);
        CHECK((*store)->open(files.police, kept).has_value());
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "a kept file is read back whole") {
        keep(police, sample_digest(0xab), "some ten bytes and more");
        CHECK(read(police, sample_digest(0xab)) == "some ten bytes and more");
        CHECK(*store->size(police, sample_digest(0xab)) == 23);
        keep(police, sample_digest(0xac), "");
        CHECK(read(police, sample_digest(0xac)).empty());
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "a file stands where the format says and is its owner's alone") {
        keep(police, sample_digest(0xab), "text");
        std::string name;
        for (int i = 0; i < 32; ++i) name += "ab";
        CHECK(mode_of(root) == 0700);
        CHECK(mode_of(root / "police") == 0700);
        CHECK(mode_of(root / "police" / "ab") == 0700);
        CHECK(mode_of(root / "police" / "ab" / name) == 0600);
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "what was not kept is not found") {
        CHECK(store->size(police, sample_digest(1)).error() == Errc::not_found);
        CHECK(store->open(police, sample_digest(1)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "the file of another owner is not found") {
        keep(police, sample_digest(1), "text");
        CHECK(store->size(audit, sample_digest(1)).error() == Errc::not_found);
        CHECK(store->open(audit, sample_digest(1)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "a file that is there already stays") {
        keep(police, sample_digest(1), "first");
        keep(police, sample_digest(1), "again");
        CHECK(read(police, sample_digest(1)) == "first");
        CHECK(count_files() == 1);
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "a destroyed writer leaves nothing") {
        {
            Result<std::unique_ptr<AttachmentWriter>> writer = store->create(police);
            REQUIRE(writer.has_value());
            REQUIRE((*writer)->write(as_bytes("half")).has_value());
            CHECK(count_files() == 1);
        }
        CHECK(count_files() == 0);
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "a writer that kept its file takes nothing more") {
        Result<std::unique_ptr<AttachmentWriter>> writer = store->create(police);
        REQUIRE(writer.has_value());
        REQUIRE((*writer)->keep(sample_digest(1)).has_value());
        CHECK((*writer)->write(as_bytes("more")).error() == Errc::storage_failure);
        CHECK((*writer)->keep(sample_digest(2)).error() == Errc::storage_failure);
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "what a dead process left half written is removed at the next start") {
        keep(police, sample_digest(1), "kept");
        std::filesystem::create_directories(root / "audit" / "partial");
        std::ofstream(root / "audit" / "partial" / "0") << "half";
        std::ofstream(root / "police" / "partial" / "17") << "half";
        store = open();
        CHECK(count_files() == 1);
        CHECK(read(police, sample_digest(1)) == "kept");
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "an owner whose name could lead out of the root is refused") {
        for (const std::string name :
             {"", ".", "..", "../police", "a/b", "/etc", "Police", "partial\n", "a\\b"}) {
            CAPTURE(name);
            CHECK(store->create(UnitId(name)).error() == Errc::wrong_form);
            CHECK(store->size(UnitId(name), sample_digest(1)).error() == Errc::not_found);
            CHECK(store->open(UnitId(name), sample_digest(1)).error() == Errc::not_found);
        }
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "a link in the place of a file is not followed") {
        keep(police, sample_digest(1), "text");
        const std::string name = sample_digest(2).hex();
        std::filesystem::create_directories(root / "police" / "02");
        std::filesystem::create_symlink("/etc/passwd", root / "police" / "02" / name);
        CHECK(store->open(police, sample_digest(2)).error() == Errc::storage_failure);
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "what a link in the place of a folder leads to is left alone") {
        const std::filesystem::path elsewhere = folder.path() / "elsewhere";
        std::filesystem::create_directories(elsewhere);
        std::ofstream(elsewhere / "letter") << "text";
        std::filesystem::create_directories(root / "police" / "partial" / "inner" / "most");
        std::filesystem::create_directories(root / "audit");
        std::filesystem::create_directory_symlink(elsewhere, root / "audit" / "partial");
        store = open();
        CHECK(std::filesystem::exists(elsewhere / "letter"));
    }

    TEST_CASE_FIXTURE(AttachmentFolder, "a kept file and the names that lead to it are synced") {
        // Made by a process that died before it synced the names.
        const std::string name = sample_digest(0xab).hex();
        std::filesystem::create_directories(root / "police" / "ab");
        std::filesystem::create_directories(root / "police" / "partial");
        const SyncedPaths synced;
        keep(police, sample_digest(0xab), "text");
        CHECK(synced.has(root));
        CHECK(synced.has(root / "police"));
        CHECK(synced.has(root / "police" / "ab"));
        CHECK(synced.has(root / "police" / "partial" / "0"));
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "every kept file is visited with its owner, and nothing else is") {
        keep(police, sample_digest(1), "one");
        keep(police, sample_digest(2), "twenty-two");
        keep(audit, sample_digest(1), "");
        std::ofstream(root / "police" / "notes.txt") << "not ours";
        std::ofstream(root / "police" / sample_digest(1).hex().substr(0, 2) / "x") << "not ours";
        const auto writer = store->create(police);
        REQUIRE(writer.has_value());
        std::map<std::pair<std::string, std::string>, std::uint64_t> sizes;
        const UtcTime before =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) -
            std::chrono::hours(1);
        const auto look = [&](const KeptFile& file) {
            sizes[{file.owner.value(), file.sha256.hex()}] = file.size;
            CHECK(file.used > before);
        };
        REQUIRE(store->visit(look).has_value());
        CHECK(sizes == std::map<std::pair<std::string, std::string>, std::uint64_t>{
                           {{"police", sample_digest(1).hex()}, 3},
                           {{"police", sample_digest(2).hex()}, 10},
                           {{"audit", sample_digest(1).hex()}, 0}});
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "a file that was used lately stays, and an older one goes for good") {
        keep(police, sample_digest(1), "old");
        keep(police, sample_digest(2), "touched");
        keep(police, sample_digest(3), "kept again");
        const auto age = [this](const Digest& sha256) {
            const std::string name = sha256.hex();
            const auto path = root / "police" / name.substr(0, 2) / name;
            std::filesystem::last_write_time(
                path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(30));
        };
        for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
            age(sample_digest(number));
        const UtcTime since =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) -
            std::chrono::hours(24);
        CHECK(*store->touch(police, sample_digest(2)) == 7);
        // Whoever brings the same bytes again is told that they are kept.
        keep(police, sample_digest(3), "kept again");
        CHECK(*store->remove_unused(police, sample_digest(1), since) == Removal::removed);
        CHECK(*store->remove_unused(police, sample_digest(2), since) == Removal::in_use);
        CHECK(*store->remove_unused(police, sample_digest(3), since) == Removal::in_use);
        CHECK(store->size(police, sample_digest(1)).error() == Errc::not_found);
        CHECK(store->remove_unused(police, sample_digest(1), since).error() == Errc::not_found);
        CHECK(store->touch(police, sample_digest(1)).error() == Errc::not_found);
        CHECK(store->touch(audit, sample_digest(2)).error() == Errc::not_found);
        CHECK(store->touch(UnitId("../police"), sample_digest(2)).error() == Errc::not_found);
        CHECK(store->remove_unused(UnitId("../police"), sample_digest(2), since).error() ==
              Errc::not_found);
        CHECK(read(police, sample_digest(2)) == "touched");
        CHECK(read(police, sample_digest(3)) == "kept again");
    }

    TEST_CASE_FIXTURE(AttachmentFolder,
                      "a sweep removes what is old and unnamed and unused, and no more") {
        // Old, all of them, when the sweep comes two days later.
        keep(police, sample_digest(1), "unnamed");
        keep(police, sample_digest(2), "named");
        keep(police, sample_digest(3), "perhaps");
        const UtcTime later =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
            std::chrono::hours(48);
        SUBCASE("where the store can't tell of one, none goes") {
            const auto failing = [&](const KeptFile& file) -> Result<Naming> {
                if (file.sha256 == sample_digest(2)) return Errc::storage_failure;
                return Naming::unnamed;
            };
            CHECK(sweep_attachments(*store, later, failing).error() == Errc::storage_failure);
            CHECK(read(police, sample_digest(1)) == "unnamed");
        }
        SUBCASE("one that is used while the sweep looks on stays") {
            const auto touch_later = [&](const Digest& sha256) {
                const std::string name = sha256.hex();
                std::filesystem::last_write_time(
                    root / "police" / name.substr(0, 2) / name,
                    std::filesystem::file_time_type::clock::now() + std::chrono::hours(47));
            };
            const auto used = [&](const KeptFile& file) -> Result<Naming> {
                touch_later(file.sha256);
                return Naming::unnamed;
            };
            CHECK(sweep_attachments(*store, later, used).value().files == 0);
            CHECK(read(police, sample_digest(1)) == "unnamed");
        }
        SUBCASE("the unnamed one goes") {
            const std::map<Digest, Naming> said{{sample_digest(1), Naming::unnamed},
                                                {sample_digest(2), Naming::named},
                                                {sample_digest(3), Naming::unknown}};
            const auto naming = [&](const KeptFile& file) -> Result<Naming> {
                return said.at(file.sha256);
            };
            CHECK(sweep_attachments(*store, later, naming).value().files == 1);
            CHECK(store->size(police, sample_digest(1)).error() == Errc::not_found);
        }
        CHECK(read(police, sample_digest(2)) == "named");
        CHECK(read(police, sample_digest(3)) == "perhaps");
    }
}
