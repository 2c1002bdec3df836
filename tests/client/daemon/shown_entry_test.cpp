#include "client/shown_entry.hpp"

#include "crypto/sha256.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::client {
namespace {

const UtcTime kNoon{std::chrono::milliseconds(1'790'000'000'000)};

Bytes entry_at_noon(LogEvent event, UtcTime time = kNoon) {
    return to_bytes(protocol::write_log_entry(LogEntry{time, {}, std::move(event)}));
}

Bytes closing(UtcTime time = kNoon) {
    return entry_at_noon(ClosedEvent{{Digest(), LogIndex(7)}, UnitId("dike")}, time);
}

Bytes hiding(const Bytes& record) {
    return entry_at_noon(OpaqueEvent{crypto::sha256(record)});
}

/// `code place` of what is wrong with what is shown.
std::string refusal_of(const Bytes& shown) {
    const Checked<KnownEntry> known = read_shown_entry(shown);
    if (known) return {};
    return std::string(code(known.error().code)) + ' ' + known.error().place;
}

TEST_SUITE("shown entry of a client") {
    TEST_CASE("an entry is what it says, and an opaque one what its record says") {
        const Checked<KnownEntry> plain = read_shown_entry(closing());
        REQUIRE(plain.has_value());
        CHECK_FALSE(plain->hidden);
        const Bytes record = closing();
        const Checked<KnownEntry> told =
            read_shown_entry(protocol::join_shown_entry(hiding(record), record));
        REQUIRE(told.has_value());
        CHECK(told->hidden);
        CHECK(told->entry == plain->entry);
        // Others see that something is there.
        const Checked<KnownEntry> untold = read_shown_entry(hiding(record));
        REQUIRE(untold.has_value());
        CHECK_FALSE(untold->hidden);
        CHECK(std::get<OpaqueEvent>(untold->entry.event).record == crypto::sha256(record));
    }

    TEST_CASE("a record that the entry does not hide is refused") {
        const Bytes record = closing();
        const auto beside = [](const Bytes& entry, const Bytes& shown_record) {
            return refusal_of(protocol::join_shown_entry(entry, shown_record));
        };
        CHECK(beside(hiding(record), record).empty());
        CHECK(beside(hiding(record), entry_at_noon(OpaqueEvent{})) == "entry_mismatch record");
        CHECK(beside(hiding(record), {}) == "entry_mismatch record");
        // The entry says all itself.
        CHECK(beside(closing(), record) == "entry_mismatch record");
        const Bytes later = closing(kNoon + std::chrono::milliseconds(1));
        CHECK(beside(hiding(later), later) == "entry_mismatch record");
        const Bytes nested = hiding(record);
        CHECK(beside(hiding(nested), nested) == "entry_mismatch record");
        const Bytes nothing = to_bytes("{}");
        CHECK(beside(hiding(nothing), nothing).starts_with("missing_member"));
        CHECK(beside(nothing, record).starts_with("missing_member"));
    }
}

}  // namespace
}  // namespace tongbao::client
