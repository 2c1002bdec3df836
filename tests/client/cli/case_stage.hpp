#pragma once

#include "client/cli/case_words.hpp"
#include "protocol/json_value.hpp"
#include "tests/protocol/charter_fixture.hpp"
#include "tests/support/fixed_zone.hpp"

#include <doctest/doctest.h>

#include <string>

/// What the tests of the case ledger's views share: a charter, a zone, and answers of the daemon.
namespace tongbao::client::testing {

inline const std::string kCaseNumber = "440000202000001";

/// Where an entry of a case comes from, as the daemon tells it: notice `index` of `sender`, logged
/// on 2 November 2020 at 09:00 and as many minutes in Guangdong.
inline std::string said_by(int index, const std::string& kind, const std::string& sender,
                           const std::string& more = R"(,"on":"logged")") {
    const std::string minute = (index < 10 ? "0" : "") + std::to_string(index);
    return R"("said_by":{"notice":{"index":)" + std::to_string(index) +
           R"(,"sha256":"00"},"kind":")" + kind + R"(","sender":")" + sender + R"(","entry":)" +
           std::to_string(index) + R"(,"at":"2020-11-02T01:)" + minute + R"(:00.000Z")" + more +
           '}';
}

inline std::string reversed_by(int index) {
    return R"(,"reversed_by":{"index":)" + std::to_string(index) + R"(,"sha256":"00"})";
}

struct CaseStage {
    Charter charter = tongbao::testing::load("domain/charters/guangdong-2020.json");
    tongbao::testing::FixedZone zone;
    CaseWords words{charter, zone, "Asia/Shanghai"};

    [[nodiscard]] static protocol::JsonDocument read(const std::string& text) {
        Checked<protocol::JsonDocument> document = protocol::read_json(as_bytes(text), 100'000);
        REQUIRE(document.has_value());
        return *std::move(document);
    }
};

}  // namespace tongbao::client::testing
