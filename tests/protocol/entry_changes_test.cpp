#include "protocol/entry_changes.hpp"

#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/message_codec.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::digest_of;
using samples::from_spaced_hex;
using samples::hex_of;

namespace {

std::vector<EntryChange> changes_between(const std::string& earlier, const std::string& entry) {
    return changes_of(as_bytes(earlier), as_bytes(entry));
}

/// An answer without leaves and head whose run is `entries` as they are written, `count` of them.
std::string written_answer(const std::string& count, const std::string& entries) {
    return "11 0000000000000001 00000000 00000000 00000000 0000000000000000 " + count + ' ' +
           entries + " 00000000";
}

/// What the run of such an answer says; empty if the answer is refused as what can't be read.
std::vector<EntryOrHash> entries_in(const std::string& answer) {
    const Result<Message> read = decode(from_spaced_hex(answer));
    if (!read) {
        CHECK(read.error() == Errc::protocol_violation);
        return {};
    }
    return std::get<Outcome>(*read).run.entries;
}

Outcome with_entries(std::vector<EntryOrHash> entries) {
    return {1, {}, {}, {LogIndex(0), std::move(entries), {}}};
}

bool comes_back(const Outcome& outcome) {
    const Result<Message> read = decode(encode(outcome));
    return read.has_value() && std::get<Outcome>(*read) == outcome;
}

/// The entry of a notice whose own digests are made of `byte`.
Bytes entry_of_notice(std::uint8_t byte) {
    LogEntry entry;
    entry.salt.fill(byte);
    entry.event = LoggedEvent{{digest_of(byte), digest_of(static_cast<std::uint8_t>(byte + 1)),
                               digest_of(1), digest_of(2)},
                              UnitId("bureau_a"),
                              {UnitId("bureau_b")},
                              {},
                              KindId("case_transfer"),
                              CharterId("sample_2026"),
                              CharterVersion(3),
                              digest_of(3)};
    return to_bytes(write_log_entry(entry));
}

// An entry of 12 bytes whole, "abcdefghijkl", and what makes "abcdXfghijkl" of it.
const std::string kWhole = "00 0000000c 6162636465666768696a6b6c";
const std::string kChanged = " 02 00000001 0004 00000001 58";

}  // namespace

