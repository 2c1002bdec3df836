#include "crypto/tlog_proof.hpp"

#include "crypto/merkle_proof.hpp"
#include "tests/crypto/log_vectors.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::crypto::test;
using namespace std::string_literals;

namespace {

/// The proof of entry 3 of the vectors' log of five entries.
struct Proven {
    std::vector<Digest> hashes = read_vector_leaf_hashes(5);
    std::string note = read_vector_file(5, "checkpoint");
    TlogProof proof{std::nullopt, LogIndex(3), tree_path(hashes, 3), note};
    VerifierKey log_key = read_vector_keys().log_key;
};

Errc proof_error(const std::string& text) {
    return to_errc(parse_tlog_proof(text).error());
}

}  // namespace

TEST_SUITE("tlog proof") {
    TEST_CASE_FIXTURE(Proven, "a proof is written as C2SP tlog-proof has it") {
        const std::string expected = "c2sp.org/tlog-proof@v1\nindex 3\n" + hashes[2].base64() +
                                     "\n" + node_hash(hashes[0], hashes[1]).base64() + "\n" +
                                     hashes[4].base64() + "\n\n" + note;
        CHECK(format_tlog_proof(proof) == expected);
        CHECK(parse_tlog_proof(expected).value() == proof);
        proof.extra = to_bytes("more");
        const std::string with_extra = format_tlog_proof(proof);
        CHECK(with_extra.starts_with("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 3\n"));
        CHECK(parse_tlog_proof(with_extra).value() == proof);
    }

    TEST_CASE_FIXTURE(Proven, "a proof from a file verifies and gives the checkpoint") {
        const auto parsed = parse_tlog_proof(format_tlog_proof(proof));
        REQUIRE(parsed.has_value());
        const auto checkpoint = verify_tlog_proof(*parsed, hashes[3], log_key);
        REQUIRE(checkpoint.has_value());
        CHECK(checkpoint->size == TreeSize(5));
    }

    TEST_CASE("the proof in a log of one entry has no hashes") {
        const TlogProof proof{std::nullopt, LogIndex(0), {}, read_vector_file(1, "checkpoint")};
        const auto parsed = parse_tlog_proof(format_tlog_proof(proof));
        REQUIRE(parsed.has_value());
        CHECK(verify_tlog_proof(*parsed, read_vector_leaf_hashes(1)[0], read_vector_keys().log_key)
                  .has_value());
    }

    TEST_CASE_FIXTURE(Proven, "another entry or index or path or key is refused") {
        CHECK(verify_tlog_proof(proof, hashes[2], log_key).error() == Errc::proof_mismatch);
        TlogProof moved = proof;
        moved.index = LogIndex(2);
        CHECK(verify_tlog_proof(moved, hashes[3], log_key).error() == Errc::proof_mismatch);
        moved.index = LogIndex(5);
        CHECK(verify_tlog_proof(moved, hashes[3], log_key).error() == Errc::not_in_tree);
        TlogProof shorter = proof;
        shorter.path.pop_back();
        CHECK(verify_tlog_proof(shorter, hashes[3], log_key).error() == Errc::proof_mismatch);
        const VectorKeys keys = read_vector_keys();
        CHECK(verify_tlog_proof(proof, hashes[3], keys.witnesses[0].key).error() ==
              Errc::unknown_log_key);
        TlogProof forged = proof;
        forged.checkpoint_note[forged.checkpoint_note.find("\n5\n") + 1] = '6';
        CHECK(verify_tlog_proof(forged, hashes[3], log_key).error() == Errc::bad_note);
    }

    TEST_CASE_FIXTURE(Proven, "a text that is no proof is refused") {
        const std::string hash = hashes[0].base64() + '\n';
        const std::string head = "c2sp.org/tlog-proof@v1\n";
        for (const std::string& text : {
                 ""s,
                 head,
                 "c2sp.org/tlog-proof@v2\nindex 3\n\n" + note,
                 head + "\n" + note,
                 head + "index \n\n" + note,
                 head + "index -1\n\n" + note,
                 head + "index +1\n\n" + note,
                 head + "index 03\n\n" + note,
                 head + "index 3 \n\n" + note,
                 head + "index 18446744073709551616\n\n" + note,
                 head + "Index 3\n\n" + note,
                 head + "index 3\nextra bW9yZQ==\n\n" + note,
                 head + "extra bW9yZQ\nindex 3\n\n" + note,
                 head + "extra bW9yZQ==\nextra bW9yZQ==\nindex 3\n\n" + note,
                 head + "index 3\n" + hash.substr(1) + "\n" + note,
                 head + "index 3\n" + hash + note,
                 head + "index 3\n" + hash,
                 head + "index 3\n" + hash + "\n",
             }) {
            CAPTURE(text);
            CHECK(proof_error(text) == Errc::bad_proof);
        }
        std::string many = head + "index 3\n";
        for (std::size_t i = 0; i < kMaxProofHashes; ++i) many += hash;
        CHECK(parse_tlog_proof(many + "\n" + note).has_value());
        CHECK(proof_error(many + hash + "\n" + note) == Errc::bad_proof);
    }
}
