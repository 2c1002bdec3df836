#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The table of docs/ARCHITECTURE.md, "Where things live", as a test: who may include whom.

namespace {

using Names = std::set<std::string>;

const std::filesystem::path kRoot = tongbao::testing::source_dir();

/// What a folder may include of ours, besides itself.
const std::map<std::string, Names> kOurs{
    {"domain", {}},
    {"crypto", {"domain"}},
    {"protocol", {"domain"}},
    {"storage", {"domain"}},
    {"transport", {"domain", "crypto"}},
    {"program", {"domain", "crypto", "transport"}},
    {"hub", {"domain", "crypto", "protocol", "storage", "transport", "program"}},
    {"client", {"domain", "crypto", "protocol", "storage", "transport", "program"}},
};

/// Libraries by the way their headers are named, and the folders that may include them.
struct Library {
    std::string pattern;
    Names folders;
};

const std::vector<Library> kLibraries{
    {"^openssl/types\\.h$", {"crypto", "transport"}},
    {"^openssl/", {"crypto", "transport"}},
    {"^(lz4|rocksdb|sqlite3)", {"storage"}},
    {"^(nlohmann/|simdjson)", {"protocol"}},
    // Another Boost library has to be added here before anybody includes it.
    {"^boost/", {}},
    {"^boost/system/",
     {"domain", "crypto", "protocol", "storage", "transport", "program", "hub", "client"}},
    {"^boost/beast", {"transport"}},
    {"^boost/asio/(ip/|local/|ssl|ts/|basic_socket|connect|read|write)", {"transport"}},
    {"^boost/asio", {"transport", "program", "hub", "client"}},
    {"^toml\\+\\+", {"program"}},
    {"^spdlog", {"program"}},
    {"^CLI/", {"program", "client"}},
    {"^cctz/", {"program"}},
};

std::vector<std::filesystem::path> sources_of(const std::string& folder) {
    std::vector<std::filesystem::path> sources;
    for (const auto& item : std::filesystem::recursive_directory_iterator(kRoot / folder)) {
        const auto extension = item.path().extension();
        if (extension == ".cpp" || extension == ".hpp") sources.push_back(item.path());
    }
    return sources;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// The folders that may include a library's header; everybody where none is named.
const Names* folders_for(const std::string& header) {
    const Names* found = nullptr;
    for (const Library& library : kLibraries) {
        // The last pattern that matches counts: the general before the particular.
        if (std::regex_search(header, std::regex(library.pattern))) found = &library.folders;
    }
    return found;
}

/// Whether a source of `folder` may have this line; every line but an include may stand anywhere.
bool may_have(const std::string& folder, const std::string& line) {
    static const std::regex kInclude("^\\s*#\\s*include\\b");
    static const std::regex kOwn("^#include \"([a-z]+)/[^\"]*\"");
    static const std::regex kForeign("^#include <([^>]+)>");
    std::smatch match;
    if (std::regex_search(line, match, kOwn)) {
        return match[1] == folder || kOurs.at(folder).contains(match[1]);
    }
    if (std::regex_search(line, match, kForeign)) {
        const Names* const folders = folders_for(match[1]);
        return folders == nullptr || folders->contains(folder);
    }
    // Includes are written from the project's root, in one way only.
    return !std::regex_search(line, kInclude);
}

/// What of a line is code; a string that holds `//` is cut too, which does no harm here.
std::string code_of(const std::string& line) {
    const std::string code = line.substr(0, line.find("//"));
    const std::size_t end = code.find_last_not_of(" \t");
    return end == std::string::npos ? "" : code.substr(0, end + 1);
}

/// Whether a statement begins with co_await in that line, so that its result is dropped.
bool drops_result(const std::vector<std::string>& lines, std::size_t at) {
    static const std::regex kAfterControl(
        "^\\s*((if|for|while|switch)\\b.*\\)|else|do|\\{|\\}.*|case .*:|default:) ?co_await\\b");
    static const std::regex kBegins("^\\s*co_await\\b");
    static const std::regex kControl("^\\s*(\\} )?(else|(if|for|while|switch)\\b.*\\))$");
    const std::string code = code_of(lines[at]);
    if (std::regex_search(code, kAfterControl)) return true;
    if (!std::regex_search(code, kBegins)) return false;
    std::string before;
    for (std::size_t i = at; i > 0 && before.empty(); --i) before = code_of(lines[i - 1]);
    // A line that goes on with the expression before it begins no statement.
    if (before.empty() || std::string_view(";{}:)").find(before.back()) != std::string_view::npos) {
        return true;
    }
    return std::regex_search(before, kControl);
}

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("no folder includes what the table of dependencies does not allow") {
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                for (const std::string& line : lines_of(path)) {
                    INFO(path.string(), ": ", line);
                    CHECK(may_have(folder, line));
                }
            }
        }
    }

    TEST_CASE("every folder of sources is in the table") {
        for (const auto& item : std::filesystem::directory_iterator(kRoot)) {
            if (!item.is_directory()) continue;
            const std::string name = item.path().filename();
            if (name == "build" || name == "tests" || name.starts_with('.')) continue;
            const bool has_sources = !sources_of(name).empty();
            INFO(name);
            CHECK((!has_sources || kOurs.contains(name)));
        }
    }

    TEST_CASE("the reader of includes knows what the table forbids") {
        CHECK(may_have("hub", "#include \"storage/hub_store.hpp\""));
        CHECK(may_have("domain", "#include <vector>"));
        CHECK(may_have("domain", "#include <boost/system/result.hpp>"));
        for (const std::string line :
             {"#include \"crypto/sha256.hpp\"", "#include \"sha256.hpp\"",
              "#include \"../crypto/sha256.hpp\"", "# include \"crypto/sha256.hpp\"",
              "#include <boost/json.hpp>", "#include <boost/asio/awaitable.hpp>",
              "#include <openssl/evp.h>", "#include <nlohmann/json.hpp>"}) {
            CAPTURE(line);
            CHECK_FALSE(may_have("domain", line));
        }
        CHECK_FALSE(may_have("client", "#include \"hub/hub.hpp\""));
        CHECK_FALSE(may_have("hub", "#include <boost/beast/core/error.hpp>"));
    }

    TEST_CASE("no statement begins with co_await - its result would be dropped unseen") {
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                const std::vector<std::string> lines = lines_of(path);
                for (std::size_t i = 0; i < lines.size(); ++i) {
                    INFO(path.string(), ":", i + 1);
                    CHECK_FALSE(drops_result(lines, i));
                }
            }
        }
    }

    TEST_CASE("the search for dropped results knows every way to hide one") {
        const std::vector<std::vector<std::string>> dropped{
            {"    f();", "    co_await g();"},
            {"    f();", "", "    // why", "    co_await g();"},
            {"    f();  // why", "    co_await g();"},
            {"    if (x)", "        co_await g();"},
            {"    } else", "        co_await g();"},
            {"        case 1:", "            co_await g();"},
            {"    f(x);", "    co_await(g());"},
            {"    if (x) co_await g();"},
            {"    for (;;) co_await g();"},
            {"    else co_await g();"},
            {"    { co_await g(); }"}};
        for (const std::vector<std::string>& lines : dropped) {
            CAPTURE(lines.front());
            CHECK(drops_result(lines, lines.size() - 1));
        }
        const std::vector<std::vector<std::string>> bound{
            {"    const Result<void> done =", "        co_await g();"},
            {"    const auto done = f(a,", "                        co_await g());"},
            {"    if (!co_await g()) co_return co_await h();"},
            {"    const Result<void> done = co_await g();"},
            {"    // co_await g();"}};
        for (const std::vector<std::string>& lines : bound) {
            CAPTURE(lines.front());
            CHECK_FALSE(drops_result(lines, lines.size() - 1));
        }
    }

    TEST_CASE("no file of ours has more than 400 lines") {
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                INFO(path.string());
                CHECK(lines_of(path).size() <= 400);
            }
        }
    }

    TEST_CASE("no province and no unit of the shipped charters is named in code") {
        const std::regex named(
            "\\b(hsa|police|procuratorate|[Gg]uangdong|[Jj]ilin)\\b"
            "|\"(health|market|drug|finance)\"");
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                for (const std::string& line : lines_of(path)) {
                    INFO(path.string(), ": ", line);
                    CHECK_FALSE(std::regex_search(code_of(line), named));
                }
            }
        }
    }
}