TEST_SUITE("entries as changes") {
    TEST_CASE("what differs is said with its place, near stretches as one") {
        CHECK(changes_between("abcdefghijklmnopqrst", "abcdefghijklmnopqrst").empty());
        CHECK(changes_between("abcdefghijklmnopqrst", "abcXefghijklmnopqrst") ==
              std::vector<EntryChange>{{3, 1}});
        CHECK(changes_between("abcdefghijklmnopqrst", "Xbcdefghijklmnopqrst") ==
              std::vector<EntryChange>{{0, 1}});
        CHECK(changes_between("abcdefghijklmnopqrst", "abcdefghijklmnopqrsX") ==
              std::vector<EntryChange>{{19, 1}});
        // Five equal bytes are fewer than the six that a change of its own takes besides its bytes.
        CHECK(changes_between("abcdefghijklmnopqrst", "aXcdefgXijklmnopqrst") ==
              std::vector<EntryChange>{{1, 7}});
        CHECK(changes_between("abcdefghijklmnopqrst", "aXcdefghXjklmnopqrst") ==
              std::vector<EntryChange>{{1, 1}, {8, 1}});
    }

    TEST_CASE("entries of two lengths, and what is longer as changes, have none") {
        CHECK(changes_between("abcdefghijkl", "abcdefghijklm").empty());
        CHECK(changes_between("", "").empty());
        CHECK(changes_between("abcdefg", "Xbcdefg").size() == 0);
        CHECK(changes_between("abcdefgh", "Xbcdefgh").size() == 1);
        std::string before(1000, 'a');
        std::string after = before;
        for (std::size_t i = 0; i < kMaxEntryChanges; ++i) after[i * 50] = 'b';
        CHECK(changes_between(before, after).size() == kMaxEntryChanges);
        after.back() = 'b';
        CHECK(changes_between(before, after).empty());
        CHECK(changes_of(Bytes(kMaxLogEntryBytes, 1), Bytes(kMaxLogEntryBytes, 1)).empty());
        Bytes long_entry(kMaxLogEntryBytes + 1, 1);
        const Bytes other = long_entry;
        long_entry[5] = 2;
        CHECK(changes_of(other, long_entry).empty());
    }

    TEST_CASE("an entry as changes has the bytes that the protocol's description gives") {
        const Bytes first = to_bytes("abcdefghijkl");
        const Bytes second = to_bytes("abcdXfghijkl");
        CHECK(encode(with_entries({first, second})) ==
              from_spaced_hex(written_answer("00000002", kWhole + kChanged)));
        CHECK(entries_in(written_answer("00000002", kWhole + kChanged)) ==
              std::vector<EntryOrHash>{first, second});
        // The one before it is the last that stands there as an entry, itself told by changes here.
        CHECK(entries_in(written_answer("00000004", kWhole + kChanged + " 01 " + hex_of("26") +
                                                        " 02 00000001 0000 00000001 59")) ==
              std::vector<EntryOrHash>{first, second, digest_of(0x26), to_bytes("YbcdXfghijkl")});
    }

    TEST_CASE("the entries of a batch take less than a third of what they are") {
        std::vector<EntryOrHash> entries;
        std::size_t whole = 0;
        for (std::uint8_t i = 0; i < 200; ++i) {
            entries.emplace_back(entry_of_notice(i));
            whole += std::get<Bytes>(entries.back()).size();
        }
        const Outcome outcome = with_entries(std::move(entries));
        // 24 characters of salt and twice 64 of digests are new, with 6 bytes for each of the
        // three.
        CHECK(encode(outcome).size() < whole / 3);
        CHECK(comes_back(outcome));
    }

    TEST_CASE("any entries come back as they were") {
        std::mt19937 draw(20'261'130);
        const auto below = [&draw](std::size_t end) {
            return std::uniform_int_distribution<std::size_t>(0, end - 1)(draw);
        };
        for (int round = 0; round < 500; ++round) {
            CAPTURE(round);
            std::vector<EntryOrHash> entries;
            Bytes entry(below(200));
            for (std::size_t i = 0; i < 20; ++i) {
                if (below(8) == 0) entry.resize(below(200));
                if (below(5) == 0) entries.emplace_back(digest_of(0x26));
                for (std::size_t changes = below(30); changes > 0 && !entry.empty(); --changes) {
                    entry[below(entry.size())] = static_cast<std::uint8_t>(below(3));
                }
                entries.emplace_back(entry);
            }
            REQUIRE(comes_back(with_entries(std::move(entries))));
        }
    }

    TEST_CASE("changes without an entry before them are refused") {
        CHECK(entries_in(written_answer("00000001", kChanged)).empty());
        CHECK(entries_in(written_answer("00000002", "01 " + hex_of("26") + kChanged)).empty());
    }

    TEST_CASE("no change, an empty one, and one more than the limit are refused") {
        const auto changed = [](const std::string& changes) {
            return entries_in(written_answer("00000002", kWhole + " 02 " + changes));
        };
        CHECK(changed("00000001 0004 00000001 58").size() == 2);
        CHECK(changed("00000000").empty());
        CHECK(changed("00000001 0004 00000000").empty());
        const std::string long_entry = "00 00000020 " + hex_of("61");
        std::string changes;
        for (int i = 0; i < 16; ++i) {
            // Every second byte, as two hexadecimal digits.
            changes += " 00" + to_hex(Bytes{static_cast<std::uint8_t>(2 * i)}) + " 00000001 62";
        }
        CHECK(
            entries_in(written_answer("00000002", long_entry + " 02 00000010" + changes)).size() ==
            2);
        CHECK(entries_in(written_answer("00000002", long_entry + " 02 00000011" + changes +
                                                        " 001f 00000001 62"))
                  .empty());
    }

    TEST_CASE("changes that overlap, go back or go beyond the entry's end are refused") {
        const auto changed = [](const std::string& changes) {
            return entries_in(written_answer("00000002", kWhole + " 02 " + changes));
        };
        CHECK(changed("00000002 0004 00000002 5858 0006 00000001 59").size() == 2);
        CHECK(changed("00000002 0004 00000002 5858 0005 00000001 59").empty());
        CHECK(changed("00000002 0004 00000001 58 0000 00000001 59").empty());
        CHECK(changed("00000002 0004 00000001 58 0004 00000001 59").empty());
        CHECK(changed("00000001 000b 00000001 58").size() == 2);
        CHECK(changed("00000001 000b 00000002 5858").empty());
        CHECK(changed("00000001 000c 00000001 58").empty());
        CHECK(changed("00000001 ffff 00000001 58").empty());
    }

    TEST_CASE("a small frame that says more entries than a run may hold is refused") {
        // Entries of 65,535 bytes each, all but the first in 12 bytes: 64 of them fit 4 MiB.
        const auto frame = [](std::size_t entries) {
            Bytes bytes =
                from_spaced_hex("11 0000000000000001 00000000 00000000 00000000 0000000000000000");
            bytes.insert(bytes.end(), {0, 0, 0, static_cast<std::uint8_t>(entries)});
            bytes.insert(bytes.end(), {0, 0, 0, 0xff, 0xff});
            bytes.insert(bytes.end(), kMaxLogEntryBytes, 'a');
            for (std::size_t i = 1; i < entries; ++i) {
                bytes.insert(bytes.end(), {2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 'b'});
            }
            bytes.insert(bytes.end(), {0, 0, 0, 0});
            return bytes;
        };
        CHECK(decode(frame(64)).has_value());
        CHECK(decode(frame(65)).error() == Errc::protocol_violation);
    }
}
