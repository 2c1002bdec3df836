#include "tests/bench/stage.hpp"

#include "tests/support/project_paths.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace tongbao::bench {
namespace {

using testing::Json;

constexpr const char* kEighth = "eighth";

/// A folder for the charter, removed when the sandbox has read it.
class CharterFile {
public:
    CharterFile() {
        std::string name = "/tmp/tongbao-bench.XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("can't make a folder");
        folder_ = name;
        std::ofstream(path()) << open_charter().dump();
    }
    ~CharterFile() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    CharterFile(const CharterFile&) = delete;
    CharterFile& operator=(const CharterFile&) = delete;
    CharterFile(CharterFile&&) = delete;
    CharterFile& operator=(CharterFile&&) = delete;

    [[nodiscard]] std::string path() const { return (folder_ / "charter.json").string(); }

private:
    static Json open_charter() {
        std::ifstream shipped(testing::source_dir() + "/domain/charters/guangdong-2020.json");
        Json charter = Json::parse(shipped);
        Json& units = charter.at("units");
        for (std::size_t i = 0; i < units.size(); ++i) {
            if (units[i].at("id") != "drug") continue;
            Json eighth = units[i];
            eighth["id"] = kEighth;
            units.push_back(std::move(eighth));
            break;
        }
        Json everybody = seven_others();
        everybody.push_back(kOne);
        for (Json& kind : charter.at("kinds")) {
            if (kind.at("id") != kKind) continue;
            kind["from"] = everybody;
            kind["to"] = everybody;
        }
        return charter;
    }

    std::filesystem::path folder_;
};

}  // namespace

const std::vector<std::string>& seven_others() {
    static const std::vector<std::string> kUnits{"hsa",    "police", "health", "audit",
                                                 "market", "drug",   kEighth};
    return kUnits;
}

Stage::Stage() : sandbox_(CharterFile().path()), file_(sandbox_.file()) {}

pid_t Stage::hub() const {
    return file_.at("hub").at("pid").get<pid_t>();
}

pid_t Stage::daemon(const std::string& unit) const {
    return file_.at("units").at(unit).at("pid").get<pid_t>();
}

std::string Stage::socket(const std::string& unit) const {
    return file_.at("units").at(unit).at("socket").get<std::string>();
}

}  // namespace tongbao::bench
