#include "protocol/shown_entry.hpp"

#include "protocol/log_entry_json.hpp"
#include "tests/protocol/log_entry_samples.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::entry_samples;
using samples::Sample;

TEST_SUITE("shown entry") {
    TEST_CASE("an entry that hides nothing is shown as it is") {
        for (const Sample& each : entry_samples()) {
            CAPTURE(each.text);
            const ShownEntry parts = split_shown_entry(as_bytes(each.text));
            CHECK(as_text(parts.entry) == each.text);
            CHECK_FALSE(parts.record.has_value());
        }
    }

    TEST_CASE("an opaque entry is shown with its record behind a newline") {
        const Bytes shown = join_shown_entry(as_bytes("entry"), as_bytes("record\nof two lines"));
        CHECK(as_text(shown) == "entry\nrecord\nof two lines");
        const ShownEntry parts = split_shown_entry(shown);
        CHECK(as_text(parts.entry) == "entry");
        REQUIRE(parts.record.has_value());
        CHECK(as_text(*parts.record) == "record\nof two lines");
        // Nothing is there, and that is not the record.
        CHECK(split_shown_entry(as_bytes("entry\n")).record->empty());
    }

    TEST_CASE("an opaque entry is known by how it begins") {
        for (const Sample& each : entry_samples()) {
            CAPTURE(each.text);
            CHECK(is_opaque_entry(as_bytes(each.text)) ==
                  std::holds_alternative<OpaqueEvent>(each.entry.event));
        }
        CHECK_FALSE(is_opaque_entry({}));
        CHECK_FALSE(is_opaque_entry(as_bytes(R"({"event":"opaque"})")));
    }
}
