#include "tests/integration/live_sandbox.hpp"
#include "tests/integration/process_memory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <string>

using namespace tongbao::testing;

namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kAttachment = 64 * kKiB * kKiB;

/// Lets the most begin anew. Only root may, since our programs let nobody look into them; for
/// others the most since the start counts, which is stricter.
void reset_peak(std::int64_t pid) {
    std::ofstream("/proc/" + std::to_string(pid) + "/clear_refs") << 5;
}

}  // namespace

TEST_SUITE("large attachments") {
    TEST_CASE("64 MiB pass from unit to unit while hub and daemons grow by less than 16 MiB") {
        const LiveSandbox sandbox("guangdong-2020");
        const auto big = sandbox.folder() / "big.bin";
        {
            std::ofstream file(big, std::ios::binary);
            const std::string piece(kKiB * kKiB, 'x');
            for (std::uint64_t written = 0; written < kAttachment; written += piece.size()) {
                file << piece;
            }
        }
        const Json file = sandbox.file();
        const std::int64_t hub = file.at("hub").at("pid");
        const std::int64_t sender = file.at("units").at("hsa").at("pid");
        const std::int64_t recipient = file.at("units").at("police").at("pid");
        std::uint64_t before[3];
        const std::int64_t processes[3] = {hub, sender, recipient};
        for (int i = 0; i < 3; ++i) {
            reset_peak(processes[i]);
            before[i] = memory_kib(processes[i], "VmRSS:");
        }
        const std::string id =
            sandbox.send_endorsed("hsa",
                                  "send --kind campaign_plan --to police --field summary=x --field "
                                  "from_date=2026-03-01 --field to_date=2026-04-01 --attach plan=" +
                                      big.string(),
                                  {"issuer"});
        static_cast<void>(sandbox.wait_for_inbox("police", 1));
        const auto fetched = sandbox.folder() / "fetched";
        CHECK(sandbox.as("police", "fetch " + id + " --out " + fetched.string()).exit_code == 0);
        bool whole = false;
        for (const auto& item : std::filesystem::directory_iterator(fetched)) {
            whole = whole || item.file_size() == kAttachment;
        }
        CHECK(whole);
        if (TONGBAO_SANITIZED) {
            MESSAGE("memory is not measured under a sanitizer, which keeps what was freed");
            return;
        }
        for (int i = 0; i < 3; ++i) {
            INFO("process ", i, " of hub, sender, recipient: ", before[i], " KiB before");
            CHECK(memory_kib(processes[i], "VmHWM:") < before[i] + 16 * kKiB);
        }
    }

    TEST_CASE("one byte more than 64 MiB is refused by name - nothing is sent") {
        const LiveSandbox sandbox("guangdong-2020");
        const auto big = sandbox.folder() / "big.bin";
        std::ofstream(big, std::ios::binary).close();
        std::filesystem::resize_file(big, kAttachment + 1);
        const CommandResult refused =
            sandbox.as("hsa",
                       "send --kind campaign_plan --to police --field summary=x --field "
                       "from_date=2026-03-01 --field to_date=2026-04-01 --attach plan=" +
                           big.string());
        INFO(refused.output);
        CHECK(refused.exit_code != 0);
        CHECK(refused.output.find("67108865 bytes; an attachment has at most 67108864") !=
              std::string::npos);
    }
}
