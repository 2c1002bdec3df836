#pragma once

#include "domain/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::program {

/// A table of a configuration file (TOML 1.0), read key by key and wholly: what is not asked for is
/// a fault, so that a misspelt key never passes for a default. Faults are collected, each as
/// `file:line:column: words`, what is missing where its table begins; the values answered meanwhile
/// are the defaults.
class ConfigTable {
public:
    /// What all tables of one file share.
    struct File;

    [[nodiscard]] std::string text(std::string_view key);
    [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise);
    /// From `low` to `high`; without `otherwise` it must be there.
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high,
                                       std::optional<std::int64_t> otherwise = std::nullopt);
    [[nodiscard]] bool boolean(std::string_view key, bool otherwise);
    /// A path; a relative one is taken from the configuration file's folder.
    [[nodiscard]] std::filesystem::path path(std::string_view key);
    [[nodiscard]] std::optional<std::filesystem::path> optional_path(std::string_view key);
    /// A table inside this one; an empty one if it is missing, which is a fault if `required`.
    [[nodiscard]] ConfigTable table(std::string_view key, bool required = true);
    [[nodiscard]] bool has(std::string_view key) const;

    /// A fault at a key that the caller found wrong.
    void fault(std::string_view key, std::string_view words);

    /// Every key must have been asked for: call it last, for each table.
    void finish();

private:
    friend class ConfigFile;
    struct Table;
    explicit ConfigTable(std::shared_ptr<File> file, std::shared_ptr<Table> table);

    template <typename T>
    std::optional<T> value(std::string_view key, std::string_view type, bool required);

    std::shared_ptr<File> file_;
    std::shared_ptr<Table> table_;
};

/// A configuration file as a whole.
class ConfigFile {
public:
    /// Reads the file; one that can't be read or parsed has that fault and an empty root.
    [[nodiscard]] static ConfigFile read(const std::filesystem::path& path);

    [[nodiscard]] ConfigTable root();
    [[nodiscard]] const std::vector<std::string>& faults() const;

private:
    std::shared_ptr<ConfigTable::File> file_;
    std::shared_ptr<ConfigTable::Table> root_;
};

}  // namespace tongbao::program
