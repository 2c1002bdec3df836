#include "client/cli/saved_proof.hpp"

#include "crypto/merkle_tree.hpp"
#include "tests/client/cli/daemon_stage.hpp"
#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;
using tongbao::testing::CommandResult;
using tongbao::testing::TestDirectory;

namespace {

/// Batches that OpenSSL alone has signed: tests/data/README.md.
std::string vector_file(const std::string& name) {
    std::ifstream file(testing::source_dir() + "/tests/data/statement/" + name, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> leaves_of(int batch) {
    std::vector<std::string> leaves;
    for (int i = 0; i < batch; ++i) {
        leaves.push_back(
            vector_file("batch-" + std::to_string(batch) + "-leaf-" + std::to_string(i) + ".bin"));
    }
    return leaves;
}

std::vector<Digest> hashes_of(const std::vector<std::string>& leaves) {
    std::vector<Digest> hashes;
    for (const std::string& leaf : leaves) hashes.push_back(crypto::leaf_hash(as_bytes(leaf)));
    return hashes;
}

/// The line of the statement that begins with `root `, without that.
std::string root_line(const std::string& statement) {
    const std::size_t at = statement.find("root ");
    REQUIRE(at != std::string::npos);
    return statement.substr(at + 5);
}

}  // namespace

TEST_SUITE("proof for a stranger") {
    TEST_CASE("the printed command leads from every leaf to the root that OpenSSL has signed") {
        const TestDirectory directory("proof-root");
        for (const int batch : {1, 2, 3, 5}) {
            const std::vector<std::string> leaves = leaves_of(batch);
            const std::vector<Digest> hashes = hashes_of(leaves);
            const std::string root =
                root_line(vector_file("batch-" + std::to_string(batch) + ".statement"));
            for (std::size_t i = 0; i < leaves.size(); ++i) {
                CAPTURE(batch);
                CAPTURE(i);
                directory.write("notice.json", leaves[i]);
                const Result<std::string> command =
                    root_command({i, leaves.size(), crypto::tree_path(hashes, i)});
                REQUIRE(command.has_value());
                CHECK(directory.run(*command).output == root);
            }
        }
    }

    TEST_CASE("a path that is too short or too long gives no command") {
        const std::vector<Digest> hashes = hashes_of(leaves_of(5));
        std::vector<Digest> path = crypto::tree_path(hashes, 2);
        path.push_back(Digest());
        CHECK(root_command({2, 5, path}).error() == Errc::proof_mismatch);
        path.resize(path.size() - 2);
        CHECK(root_command({2, 5, path}).error() == Errc::proof_mismatch);
        CHECK(root_command({0, 1, {Digest()}}).error() == Errc::proof_mismatch);
    }

    TEST_CASE("the second moment that openssl is given is that of the entry") {
        // 2026-01-01T00:00:00.999Z
        const UtcTime time(std::chrono::milliseconds(1'767'225'600'999));
        CHECK(statement_command(time).ends_with(" -attime 1767225600"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "fetch saves the proof beside the attachments") {
        asked_notice(R"(,"attachments":[])");
        const std::vector<std::string> leaves = leaves_of(3);
        const std::vector<Digest> path = crypto::tree_path(hashes_of(leaves), 0);
        const std::string answer =
            R"({"index":12,"time":"2026-01-01T00:00:00.000Z","notice":")" +
            to_base64(as_bytes(leaves[0])) + R"(","statement":")" +
            to_base64(as_bytes(vector_file("batch-3.p7s"))) +
            R"(","signer":"-----BEGIN CERTIFICATE-----\n","position":0,"count":3,"path":[")" +
            path[0].base64() + R"(",")" + path[1].base64() + R"("]})";
        daemon.answer("GET /v1/notices/12/proof", {200, answer});
        const std::filesystem::path out = daemon.folder() / "out";
        const CommandOutcome run = run_with(daemon, {"fetch", "12", "--proof", "--out", out});
        CHECK_MESSAGE(run.exit_code == 0, run.messages);
        std::string expected;
        for (const std::string name : {"notice.json", "statement.p7s", "signer.pem", "path.txt"}) {
            expected += (out / name).string() + '\n';
        }
        CHECK(run.output == expected);
        CHECK(has(run.messages, "openssl cms -verify -cades "));
        CHECK(has(run.messages, *root_command({0, 3, path})));
        std::ifstream saved(out / "path.txt");
        const std::string text{std::istreambuf_iterator<char>(saved),
                               std::istreambuf_iterator<char>()};
        CHECK(text == "position 0\ncount 3\n" + path[0].base64() + '\n' + path[1].base64() + '\n');

        // The same again is no fault, another notice's proof does not take its place.
        CHECK(run_with(daemon, {"fetch", "12", "--proof", "--out", out}).exit_code == 0);
        daemon.answer("GET /v1/notices/12/proof",
                      {200, R"({"time":"2026-01-01T00:00:00.000Z","notice":"AAAA",)"
                            R"("statement":"AAAA","signer":"","position":0,"count":1,"path":[]})"});
        // The fake gives its answers one after the other: the first is used up.
        static_cast<void>(run_with(daemon, {"fetch", "12", "--proof", "--out", out}));
        const CommandOutcome other = run_with(daemon, {"fetch", "12", "--proof", "--out", out});
        CHECK(other.exit_code == 1);
        CHECK(has(other.messages, "notice.json"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "a batch of one has no path to save") {
        asked_notice(R"(,"attachments":[])");
        daemon.answer(
            "GET /v1/notices/12/proof",
            {200, R"({"time":"2026-01-01T00:00:00.000Z","notice":"AAAA",)"
                  R"("statement":"AAAA","signer":"x","position":0,"count":1,"path":[]})"});
        const std::filesystem::path out = daemon.folder() / "out";
        CHECK(run_with(daemon, {"fetch", "12", "--proof", "--out", out}).exit_code == 0);
        CHECK_FALSE(std::filesystem::exists(out / "path.txt"));
        CHECK(std::filesystem::file_size(out / "notice.json") == 3);
    }

    TEST_CASE_FIXTURE(DaemonStage, "a proof that can't be read saves nothing") {
        asked_notice(R"(,"attachments":[])");
        daemon.answer(
            "GET /v1/notices/12/proof",
            {200, R"({"time":"2026-01-01T00:00:00.000Z","notice":"AAAA",)"
                  R"("statement":"AAAA","signer":"x","position":1,"count":1,"path":[]})"});
        const std::filesystem::path out = daemon.folder() / "out";
        CHECK(run_with(daemon, {"fetch", "12", "--proof", "--out", out}).exit_code == 4);
        CHECK_FALSE(std::filesystem::exists(out / "notice.json"));
    }
}
