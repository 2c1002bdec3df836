#include "domain/bytes.hpp"
#include "tests/crypto/rfc6962.hpp"
#include "tests/integration/live_sandbox.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

/// The entries of all bundles below `folder`, each after its length in two bytes, of which there
/// are `size`: full bundles, then a partial one.
std::vector<std::string> entries_in(const std::filesystem::path& folder, std::size_t size) {
    std::vector<std::string> entries;
    for (std::size_t number = 0; number * 256 < size; ++number) {
        const std::size_t width = std::min<std::size_t>(256, size - number * 256);
        std::string name = "00" + std::to_string(number);
        if (width < 256) name += ".p/" + std::to_string(width);
        std::string rest = log_text(folder / "tile" / "entries" / name);
        while (!rest.empty()) {
            const std::size_t length = static_cast<unsigned char>(rest.at(0)) * 256U +
                                       static_cast<unsigned char>(rest.at(1));
            entries.push_back(rest.substr(2, length));
            rest.erase(0, 2 + length);
        }
    }
    return entries;
}

/// Compares the copy with RFC 6962 applied to the bytes of its entries, which knows nothing of our
/// tiles. Returns its size.
std::size_t check_by_rfc(const std::filesystem::path& folder) {
    std::istringstream note(read_text(folder / "checkpoint"));
    std::string origin;
    std::string size;
    std::string root;
    std::getline(note, origin);
    std::getline(note, size);
    std::getline(note, root);
    const std::vector<std::string> entries = entries_in(folder, std::stoul(size));
    CHECK(std::to_string(entries.size()) == size);
    CHECK(tongbao::to_base64(tongbao::crypto::test::rfc6962::mth(entries).bytes()) == root);
    return entries.size();
}

}  // namespace

TEST_SUITE("a copy of the log") {
    TEST_CASE("a log auditor's copy grows with the log and verifies without the hub") {
        const LiveSandbox sandbox("guangdong-2020");
        const std::string where = " --sandbox " + (sandbox.folder() / "s").string();
        const std::filesystem::path copy = sandbox.folder() / "copy";
        const std::string mirror = "audit mirror --to " + copy.string() + where;
        const CommandResult first = sandbox.tongbao(mirror);
        INFO(first.output);
        CHECK(first.exit_code == 0);
        const std::size_t before = check_by_rfc(copy);
        // With those of their arrival more than a tile.
        for (std::size_t i = 0; i < 260; ++i) send_numbered(sandbox, "hsa", i);
        static_cast<void>(sandbox.wait_for_inbox("office", 260));
        const CommandResult second = sandbox.tongbao(mirror);
        INFO(second.output);
        CHECK(second.exit_code == 0);
        CHECK(check_by_rfc(copy) >= before + 260);

        sandbox.down();
        const CommandResult verified = sandbox.tongbao("audit verify " + copy.string() + where);
        INFO(verified.output);
        CHECK(verified.exit_code == 0);
        // A unit that may not read the log gets no copy either.
        sandbox.up();
        const std::filesystem::path none = sandbox.folder() / "none";
        CHECK(
            sandbox.tongbao("audit mirror --unit police --to " + none.string() + where).exit_code ==
            1);
        CHECK_FALSE(std::filesystem::exists(none / "tile"));
        CHECK_FALSE(std::filesystem::exists(none / "incoming" / "tile" / "entries"));
    }
}
