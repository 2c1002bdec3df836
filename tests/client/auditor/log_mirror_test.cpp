#include "client/auditor/log_mirror.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "program/files.hpp"
#include "tests/client/auditor/audit_findings.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

constexpr std::size_t kMaxBytes = 1024 * 1024;
constexpr std::uint16_t kFull = 256;

/// A log that counts what it is asked for, and may fall silent.
class CountedLog final : public LogSource {
public:
    explicit CountedLog(ServedLog log) : log_(std::move(log)) {}

    std::size_t tiles{0};
    std::size_t batches{0};
    /// So many tiles are answered, then nobody is there.
    std::size_t most_tiles{1000};
    /// Instead of a tile that is not full the full one comes, which exists by now.
    bool full_tiles{false};

    [[nodiscard]] Result<std::string> checkpoint() override { return log_.checkpoint(); }
    [[nodiscard]] Result<Bytes> tile(std::uint8_t level, std::uint64_t number,
                                     std::uint16_t width) override {
        if (tiles == most_tiles) return Errc::connection_failed;
        ++tiles;
        return log_.tile(level, number, full_tiles && level == 0 ? kFull : width);
    }
    [[nodiscard]] Result<Bytes> entries(std::uint64_t number, std::uint16_t width) override {
        if (tiles == most_tiles) return Errc::connection_failed;
        ++tiles;
        return log_.entries(number, full_tiles ? kFull : width);
    }
    [[nodiscard]] Result<BatchRecord> batch(LogIndex index) override {
        ++batches;
        return log_.batch(index);
    }
    [[nodiscard]] Result<std::vector<RegisterRow>> register_entries() override {
        return log_.register_entries();
    }
    [[nodiscard]] Result<Bytes> notice(LogIndex index) override { return log_.notice(index); }

private:
    ServedLog log_;
};

/// So many batches of eight notices more.
void send_more(LogWriter& writer, std::size_t batches) {
    for (std::size_t sent = 0; sent < batches; ++sent) {
        std::vector<WrittenLeaf> leaves;
        for (int i = 0; i < 8; ++i) leaves.push_back(some_notice(writer));
        writer.batch(writer.bureau_a, leaves);
    }
}

MirrorReport mirrored(LogSource& source, const std::filesystem::path& folder,
                      const LogWriter& writer) {
    Result<MirrorReport> report = mirror_log(source, folder, writer.trust(), {});
    REQUIRE(report.has_value());
    return *std::move(report);
}

AuditReport verify_copy(const std::filesystem::path& folder, const AuditTrust& trust) {
    const LogDirectory copy(folder);
    DirectoryLogSource source(copy);
    Result<AuditReport> report = verify_log(source, trust, {});
    REQUIRE(report.has_value());
    if (report->checkpoint) {
        REQUIRE(copy.check_files(report->checkpoint->size, report->findings).has_value());
    }
    return *std::move(report);
}

/// A log of so many batches, and a copy of it.
struct CopiedLog {
    CopiedLog(const char* name, std::size_t batches) : directory(name) {
        send_more(writer, batches);
        hub = writer.publish();
        static_cast<void>(mirrored(hub, directory.path(), writer));
    }

    TestDirectory directory;
    LogWriter writer;
    ServedLog hub;
};

bool names_fork(const MirrorReport& report) {
    const std::vector<Found> all = found(report.audit);
    return std::any_of(all.begin(), all.end(),
                       [](const Found& each) { return std::get<0>(each) == Errc::log_forked; });
}

