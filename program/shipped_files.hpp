#pragma once

#include "domain/reason.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::program {

/// What belongs to an installation or a build tree, found from where the running program lies:
/// programs beside it; the folders `charters` and `calendars` in `../../../domain` (a build tree,
/// `build/<preset>/bin`) or in `../share/tongbao` (an installation).
class ShippedFiles {
public:
    /// Of the running program.
    [[nodiscard]] static ShippedFiles beside_this_program();

    explicit ShippedFiles(std::filesystem::path programs,
                          std::vector<std::filesystem::path> data_folders);

    /// Errors: Errc::not_found, with where it was looked for.
    [[nodiscard]] Checked<std::filesystem::path> program(std::string_view name) const;

    /// The file of a charter: a shipped one by its name (`guangdong-2020`), else the file that the
    /// text is a path of.
    ///
    /// Errors: Errc::not_found, which names those that are shipped.
    [[nodiscard]] Checked<std::filesystem::path> charter(std::string_view name_or_file) const;

    /// The folder of a calendar: a shipped one by its name (`cn-state-council`), else the folder
    /// that the text is a path of.
    ///
    /// Errors: Errc::not_found, which names those that are shipped.
    [[nodiscard]] Checked<std::filesystem::path> calendar(std::string_view name_or_folder) const;

private:
    /// The names of what lies in `kind` of the data folders, without `extension`.
    [[nodiscard]] std::string shipped(std::string_view kind, std::string_view extension) const;

    std::filesystem::path programs_;
    std::vector<std::filesystem::path> data_folders_;
};

}  // namespace tongbao::program
