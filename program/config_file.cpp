#include "program/config_file.hpp"

#include "domain/bytes.hpp"
#include "program/files.hpp"

#include <toml++/toml.h>

#include <set>

namespace tongbao::program {
namespace {

constexpr std::size_t kMaxConfigBytes = 1024 * 1024;

std::string at(const std::filesystem::path& path, const toml::source_region& where) {
    // A table that is not there begins nowhere.
    const toml::source_position begin = where.begin ? where.begin : toml::source_position{1, 1};
    return path.string() + ':' + std::to_string(begin.line) + ':' + std::to_string(begin.column) +
           ": ";
}

}  // namespace

struct ConfigTable::File {
    std::filesystem::path path;
    toml::table root;
    std::vector<std::string> faults;
};

struct ConfigTable::Table {
    /// Borrowed from File::root: a copy of a table forgets where it stood.
    const toml::table* data;
    std::string name;
    std::set<std::string, std::less<>> read;
};

ConfigTable::ConfigTable(std::shared_ptr<File> file, std::shared_ptr<Table> table)
    : file_(std::move(file)), table_(std::move(table)) {}

bool ConfigTable::has(std::string_view key) const {
    return table_->data->contains(key);
}

void ConfigTable::fault(std::string_view key, std::string_view words) {
    const toml::node* const node = table_->data->get(key);
    const std::string place =
        at(file_->path, node != nullptr ? node->source() : table_->data->source());
    const std::string name =
        table_->name.empty() ? std::string(key) : table_->name + '.' + std::string(key);
    file_->faults.push_back(place + name + ": " + std::string(words));
}

template <typename T>
std::optional<T> ConfigTable::value(std::string_view key, std::string_view type, bool required) {
    table_->read.emplace(key);
    const toml::node* const node = table_->data->get(key);
    if (node == nullptr) {
        if (required) fault(key, "is missing");
        return std::nullopt;
    }
    std::optional<T> found = node->value_exact<T>();
    if (!found) fault(key, "must be " + std::string(type));
    return found;
}

std::string ConfigTable::text(std::string_view key) {
    const auto found = value<std::string>(key, "a string", true);
    if (found && found->empty()) fault(key, "may not be empty");
    return found.value_or("");
}

std::string ConfigTable::text(std::string_view key, std::string_view otherwise) {
    return value<std::string>(key, "a string", false).value_or(std::string(otherwise));
}

std::int64_t ConfigTable::integer(std::string_view key, std::int64_t low, std::int64_t high,
                                  std::optional<std::int64_t> otherwise) {
    const auto found = value<std::int64_t>(key, "an integer", !otherwise);
    if (found && (*found < low || *found > high)) {
        fault(key, "must be from " + std::to_string(low) + " to " + std::to_string(high));
        return otherwise.value_or(low);
    }
    return found.value_or(otherwise.value_or(low));
}

bool ConfigTable::boolean(std::string_view key, bool otherwise) {
    return value<bool>(key, "true or false", false).value_or(otherwise);
}

std::optional<std::filesystem::path> ConfigTable::optional_path(std::string_view key) {
    const auto found = value<std::string>(key, "a path", false);
    if (!found) return std::nullopt;
    if (found->empty()) fault(key, "may not be empty");
    return file_->path.parent_path() / *found;
}

std::filesystem::path ConfigTable::path(std::string_view key) {
    if (!has(key)) {
        table_->read.emplace(key);
        fault(key, "is missing");
        return {};
    }
    return optional_path(key).value_or(std::filesystem::path());
}

ConfigTable ConfigTable::table(std::string_view key, bool required) {
    table_->read.emplace(key);
    static const toml::table kEmpty;
    auto inner = std::make_shared<Table>();
    inner->data = &kEmpty;
    inner->name = table_->name.empty() ? std::string(key) : table_->name + '.' + std::string(key);
    const toml::node* const node = table_->data->get(key);
    if (node == nullptr) {
        if (required) fault(key, "the table is missing");
    } else if (const toml::table* const data = node->as_table()) {
        inner->data = data;
    } else {
        fault(key, "must be a table");
    }
    return ConfigTable(file_, std::move(inner));
}

void ConfigTable::finish() {
    for (const auto& [key, node] : *table_->data) {
        if (!table_->read.contains(key.str())) fault(key.str(), "is not a key that is known here");
    }
}

ConfigFile ConfigFile::read(const std::filesystem::path& path) {
    ConfigFile config;
    config.file_ = std::make_shared<ConfigTable::File>();
    config.file_->path = std::filesystem::absolute(path).lexically_normal();
    config.root_ = std::make_shared<ConfigTable::Table>();
    config.root_->data = &config.file_->root;
    const Result<std::string> text = read_file(path, kMaxConfigBytes);
    if (!text) {
        config.file_->faults.push_back(path.string() + ": can't be read");
        return config;
    }
    try {
        config.file_->root = toml::parse(*text, config.file_->path.string());
    } catch (const toml::parse_error& error) {
        config.file_->faults.push_back(at(config.file_->path, error.source()) +
                                       std::string(error.description()));
    }
    return config;
}

ConfigTable ConfigFile::root() {
    return ConfigTable(file_, root_);
}

const std::vector<std::string>& ConfigFile::faults() const {
    return file_->faults;
}

}  // namespace tongbao::program
