#include "storage/rocks_db.hpp"

#include "storage/rocks_daemon_store.hpp"
#include "storage/rocks_hub_store.hpp"
#include "tests/storage/raw_database.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

constexpr Family kFirstFamily{0};
constexpr Family kSecondFamily{1};

RocksShape shape() {
    return {.families = {"first", "second"},
            .block_cache_bytes = 1 << 20,
            .write_buffer_bytes = 1 << 20,
            .format = "test/v1"};
}

std::unique_ptr<RocksDb> open(const std::filesystem::path& folder) {
    std::string words;
    Result<std::unique_ptr<RocksDb>> database = RocksDb::open(folder, shape(), {}, words);
    CAPTURE(words);
    REQUIRE(database.has_value());
    return std::move(*database);
}

void put(RocksDb& database, std::string_view key, std::string_view value) {
    Writes writes = database.new_writes();
    writes.put(kSecondFamily, as_bytes(key), as_bytes(value));
    REQUIRE(database.write(std::move(writes)).has_value());
}

/// Another process that locks `file` as RocksDB does, until this object's end.
class OtherProcess {
public:
    explicit OtherProcess(const std::filesystem::path& file) {
        REQUIRE(::pipe(ready_.data()) == 0);
        REQUIRE(::pipe(stop_.data()) == 0);
        child_ = ::fork();
        if (child_ == 0) hold(file.c_str());
        char byte = 0;
        REQUIRE(::read(ready_[0], &byte, 1) == 1);
        REQUIRE(byte == '1');
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;
    ~OtherProcess() {
        ::close(stop_[1]);
        ::waitpid(child_, nullptr, 0);
        for (const int each : {ready_[0], ready_[1], stop_[0]}) ::close(each);
    }

private:
    /// In the child: system calls alone, as threads of the parent may hold any lock.
    [[noreturn]] void hold(const char* file) const {
        ::close(stop_[1]);
        const int descriptor = ::open(file, O_RDWR | O_CREAT, 0600);
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        const char done = ::fcntl(descriptor, F_SETLK, &lock) == 0 ? '1' : '0';
        if (::write(ready_[1], &done, 1) != 1) ::_exit(1);
        char byte = 0;
        const auto ended = ::read(stop_[0], &byte, 1);
        ::_exit(ended == 0 ? 0 : 1);
    }

    std::array<int, 2> ready_{};
    std::array<int, 2> stop_{};
    pid_t child_{-1};
};

}  // namespace

