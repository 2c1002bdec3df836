#include "client/auditor/hub_answers.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

const std::string kHash(64, 'a');

/// As hub/notice_api.cpp writes it.
const std::string kBatch = R"({"first":5,"entries":2,"signer":")" + kHash +
                           R"(","statement":"AQID","leaves":[{"leaf_hash":")" + kHash +
                           R"(","index":5},{"leaf_hash":")" + kHash + R"("}]})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

Result<BatchRecord> read(const std::string& json) {
    return read_batch_record(as_bytes(json));
}

}  // namespace

TEST_SUITE("answers of a hub") {
    TEST_CASE("a batch is read with its leaves") {
        const Result<BatchRecord> record = read(kBatch);
        REQUIRE(record.has_value());
        CHECK(record->first == LogIndex(5));
        CHECK(record->entry_count == 2);
        CHECK(record->signer.hex() == kHash);
        CHECK(record->statement == Bytes{1, 2, 3});
        REQUIRE(record->leaves.size() == 2);
        CHECK(record->leaves[0].index == LogIndex(5));
        CHECK_FALSE(record->leaves[1].index);
    }

    TEST_CASE("a batch of another form is refused") {
        CHECK(read("").error() == Errc::protocol_violation);
        CHECK(read("[]").error() == Errc::protocol_violation);
        CHECK(read(replaced(kBatch, "5", "-5")).error() == Errc::protocol_violation);
        CHECK(read(replaced(kBatch, "\"entries\":2", "\"entries\":0")).error() ==
              Errc::protocol_violation);
        CHECK(read(replaced(kBatch, "AQID", "AQI")).error() == Errc::protocol_violation);
        CHECK(read(replaced(kBatch, "\"leaves\"", "\"leaf\"")).error() == Errc::protocol_violation);
        CHECK(read(replaced(kBatch, "{\"leaf_hash\"", "{\"more\":1,\"leaf_hash\"")).error() ==
              Errc::protocol_violation);
    }

    TEST_CASE("the register is read row by row") {
        const auto rows = read_register_rows(
            as_bytes(R"({"entries":[{"index":0,"entry":"AQ=="},{"index":7,"entry":"Ag=="}]})"));
        REQUIRE(rows.has_value());
        REQUIRE(rows->size() == 2);
        CHECK((*rows)[1] == RegisterRow{LogIndex(7), Bytes{2}});
        CHECK(read_register_rows(as_bytes(R"({"entries":[{"index":0}]})")).error() ==
              Errc::protocol_violation);
        CHECK(read_register_rows(as_bytes(R"({"entries":{}})")).error() ==
              Errc::protocol_violation);
    }

    TEST_CASE("a bundle is cut at its lengths and what is left over is counted") {
        const Bytes bundle{0, 2, 'a', 'b', 0, 0, 0, 3, 'x', 'y'};
        const std::vector<BytesView> entries = split_bundle(bundle).entries;
        CHECK(split_bundle(bundle).left_over == 4);
        REQUIRE(entries.size() == 2);
        CHECK(as_text(entries[0]) == "ab");
        CHECK(entries[1].empty());
        CHECK(split_bundle(Bytes{0}).entries.empty());
        CHECK(split_bundle(Bytes{0}).left_over == 1);
        CHECK(split_bundle({}).entries.empty());
        CHECK(split_bundle({}).left_over == 0);
        Bytes long_one{1, 0};
        long_one.resize(2 + 256, 'z');
        REQUIRE(split_bundle(long_one).entries.size() == 1);
        CHECK(split_bundle(long_one).entries[0].size() == 256);
        CHECK(split_bundle(long_one).left_over == 0);
    }

    TEST_CASE("a tile is a whole number of hashes") {
        CHECK(split_tile(Bytes(64))->size() == 2);
        CHECK(split_tile({})->empty());
        CHECK(split_tile(Bytes(63)).error() == Errc::protocol_violation);
    }
}
