#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

// The table of docs/ARCHITECTURE.md, "Where things live", as a test: who may include whom.

namespace {

using Names = std::set<std::string>;

const std::filesystem::path kRoot = TONGBAO_SOURCE_DIR;

/// What a folder may include of ours, besides itself.
const std::map<std::string, Names> kOurs{
    {"domain", {}},
    {"crypto", {"domain"}},
    {"protocol", {"domain"}},
    {"storage", {"domain"}},
    {"transport", {"domain"}},
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
    {"^(rocksdb|sqlite3)", {"storage"}},
    {"^(nlohmann/|simdjson)", {"protocol"}},
    {"^boost/(system/|)",
     {"domain", "crypto", "protocol", "storage", "transport", "program", "hub", "client"}},
    {"^boost/beast", {"transport"}},
    {"^boost/asio/(ip/|local/|ssl|ts/|basic_socket|connect|read|write)", {"transport"}},
    {"^boost/asio", {"transport", "program", "hub", "client"}},
    {"^toml\\+\\+", {"program"}},
    {"^spdlog", {"program"}},
    {"^CLI/", {"program", "client"}},
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

void check_include(const std::filesystem::path& path, const std::string& folder,
                   const std::string& line) {
    static const std::regex kOwn("^#include \"([a-z]+)/[^\"]*\"");
    static const std::regex kForeign("^#include <([^>]+)>");
    std::smatch match;
    INFO(path.string(), ": ", line);
    if (std::regex_search(line, match, kOwn)) {
        const std::string target = match[1];
        const bool allowed = target == folder || kOurs.at(folder).contains(target);
        CHECK(allowed);
    } else if (std::regex_search(line, match, kForeign)) {
        const Names* const folders = folders_for(match[1]);
        const bool allowed = folders == nullptr || folders->contains(folder);
        CHECK(allowed);
    }
}

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("no folder includes what the table of dependencies does not allow") {
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                for (const std::string& line : lines_of(path)) check_include(path, folder, line);
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

    TEST_CASE("no statement begins with co_await - its result would be dropped unseen") {
        const std::regex begins("^ *co_await ");
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                const std::vector<std::string> lines = lines_of(path);
                for (std::size_t i = 0; i < lines.size(); ++i) {
                    if (!std::regex_search(lines[i], begins)) continue;
                    // A line that goes on with the statement before it is none of its own.
                    const std::string before = i == 0 ? "" : lines[i - 1];
                    const bool continued = !before.empty() && before.back() != ';' &&
                                           before.back() != '{' && before.back() != '}';
                    INFO(path.string(), ":", i + 1);
                    CHECK(continued);
                }
            }
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
            "\"(hsa|police|health|market|drug|procuratorate|finance|guangdong-2020|jilin)\"");
        for (const auto& [folder, allowed] : kOurs) {
            for (const auto& path : sources_of(folder)) {
                for (const std::string& line : lines_of(path)) {
                    if (line.find("//") != std::string::npos) continue;
                    INFO(path.string(), ": ", line);
                    CHECK_FALSE(std::regex_search(line, named));
                }
            }
        }
    }
}