/// All files below `folder`, by their names in it, in order.
std::vector<std::string> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
        if (each.is_regular_file()) {
            names.push_back(each.path().lexically_relative(folder).string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string text_of(const std::filesystem::path& file) {
    const Result<std::string> text = program::read_file(file, kMaxBytes);
    REQUIRE(text.has_value());
    return *text;
}

}  // namespace

TEST_SUITE("log mirror") {
    TEST_CASE("a copy has the files of tlog-tiles and verifies without the hub") {
        const TestDirectory directory("mirror-files");
        LogWriter writer;
        send_more(writer, 32);
        ServedLog hub = writer.publish();
        const MirrorReport report = mirrored(hub, directory.path(), writer);
        CHECK(report.audit.verified());
        CHECK_FALSE(report.size_before);
        CHECK_FALSE(report.rejected);
        // 5 entries of the register and 256 notices: a full tile, five entries of the next, and
        // the one hash of the level above.
        CHECK(files_in(directory.path()) ==
              std::vector<std::string>{"checkpoint", "register.json", "statements/000.jsonl",
                                       "tile/0/000", "tile/0/001.p/5", "tile/1/000.p/1",
                                       "tile/entries/000", "tile/entries/001.p/5"});
        CHECK(text_of(directory.path() / "checkpoint") == hub.note);
        const AuditReport offline = verify_copy(directory.path(), writer.trust());
        CHECK(found(offline).empty());
        CHECK(offline.verified());
        CHECK(offline.signatures == report.audit.signatures);
        CHECK(offline.notices_withheld == 256);
    }

    TEST_CASE("what the copy has is not fetched again and what is new is") {
        const TestDirectory directory("mirror-again");
        LogWriter writer;
        send_more(writer, 20);
        CountedLog small(writer.publish());
        CHECK(mirrored(small, directory.path(), writer).fetched == 2);
        CountedLog same(writer.publish());
        CHECK(mirrored(same, directory.path(), writer).fetched == 0);
        CHECK(same.tiles == 0);
        CHECK(same.batches == 0);
        send_more(writer, 20);
        CountedLog grown(writer.publish());
        const MirrorReport report = mirrored(grown, directory.path(), writer);
        CHECK(report.size_before == TreeSize(165));
        CHECK(report.audit.known_size == TreeSize(165));
        CHECK(report.audit.checkpoint->size == TreeSize(325));
        CHECK(report.fetched == 5);
        CHECK(grown.batches == 20);
        // Of the tile that was not full nothing is left.
        CHECK(files_in(directory.path()) ==
              std::vector<std::string>{"checkpoint", "register.json", "statements/000.jsonl",
                                       "statements/001.jsonl", "tile/0/000", "tile/0/001.p/69",
                                       "tile/1/000.p/1", "tile/entries/000",
                                       "tile/entries/001.p/69"});
        CHECK(verify_copy(directory.path(), writer.trust()).verified());
    }

    TEST_CASE("a run that was cut off goes on where it was") {
        const TestDirectory directory("mirror-cut");
        LogWriter writer;
        send_more(writer, 100);
        CountedLog silent(writer.publish());
        silent.most_tiles = 4;
        const Result<MirrorReport> cut = mirror_log(silent, directory.path(), writer.trust(), {});
        REQUIRE_FALSE(cut.has_value());
        CHECK(cut.error() == Errc::connection_failed);
        // Nothing of it is the log's yet.
        CHECK_FALSE(std::filesystem::exists(directory.path() / "checkpoint"));
        CountedLog hub(writer.publish());
        CHECK(mirrored(hub, directory.path(), writer).audit.verified());
        // Of 805 entries: three full tiles and one of 37, twice, and one above them; two of each
        // had come.
        CHECK(hub.tiles == 9 - 4);
        CHECK_FALSE(std::filesystem::exists(directory.path() / "incoming"));
        CHECK(verify_copy(directory.path(), writer.trust()).verified());
    }

    TEST_CASE("a full tile that has taken the place of one is cut to what the head covers") {
        const TestDirectory directory("mirror-ahead");
        LogWriter writer;
        send_more(writer, 20);
        const std::string head = writer.publish().note;
        send_more(writer, 20);
        ServedLog grown = writer.publish();
        grown.note = head;
        CountedLog ahead(grown);
        ahead.full_tiles = true;
        CHECK(mirrored(ahead, directory.path(), writer).audit.verified());
        CHECK(std::filesystem::exists(directory.path() / "tile/entries/000.p/165"));
        CHECK(std::filesystem::file_size(directory.path() / "tile/0/000.p/165") == 165 * 32);
        CHECK(verify_copy(directory.path(), writer.trust()).verified());
    }

    TEST_CASE("a log that does not extend the copy is evidence and the copy stays") {
        CopiedLog copied("mirror-forked", 4);
        const TestDirectory& directory = copied.directory;
        const LogWriter& writer = copied.writer;
        ServedLog& hub = copied.hub;
        const std::vector<std::string> files = files_in(directory.path());

        SUBCASE("another history") {
            LogWriter other;
            send_more(other, 6);
            ServedLog forked = other.publish();
            const MirrorReport report = mirrored(forked, directory.path(), writer);
            CHECK_FALSE(report.audit.verified());
            CHECK(names_fork(report));
            REQUIRE(report.rejected);
            CHECK(report.rejected->filename() == "rejected-53");
            CHECK(text_of(*report.rejected / "checkpoint") == forked.note);
            std::filesystem::remove_all(*report.rejected);
        }
        SUBCASE("an older one") {
            ServedLog rolled_back = hub;
            const Checkpoint head{LogOrigin(std::string(LogWriter::kOrigin)), TreeSize(5),
                                  crypto::tree_root(std::span(hub.tiles[0]).first(5))};
            rolled_back.note = *crypto::sign_checkpoint(head, writer.log_signer);
            const MirrorReport report = mirrored(rolled_back, directory.path(), writer);
            CHECK(found(report.audit).at(0) == only(Errc::log_rolled_back).at(0));
            REQUIRE(report.rejected);
            std::filesystem::remove_all(*report.rejected);
        }
        CHECK(files_in(directory.path()) == files);
        CHECK(text_of(directory.path() / "checkpoint") == hub.note);
    }

    TEST_CASE("another history of the same size is named a fork and kept whole") {
        CopiedLog copied("mirror-same-size", 40);
        const TestDirectory& directory = copied.directory;
        const LogWriter& writer = copied.writer;
        LogWriter other;
        send_more(other, 40);
        ServedLog forked = other.publish();
        const MirrorReport report = mirrored(forked, directory.path(), writer);
        CHECK(names_fork(report));
        CHECK_FALSE(report.mended);
        REQUIRE(report.rejected);
        CHECK(std::filesystem::exists(*report.rejected / "tile/entries/000"));
        CHECK(std::filesystem::exists(*report.rejected / "tile/entries/001.p/69"));
        // What was kept is kept, whatever comes later.
        const MirrorReport again = mirrored(forked, directory.path(), writer);
        REQUIRE(again.rejected);
        CHECK(again.rejected->filename() == "rejected-325-2");
        CHECK(std::filesystem::exists(*report.rejected / "checkpoint"));
        CHECK(verify_copy(directory.path(), writer.trust()).verified());
    }

    TEST_CASE("a copy that was damaged is fetched anew and the hub is not blamed") {
        CopiedLog copied("mirror-mended", 40);
        const TestDirectory& directory = copied.directory;
        const LogWriter& writer = copied.writer;
        ServedLog& hub = copied.hub;
        for (const char* const name : {"tile/entries/000", "tile/0/000", "statements/000.jsonl"}) {
            CAPTURE(name);
            std::string bad = text_of(directory.path() / name);
            bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
            directory.write(name, bad);
            const MirrorReport report = mirrored(hub, directory.path(), writer);
            CHECK(report.audit.verified());
            CHECK(report.mended);
            CHECK_FALSE(report.rejected);
            CHECK(verify_copy(directory.path(), writer.trust()).verified());
        }
    }

    TEST_CASE("what a run that was cut off left behind never gets into the copy") {
        const TestDirectory directory("mirror-left");
        LogWriter writer;
        send_more(writer, 40);
        ServedLog hub = writer.publish();
        std::filesystem::create_directories(directory.path() / "incoming/tile/entries");
        directory.write("incoming/tile/entries/000.AbC123", "half");
        directory.write("incoming/tile/entries/002", "of a later head");
        // As if the run had ended before it removed what the full tile replaced.
        std::filesystem::create_directories(directory.path() / "tile/entries/000.p");
        directory.write("tile/entries/000.p/165", "old");
        CHECK(mirrored(hub, directory.path(), writer).audit.verified());
        CHECK(found(verify_copy(directory.path(), writer.trust())).empty());
    }

    TEST_CASE("one byte changed in any file of a copy is found") {
        CopiedLog copied("mirror-byte", 32);
        const TestDirectory& directory = copied.directory;
        const LogWriter& writer = copied.writer;
        for (const std::string& name : files_in(directory.path())) {
            CAPTURE(name);
            const std::filesystem::path file = directory.path() / name;
            const std::string good = text_of(file);
            for (const std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
                CAPTURE(at);
                std::string bad = good;
                bad[at] = static_cast<char>(bad[at] ^ 1);
                directory.write(name, bad);
                CHECK_FALSE(verify_copy(directory.path(), writer.trust()).verified());
            }
            directory.write(name, good);
        }
        CHECK(verify_copy(directory.path(), writer.trust()).verified());
    }

    TEST_CASE("a file that is missing or too many is found") {
        const TestDirectory away("mirror-file-away");
        CopiedLog copied("mirror-file", 32);
        const TestDirectory& directory = copied.directory;
        const LogWriter& writer = copied.writer;
        for (const std::string& name : files_in(directory.path())) {
            CAPTURE(name);
            const std::filesystem::path file = directory.path() / name;
            std::filesystem::rename(file, away.path() / "file");
            CHECK_FALSE(verify_copy(directory.path(), writer.trust()).verified());
            std::filesystem::rename(away.path() / "file", file);
        }
        for (const char* const name :
             {"notes.txt", "tile/0/002", "tile/0/001.p/4", "tile/0/1", "tile/2/000.p/1",
              "tile/entries/001.p/6", "statements/002.jsonl", "statements/000"}) {
            CAPTURE(name);
            const std::filesystem::path file = directory.path() / name;
            std::filesystem::create_directories(file.parent_path());
            directory.write(name, "x");
            const AuditReport report = verify_copy(directory.path(), writer.trust());
            REQUIRE(report.findings.kept().size() == 1);
            CHECK(report.findings.kept().front().words.starts_with(std::string(name) +
                                                                   " is no part"));
            std::filesystem::remove(file);
        }
    }

    TEST_CASE("a copy whose head is not by the log's key is not copied over") {
        const TestDirectory directory("mirror-head");
        LogWriter writer;
        directory.write("checkpoint", "none\n");
        ServedLog hub = writer.publish();
        CHECK_FALSE(mirror_log(hub, directory.path(), writer.trust(), {}).has_value());
        CHECK(text_of(directory.path() / "checkpoint") == "none\n");
    }
}
