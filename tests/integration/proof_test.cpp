#include "client/sandbox/process.hpp"
#include "tests/integration/live_sandbox.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace tongbao::testing;

namespace {

/// Fetches the proof as `unit` and does with OpenSSL what the command says.
void check_proof(const LiveSandbox& sandbox, const std::string& unit, const std::string& id,
                 const TestDirectory& stranger) {
    const CommandResult fetched =
        sandbox.as(unit, "fetch " + id + " --proof --out '" + stranger.path().string() + '\'');
    REQUIRE_MESSAGE(fetched.exit_code == 0, fetched.output);
    std::filesystem::copy_file(sandbox.file().at("ca_file").get<std::string>(),
                               stranger.path() / "trust.pem",
                               std::filesystem::copy_options::overwrite_existing);
    const std::size_t first = fetched.output.find("openssl cms -verify -cades ");
    const std::size_t second = fetched.output.find("(printf ");
    REQUIRE(first != std::string::npos);
    REQUIRE(second != std::string::npos);
    const auto line = [&fetched](std::size_t at) {
        return fetched.output.substr(at, fetched.output.find('\n', at) - at);
    };
    const CommandResult statement = stranger.run(line(first) + " 2>/dev/null");
    CHECK_MESSAGE(statement.exit_code == 0, statement.output);
    CHECK(statement.output.find("signer spiffe://") != std::string::npos);
    const CommandResult root = stranger.run(line(second));
    CHECK(root.exit_code == 0);
    CHECK(statement.output.ends_with("root " + root.output));

    // One byte of the notice changed leads elsewhere.
    std::string notice = stranger.read("notice.json");
    notice[notice.size() / 2] ^= 1;
    stranger.write("notice.json", notice);
    CHECK(stranger.run(line(second)).output != root.output);
}

/// Has `unit` save the proof that the notice was logged, which then holds without anybody's help.
void check_logged(const LiveSandbox& sandbox, const std::string& unit, const std::string& id) {
    const TestDirectory stranger("logged-of-" + unit);
    const std::string file = (stranger.path() / "entry.tlog-proof").string();
    REQUIRE(sandbox.as(unit, "proof " + id + " --out '" + file + '\'').exit_code == 0);
    REQUIRE(sandbox.as(unit, "fetch " + id + " --proof --out '" + stranger.path().string() + '\'')
                .exit_code == 0);
    const std::string key = sandbox.file().at("log_vkey");
    const std::string verify = "proof verify '" + file + "' --log-key '" + key + '\'';
    const std::string notice = (stranger.path() / "notice.json").string();
    const CommandResult verified = sandbox.tongbao(verify + " --notice '" + notice + '\'');
    CHECK_MESSAGE(verified.exit_code == 0, verified.output);
    stranger.write("notice.json", stranger.read("notice.json") + ' ');
    CHECK(sandbox.tongbao(verify + " --notice '" + notice + '\'').exit_code == 1);
}

}  // namespace

TEST_SUITE("proof for a stranger") {
    TEST_CASE("what sender and recipient save is verified by openssl alone") {
        const LiveSandbox sandbox("guangdong-2020");
        const std::string id =
            sandbox.json_as("hsa", "send --kind agenda_item --field summary=x").at("id");
        static_cast<void>(sandbox.wait_for_inbox("office", 1));
        for (const std::string unit : {"hsa", "office"}) {
            const TestDirectory stranger("proof-of-" + unit);
            check_proof(sandbox, unit, id, stranger);
            CHECK_FALSE(std::filesystem::exists(stranger.path() / "path.txt"));
            check_logged(sandbox, unit, id);
        }
        // Nobody else's: the same answer as for one that does not exist.
        CHECK(sandbox.as("police", "fetch " + id + " --proof --out /nowhere").exit_code == 1);
    }

    TEST_CASE("a notice of a batch of several is proved without the others") {
        const LiveSandbox sandbox("guangdong-2020");
        const Json hub = sandbox.file().at("hub");
        const tongbao::client::ProcessId process{hub.at("pid"), hub.at("started")};
        tongbao::client::ask_to_end(process);
        REQUIRE(tongbao::client::wait_for_end(process, std::chrono::seconds(20)));
        // They wait in the outbox together and go out as one batch.
        std::string last;
        for (const std::string number : {"1", "2", "3"}) {
            last =
                sandbox
                    .json_as("hsa", "send --no-wait --kind agenda_item --field summary=" + number)
                    .at("id");
        }
        sandbox.up();
        static_cast<void>(sandbox.wait_for_inbox("office", 3));
        const TestDirectory stranger("proof-of-batch");
        check_proof(sandbox, "office", last, stranger);
        CHECK(stranger.read("path.txt").starts_with("position 2\ncount 3\n"));
    }
}
