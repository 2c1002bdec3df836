#include "crypto/statement.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "tests/crypto/statement_data.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

namespace {

std::string edited(std::string text, std::string_view what, std::string_view with) {
    return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_SUITE("statement") {
    TEST_CASE("statements that the OpenSSL command line signed are opened") {
        const Certificate signer = statement_signer_certificate();
        for (const int count : kStatementBatches) {
            CAPTURE(count);
            const std::string name = "batch-" + std::to_string(count);
            const std::string text = statement_data(name + ".statement");
            const auto opened =
                open_statement(as_bytes(statement_data(name + ".p7s")), only(signer));
            REQUIRE(opened.has_value());
            CHECK(format_statement(opened->statement) == text);
            CHECK(opened->statement.origin.value() == "hub.guangdong-2020.example/log");
            CHECK(opened->statement.signer == "spiffe://guangdong-2020.example/unit/hsa/sign");
            CHECK(opened->statement.role == "submit");
            CHECK(opened->statement.count == static_cast<std::uint64_t>(count));
            CHECK(opened->signer.unit->value() == "hsa");
            CHECK(opened->certificate.hex() ==
                  "6ad867041cd9926f332e2a7c85b42d2a978156e9c47c050228428470ba1e9671");
            // openssl cms -cmsout -print: UTCTIME:Nov 22 05:31:32 2026 GMT
            CHECK(format_utc(opened->claimed_time) == "2026-11-22T05:31:32.000Z");
        }
    }

    TEST_CASE("the root of each vector is that of its leaves and each leaf verifies alone") {
        const auto expected = nlohmann::json::parse(statement_data("expected.json"));
        for (const int count : kStatementBatches) {
            const std::string name = "batch-" + std::to_string(count);
            const Statement statement = *parse_statement(statement_data(name + ".statement"));
            const auto& batch = expected.at(std::to_string(count));
            CHECK(statement.root.hex() == batch.at("root_hex").get<std::string>());
            std::vector<Digest> leaves;
            for (int i = 0; i < count; ++i) {
                leaves.push_back(leaf_hash(
                    as_bytes(statement_data(name + "-leaf-" + std::to_string(i) + ".bin"))));
            }
            CHECK(tree_root(leaves) == statement.root);
            for (std::size_t i = 0; i < leaves.size(); ++i) {
                std::vector<Digest> path;
                for (const auto& step : batch.at("paths_hex").at(i)) {
                    path.push_back(*Digest::from_hex(step.get<std::string>()));
                }
                CHECK(verify_inclusion(leaves[i], LogIndex(i), TreeSize(leaves.size()), path,
                                       statement.root)
                          .has_value());
            }
        }
    }

    TEST_CASE("every notice in batches of 1 and 2 and 3 and 1000 verifies alone") {
        const TestPki pki;
        const StatementSigner signer = pki.signer("hsa");
        for (const std::size_t count : {1u, 2u, 3u, 1000u}) {
            CAPTURE(count);
            std::vector<Digest> leaves;
            for (std::size_t i = 0; i < count; ++i) {
                leaves.push_back(leaf_hash(as_bytes("notice " + std::to_string(i))));
            }
            const MerkleTree tree(leaves);
            const Statement statement{LogOrigin("hub.test.example/log"),
                                      "spiffe://test.example/unit/hsa/sign", "submit", count,
                                      tree.root()};
            const Result<Bytes> der = signer.sign(statement, pki.now());
            REQUIRE(der.has_value());
            const auto opened = open_statement(*der, only(signer.certificate()));
            REQUIRE(opened.has_value());
            CHECK(opened->statement == statement);
            CHECK(opened->claimed_time == pki.now());
            const TreeSize size(opened->statement.count);
            for (std::size_t i = 0; i < count; ++i) {
                const std::vector<Digest> path = tree.path(i);
                const Digest leaf = leaf_hash(as_bytes("notice " + std::to_string(i)));
                REQUIRE(verify_inclusion(leaf, LogIndex(i), size, path, opened->statement.root)
                            .has_value());
                REQUIRE(verify_inclusion(leaf_hash(as_bytes("another")), LogIndex(i), size, path,
                                         opened->statement.root)
                            .error() == Errc::proof_mismatch);
            }
        }
    }

    TEST_CASE("a statement has exactly one form") {
        const std::string good = statement_data("batch-2.statement");
        REQUIRE(parse_statement(good).has_value());
        const std::vector<std::string> bad{
            "",
            good.substr(0, good.size() - 1),
            good + "\n",
            good + "more\n",
            " " + good,
            "\xef\xbb\xbf" + good,
            edited(good, "v1 p256-sha256", "v1 sm2-sm3"),
            edited(good, "v1 p256-sha256", "v2 p256-sha256"),
            edited(good, "sha256\n", "sha256 \n"),
            edited(good, "sha256\n", "sha256\r\n"),
            edited(good, "log hub", "log  hub"),
            edited(good, "log hub.guangdong-2020.example/log", "log "),
            edited(good, "example/log", "example/a b"),
            edited(good, "example/log", "example/\xc3\xa9"),
            edited(good, "example/log", "example/" + std::string(255, 'a')),
            edited(good, "signer ", "Signer "),
            edited(good, "unit/hsa/sign", "unit/hsa/daemon"),
            edited(good, "unit/hsa/sign", "unit/hsa/sign/"),
            edited(good, "unit/hsa/sign", "hub"),
            edited(good, "role submit", "role Submit"),
            edited(good, "role submit", "role submit "),
            edited(good, "role submit", "role endorse"),
            edited(good, "role submit", "role endorse:"),
            edited(good, "role submit", "role endorse:Convener"),
            edited(good, "role submit", "role endorse:a:b"),
            edited(good, "role submit", "role approve"),
            edited(good, "count 2", "count 0"),
            edited(good, "count 2", "count 02"),
            edited(good, "count 2", "count +2"),
            edited(good, "count 2", "count -2"),
            edited(good, "count 2", "count "),
            edited(good, "count 2", "count 2 "),
            edited(good, "count 2", "count 0x2"),
            edited(good, "count 2", "count 18446744073709551616"),
            edited(good, "root ", "root  "),
            edited(good, "root h", "root "),
            edited(good, "=\n", "\n"),
        };
        for (const std::string& text : bad) {
            CAPTURE(text);
            CHECK(parse_statement(text).error() == Errc::bad_statement);
        }
        CHECK(parse_statement(edited(good, "count 2", "count 18446744073709551615")).has_value());
        CHECK(parse_statement(edited(good, "role submit", "role endorse:convener")).has_value());
        CHECK(parse_statement(edited(good, "hsa/sign", "hsa/post/convener")).has_value());
    }

    TEST_CASE("a signer signs for itself alone and only what can be read again") {
        const TestPki pki;
        const StatementSigner signer = pki.signer("hsa");
        const Statement good{LogOrigin("hub.test.example/log"),
                             "spiffe://test.example/unit/hsa/sign", "submit", 1, Digest()};
        CHECK(signer.sign(good, pki.now()).has_value());
        Statement other = good;
        other.signer = "spiffe://test.example/unit/psd/sign";
        CHECK(signer.sign(other, pki.now()).error() == Errc::wrong_signer);
        other = good;
        other.count = 0;
        CHECK(signer.sign(other, pki.now()).error() == Errc::bad_statement);
        other = good;
        other.origin = LogOrigin("a\ncount 5");
        CHECK(signer.sign(other, pki.now()).error() == Errc::bad_statement);
        other = good;
        other.role = "endorse:a b";
        CHECK(signer.sign(other, pki.now()).error() == Errc::bad_statement);
    }

    TEST_CASE("a signer needs its own key and a certificate for signing") {
        const TestPki pki;
        TestHolder one = pki.sign("hsa");
        const TestHolder two = pki.sign("hsa");
        CHECK(StatementSigner::make(std::move(one.key), two.certificate).error() == Errc::bad_key);
        TestHolder daemon = pki.daemon("hsa");
        CHECK(StatementSigner::make(std::move(daemon.key), daemon.certificate).error() ==
              Errc::certificate_wrong_use);
        TestHolder post = pki.post("hsa", "convener");
        CHECK(StatementSigner::make(std::move(post.key), post.certificate).has_value());
    }

    TEST_CASE("the claimed time is kept through 2049 and from 2050 on") {
        const TestPki pki;
        const StatementSigner signer = pki.signer("hsa");
        const Statement statement{LogOrigin("hub.test.example/log"),
                                  "spiffe://test.example/unit/hsa/sign", "submit", 1, Digest()};
        for (const std::string_view text :
             {"1970-01-01T00:00:00.000Z", "1999-12-31T23:59:59.000Z", "2000-02-29T12:00:00.000Z",
              "2049-12-31T23:59:59.000Z", "2050-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z"}) {
            CAPTURE(text);
            const Result<Bytes> der = signer.sign(statement, *parse_utc(text));
            REQUIRE(der.has_value());
            const auto opened = open_statement(*der, only(signer.certificate()));
            REQUIRE(opened.has_value());
            CHECK(format_utc(opened->claimed_time) == text);
        }
    }
}