TEST_SUITE("rocks database") {
    TEST_CASE("a new folder is its owner's alone") {
        const TemporaryFolder folder;
        const auto database = open(folder.path() / "database");
        struct stat status {};
        REQUIRE(::stat((folder.path() / "database").c_str(), &status) == 0);
        CHECK((status.st_mode & 07777u) == 0700u);
    }

    TEST_CASE("a view does not change while others write") {
        const TemporaryFolder folder;
        const auto database = open(folder.path());
        put(*database, "key", "before");
        const View view = database->view();
        put(*database, "key", "after");
        put(*database, "other", "new");
        CHECK(as_text(*view.get(kSecondFamily, as_bytes("key"))) == "before");
        CHECK(view.get(kSecondFamily, as_bytes("other")).error() == Errc::not_found);
        CHECK(view.get(kFirstFamily, as_bytes("key")).error() == Errc::not_found);
        CHECK(as_text(*database->view().get(kSecondFamily, as_bytes("key"))) == "after");
    }

    TEST_CASE("a cursor walks both ways and finds its place between keys") {
        const TemporaryFolder folder;
        const auto database = open(folder.path());
        for (const std::string_view key : {"b", "d", "f"}) put(*database, key, "x");
        const View view = database->view();
        Cursor cursor = view.cursor(kSecondFamily);
        cursor.seek(as_bytes("c"));
        REQUIRE(cursor.valid());
        CHECK(as_text(cursor.key()) == "d");
        cursor.previous();
        CHECK(as_text(cursor.key()) == "b");
        cursor.seek_back(as_bytes("e"));
        CHECK(as_text(cursor.key()) == "d");
        cursor.seek_back(as_bytes("a"));
        CHECK(!cursor.valid());
        CHECK(cursor.finish().has_value());
        cursor.seek_last();
        cursor.next();
        CHECK(!cursor.valid());
    }

    TEST_CASE("a database of another format is not opened and not changed") {
        const TemporaryFolder folder;
        std::string words;
        REQUIRE(open_daemon_store(folder.path() / "daemon", words).has_value());
        put_raw(folder.path() / "daemon", "meta", {"format", "tongbao/daemon-store/v9"});
        CHECK(open_daemon_store(folder.path() / "daemon", words).error() == Errc::unknown_format);
        CHECK(words.find("daemon-store/v9") != std::string::npos);
        const std::vector<RawRecord> left = read_raw(folder.path() / "daemon", "meta");
        CHECK(std::any_of(left.begin(), left.end(), [](const RawRecord& each) {
            return each.key == "format" && each.value == "tongbao/daemon-store/v9";
        }));
    }

    TEST_CASE("a database with other families is neither opened nor changed") {
        RocksShape next = shape();
        next.families.emplace_back("third");
        next.format = "test/v2";
        std::string words;
        const auto opened_by = [&words](const TemporaryFolder& folder, const RocksShape& by) {
            return RocksDb::open(folder.path(), by, {}, words);
        };
        SUBCASE("of a newer program") {
            const TemporaryFolder folder;
            REQUIRE(opened_by(folder, next).has_value());
            CHECK(opened_by(folder, shape()).error() == Errc::unknown_format);
            CHECK(words.find("third") != std::string::npos);
            CHECK(opened_by(folder, next).has_value());
        }
        SUBCASE("of an older program") {
            const TemporaryFolder folder;
            REQUIRE(opened_by(folder, shape()).has_value());
            CHECK(opened_by(folder, next).error() == Errc::unknown_format);
            CHECK(words.find("test/v1") != std::string::npos);
            CHECK(opened_by(folder, shape()).has_value());
        }
    }

    TEST_CASE("a database that was only begun is made to its end") {
        const TemporaryFolder folder;
        RocksShape begun = shape();
        begun.families.pop_back();
        std::string words;
        REQUIRE(RocksDb::open(folder.path(), begun, {}, words).has_value());
        remove_raw(folder.path(), "first", "format");
        put(*open(folder.path()), "key", "value");
    }

    TEST_CASE("the values of a packed family come back, and are stored shorter") {
        const TemporaryFolder folder;
        RocksShape packing = shape();
        packing.packed = {"second"};
        const Bytes value(5000, 'a');
        const auto open_packing = [&folder, &packing] {
            std::string words;
            return std::move(RocksDb::open(folder.path(), packing, {}, words).value());
        };
        {
            const auto database = open_packing();
            Writes writes = database->new_writes();
            writes.put(kSecondFamily, as_bytes("a"), value);
            writes.put(kSecondFamily, as_bytes("b"), BytesView(value).first(1000),
                       BytesView(value).subspan(1000));
            writes.put(kSecondFamily, as_bytes("c"), as_bytes("short"));
            writes.put(kSecondFamily, as_bytes("d"), {});
            REQUIRE(database->write(std::move(writes)).has_value());
            const View view = database->view();
            CHECK(*view.get(kSecondFamily, as_bytes("a")) == value);
            CHECK(*view.get(kSecondFamily, as_bytes("b")) == value);
            CHECK(*view.get(kSecondFamily, as_bytes("c")) == to_bytes("short"));
            CHECK(view.get(kSecondFamily, as_bytes("d"))->empty());
            CHECK(view.get(kSecondFamily, as_bytes("e")).error() == Errc::not_found);
            Cursor cursor = view.cursor(kSecondFamily);
            cursor.seek_first();
            CHECK(to_bytes(cursor.value()) == value);
            cursor.seek_back(as_bytes("c"));
            CHECK(as_text(cursor.value()) == "short");
            // What there is only one of is in a family that is not packed.
            CHECK(as_text(*view.get(kMeta, as_bytes("format"))) == "test/v1");
        }
        std::size_t stored = 0;
        for (const RawRecord& each : read_raw(folder.path(), "second")) stored += each.value.size();
        CHECK(stored < 200);
    }

    TEST_CASE("a packed value of another form is corrupt, and reads as empty where one walks") {
        const TemporaryFolder folder;
        RocksShape packing = shape();
        packing.packed = {"second"};
        std::string words;
        REQUIRE(RocksDb::open(folder.path(), packing, {}, words).has_value());
        put_raw(folder.path(), "second", {"a", "\x02unknown"});
        put_raw(folder.path(), "second", {"b", ""});
        std::vector<std::string> reports;
        const auto database =
            std::move(RocksDb::open(
                          folder.path(), packing,
                          [&](std::string_view report) { reports.emplace_back(report); }, words)
                          .value());
        const View view = database->view();
        CHECK(view.get(kSecondFamily, as_bytes("a")).error() == Errc::storage_corrupt);
        CHECK(view.get(kSecondFamily, as_bytes("b")).error() == Errc::storage_corrupt);
        CHECK(reports.size() == 2);
        Cursor cursor = view.cursor(kSecondFamily);
        cursor.seek_first();
        REQUIRE(cursor.valid());
        CHECK(cursor.value().empty());
    }

    TEST_CASE("a database with contents and no format is corrupt") {
        const TemporaryFolder folder;
        put(*open(folder.path()), "key", "value");
        remove_raw(folder.path(), "first", "format");
        std::string words;
        CHECK(RocksDb::open(folder.path(), shape(), {}, words).error() == Errc::storage_corrupt);
        CHECK(!words.empty());
    }

    TEST_CASE("a folder that another process has locked is refused as running") {
        const TemporaryFolder folder;
        std::string words;
        {
            const OtherProcess other(folder.path() / "LOCK");
            CHECK(open_hub_store(folder.path(), words).error() == Errc::already_running);
        }
        CHECK(open_hub_store(folder.path(), words).has_value());
    }

    TEST_CASE("a folder that can't be made is a failure of the storage and is named") {
        const TemporaryFolder folder;
        const std::filesystem::path file = folder.path() / "file";
        std::ofstream(file) << "x";
        std::string words;
        CHECK(open_hub_store(file / "below", words).error() == Errc::storage_failure);
        CHECK(words.find("below") != std::string::npos);
        CHECK(open_hub_store(file, words).error() == Errc::storage_failure);
    }
}
